import { dnKey, equalDn } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError, type Problem } from '../errors.ts';
import type { Change } from '../plan/change.ts';
import { foreignChildren } from './foreign-children.ts';
import type { JournalRecord, RecordedRun } from './journal.ts';
import { observeEntries } from './observe-entries.ts';
import { takeBack } from './take-back.ts';
import { planFileUndo, type FileUndo } from './undo-file.ts';
import { UndoneDirectory } from './undone-directory.ts';

export interface UndoPorts {
  /** Asked for only where the run changed entries. */
  readonly openDirectory: () => Promise<Session>;
  readonly openConfig: () => Promise<Session>;
}

/** The way back. */
export interface UndoPlan {
  /** The files first, so that Keystone does not look for what is gone. */
  readonly files: readonly FileUndo[];
  readonly changes: readonly Change[];
  /** What cannot be taken back, in sentences. */
  readonly remains: readonly string[];
}

/**
 * What takes a run back, latest change first. What did not happen, or is back already, needs nothing: a record is written
 * ahead of its change.
 * @throws `UNDO_REFUSED` naming everything that others have changed since
 */
export async function planUndo(run: RecordedRun, ports: UndoPorts): Promise<UndoPlan> {
  const { records } = run;
  const state = new UndoneDirectory(await observed(records, ports));
  const files: FileUndo[] = [];
  for (const record of records.toReversed()) {
    if (record.kind !== 'file') takeBack(record, state);
    else {
      const outcome = await planFileUndo(record);
      if ('problem' in outcome) state.refuse(outcome.problem);
      else if ('remains' in outcome) state.leave(outcome.remains);
      else files.push(...outcome.undo);
    }
  }
  const changes = state.changes();
  const problems: Problem[] = [...state.problems, ...(await childProblems(changes, run, ports))];
  if (problems.length > 0) throw refused(run, problems);
  return { files, changes, remains: state.remains };
}

async function observed(records: readonly JournalRecord[], ports: UndoPorts) {
  const dnsOf = (isWanted: (record: JournalRecord) => boolean): string[] =>
    records.flatMap((record) => ('dn' in record && isWanted(record) ? [record.dn] : []));
  const inData = dnsOf(({ kind }) => !IN_CONFIG.has(kind));
  const inConfig = dnsOf(({ kind }) => kind === 'modify-config');
  return new Map([
    ...(inData.length === 0 ? [] : await observeEntries(await ports.openDirectory(), inData)),
    ...(inConfig.length === 0 ? [] : await observeConfig(inConfig, ports)),
  ]);
}

async function observeConfig(dns: readonly string[], { openConfig }: UndoPorts) {
  await using config = await openConfig();
  return await observeEntries(config, dns);
}

const IN_CONFIG: ReadonlySet<JournalRecord['kind']> = new Set([
  'add-schema',
  'modify-schema',
  'modify-config',
]);

async function childProblems(
  changes: readonly Change[],
  { registry }: RecordedRun,
  { openDirectory }: UndoPorts,
): Promise<Problem[]> {
  const deletions = changes.filter((change) => change.kind === 'delete-entry');
  if (deletions.length === 0) return [];
  const gone = new Set(deletions.map(({ dn }) => dnKey(dn)));
  const found = await foreignChildren(
    await openDirectory(),
    deletions.map(({ dn }) => dn),
    // The registry goes with the last of the entries that it lists.
    (dn) => gone.has(dnKey(dn)) || (registry !== undefined && equalDn(dn, registry)),
  );
  return found.map(({ dn, children }) => ({
    message: `${dn} has entries below it that the run did not make: ${children}`,
  }));
}

function refused({ id }: RecordedRun, problems: readonly Problem[]): KeystoneLdapError {
  return new KeystoneLdapError(
    'UNDO_REFUSED',
    `Run ${id} cannot be undone: what it changed has been changed since; nothing was touched.`,
    {
      problems,
      hint: 'Undo later runs first ("keystone-ldap history" lists them), or take the rest back by hand.',
    },
  );
}
