import { dnKey, equalDn, isWithin } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import type { Change } from '../plan/change.ts';
import { doomedEntries, type Doomed } from './doomed-entries.ts';
import type { RecordedRun } from './journal.ts';
import { observeEntries } from './observe-entries.ts';
import { listings, withListing } from './listings.ts';
import { ownedEntries, type Ownership } from './owned-entries.ts';
import { planStrikes, registriesAbove, registriesBelow, type RegistryContent } from './registry-content.ts';
import { takeBack } from './take-back.ts';
import { UndoneDirectory } from './undone-directory.ts';

export interface ResetTarget {
  readonly suffix: string;
  /** The runs on this server, latest first. */
  readonly runs: readonly RecordedRun[];
  /** Clears the registry of what is not ours, or not there, and deletes nothing else. */
  readonly registryOnly?: boolean | undefined;
}

export interface ResetPlan extends Doomed {
  /** What takes entries off the registries that go, are gone, or are not ours; see `RegistryClearing`. */
  readonly strikes: readonly Change[];
}

/**
 * Takes away all that the tool made below a suffix: what the registry lists, and what the journals tell of, as long as it
 * is, but for what later runs changed, what it was when it was made.
 */
export async function planReset(
  session: Session,
  { suffix, runs, registryOnly = false }: ResetTarget,
): Promise<ResetPlan> {
  const registries = await registriesBelow(session, suffix);
  const above = (await registriesAbove(session, [suffix])).filter(({ dn }) => !isWithin(dn, suffix));
  const { owned, others } = await ownedIn(session, registries);
  if (registryOnly) return { deletions: [], kept: [], strikes: strikesOf(registries, owned) };
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
  const lists = listings([...registries, ...above]);
  const doomed = await doomedEntries(session, [...owned, ...fromJournal], (dn) =>
    registries.some((registry) => registry.foreign.length === 0 && equalDn(dn, registry.dn)),
  );
  const going = new Set(doomed.deletions.map(({ dn }) => dnKey(dn)));
  const deletions = doomed.deletions.map((change) => withListing(change, lists));
  const strikes = [
    ...strikesOf(
      registries,
      owned.filter(({ dn }) => !going.has(dnKey(dn))),
    ),
    ...above.flatMap((registry) => planStrikes(registry, (dn) => going.has(dnKey(dn)))),
  ];
  const kept = [
    ...others.map((dn) => `${dn} stays: others have made it again, or moved it there.`),
    ...records
      .filter(
        ({ kind, dn }) => kind === 'add-entry' && state.entry(dn) !== undefined && !known.has(dnKey(dn)),
      )
      .map(({ dn, label }) => `${dn} (${label}) stays: it is not as it was made.`),
  ];
  return { deletions, strikes, kept: [...new Set([...kept, ...doomed.kept])] };
}

async function ownedIn(session: Session, registries: readonly RegistryContent[]): Promise<Ownership> {
  const all: Ownership[] = [];
  for (const { dn } of registries) all.push(await ownedEntries(session, dn));
  const owned = all.flatMap((one) => one.owned);
  const keys = new Set(owned.map(({ dn }) => dnKey(dn)));
  const others = all.flatMap((one) => one.others).filter((dn) => !keys.has(dnKey(dn)));
  return { owned, others, missing: all.flatMap((one) => one.missing) };
}

/** Takes off the lists all but what stays ours. */
function strikesOf(
  registries: readonly RegistryContent[],
  staying: readonly { readonly dn: string }[],
): readonly Change[] {
  const kept = new Set(staying.map(({ dn }) => dnKey(dn)));
  return registries.flatMap((registry) => planStrikes(registry, (dn) => !kept.has(dnKey(dn))));
}

const IN_CONFIG: ReadonlySet<string> = new Set(['add-schema', 'modify-schema', 'modify-config']);
