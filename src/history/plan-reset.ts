import { dnKey, equalDn, isWithin } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { doomedEntries, type Doomed } from './doomed-entries.ts';
import type { RecordedRun } from './journal.ts';
import { observeEntries } from './observe-entries.ts';
import { ownedEntries } from './owned-entries.ts';
import { registryDn } from './registry.ts';
import { takeBack } from './take-back.ts';
import { UndoneDirectory } from './undone-directory.ts';

export interface ResetTarget {
  readonly suffix: string;
  /** The runs on this server, latest first. */
  readonly runs: readonly RecordedRun[];
}

/**
 * Takes away all that the tool made below a suffix: what the registry lists, and what the journals tell of, as long as it
 * is, but for what later runs changed, what it was when it was made.
 */
export async function planReset(session: Session, { suffix, runs }: ResetTarget): Promise<Doomed> {
  const registry = registryDn(suffix);
  const { owned, others } = await ownedEntries(session, registry);
  const records = runs
    .filter(({ state }) => state !== 'undone')
    .flatMap((run) => run.records.toReversed())
    .filter((record) => record.kind !== 'file')
    .filter(({ kind, dn }) => !IN_CONFIG.has(kind) && isWithin(dn, suffix));
  const entries = await observeEntries(
    session,
    records.map(({ dn }) => dn),
  );
  const state = new UndoneDirectory(entries);
  for (const record of records) takeBack(record, state);
  const made = state.changes().filter(({ kind }) => kind === 'delete-entry');
  const known = new Set(owned.map(({ dn }) => dnKey(dn)));
  const fromJournal = made.flatMap(({ dn }) => {
    const entry = known.has(dnKey(dn)) ? undefined : entries.get(dnKey(dn));
    return entry === undefined ? [] : [entry];
  });
  const doomed = await doomedEntries(session, [...owned, ...fromJournal], (dn) => equalDn(dn, registry));
  const kept = [
    ...others.map((dn) => `${dn} stays: others have made it again, or moved it there.`),
    ...records
      .filter(
        ({ kind, dn }) => kind === 'add-entry' && state.entry(dn) !== undefined && !known.has(dnKey(dn)),
      )
      .map(({ dn, label }) => `${dn} (${label}) stays: it is not as it was made.`),
  ];
  return { ...doomed, kept: [...new Set([...kept, ...doomed.kept])] };
}

const IN_CONFIG: ReadonlySet<string> = new Set(['add-schema', 'modify-schema', 'modify-config']);
