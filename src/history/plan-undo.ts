import { dnKey, parentDn } from '../directory/dn.ts';
import { inWindow } from '../directory/in-window.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError, type Problem } from '../errors.ts';
import type { Change } from '../plan/change.ts';
import { namingContexts } from '../plan/plan-trees.ts';
import { deletionWaves } from '../plan/apply/waves.ts';
import { foreignChildren, type KeptParent } from './foreign-children.ts';
import type { JournalRecord, RecordedRun } from './journal.ts';
import { listings, withListing } from './listings.ts';
import { observeEntries } from './observe-entries.ts';
import { listedIn, planStrikes, registriesAbove, type RegistryContent } from './registry-content.ts';
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
  /** What takes entries off the registry that do not exist then; see `RegistryClearing`. */
  readonly strikes: readonly Change[];
  /** What cannot be taken back, in sentences. */
  readonly remains: readonly string[];
}

export interface UndoOptions {
  /** Leaves what others have changed since, instead of refusing. */
  readonly keepChanged?: boolean | undefined;
}

/**
 * What takes a run back, latest change first. What did not happen, or is back already, needs nothing: a record is written
 * ahead of its change.
 * @throws `UNDO_REFUSED` naming everything that others have changed since
 */
export async function planUndo(
  run: RecordedRun,
  ports: UndoPorts,
  { keepChanged = false }: UndoOptions = {},
): Promise<UndoPlan> {
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
  const entries = await planEntries(run, state, ports);
  const problems = [...state.problems, ...entries.problems];
  if (problems.length > 0 && !keepChanged) throw refused(run, problems);
  const remains = [
    ...state.remains,
    ...missingText(run, state),
    ...problems.map(({ message }) => `${message}.`),
  ];
  return { files, changes: entries.changes, strikes: entries.strikes, remains: [...new Set(remains)] };
}

/** The changes that can be made, and what keeps the others from it. */
async function planEntries(
  run: RecordedRun,
  state: UndoneDirectory,
  { openDirectory }: UndoPorts,
): Promise<Pick<UndoPlan, 'changes' | 'strikes'> & { readonly problems: readonly Problem[] }> {
  const dns = run.records.flatMap((one) => ('dn' in one && !IN_CONFIG.has(one.kind) ? [one.dn] : []));
  if (dns.length === 0) return { changes: state.changes(), strikes: [], problems: [] };
  const session = await openDirectory();
  const orphans = await withoutParent(session, state.changes());
  const changes = state.changes().filter(({ dn }) => !orphans.has(dnKey(dn)));
  const registries = await registriesAbove(session, dns);
  const rootsThatGo = async (deletions: readonly Change[]) => {
    const strikes = await planClearing(session, registries, { dns, state, deletions });
    return {
      strikes,
      gone: new Set(strikes.filter(({ kind }) => kind === 'delete-entry').map(({ dn }) => dnKey(dn))),
    };
  };
  const isDeletion = ({ kind }: Change): boolean => kind === 'delete-entry';
  const { gone } = await rootsThatGo(changes.filter(isDeletion));
  const { going, kept } = await thoseThatCanGo(session, changes.filter(isDeletion), (dn) =>
    gone.has(dnKey(dn)),
  );
  const stays = new Set(kept.map(({ dn }) => dnKey(dn)));
  const { strikes } = await rootsThatGo(going);
  const lists = listings(registries);
  return {
    strikes,
    changes: changes
      .filter((change) => !isDeletion(change) || !stays.has(dnKey(change.dn)))
      .map((change) => withListing(change, lists)),
    problems: [
      ...kept.map(({ dn, children }) => ({
        message: `${dn} has entries below it that the run did not make: ${children}`,
      })),
      ...[...orphans.values()].map((dn) => ({
        message: `${dn} cannot be made again: there is no ${parentDn(dn)} any more`,
      })),
    ],
  };
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

/** Entries that would be made again where their parent is neither in the directory nor made again itself. */
async function withoutParent(
  session: Session,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, string>> {
  const added = changes.filter(({ kind }) => kind === 'add-entry');
  const known = new Set(added.map(({ dn }) => dnKey(dn)));
  const parents = new Map(added.map(({ dn }) => [dnKey(parentDn(dn)), parentDn(dn)]));
  const missing = new Set<string>();
  const unknown = [...parents].filter(([key]) => key !== '' && !known.has(key));
  const contexts = new Set((await namingContexts(session)).map((dn) => dnKey(dn)));
  await inWindow(unknown, async ([key, dn]) => {
    if ((await session.read(dn, ['1.1'])) === undefined) missing.add(key);
  });
  const orphans = new Map<string, string>();
  // Parents come before children.
  for (const { dn } of added) {
    const parent = dnKey(parentDn(dn));
    if (!contexts.has(dnKey(dn)) && (missing.has(parent) || orphans.has(parent))) orphans.set(dnKey(dn), dn);
  }
  return orphans;
}

interface Clearing {
  /** The entries that the run is about. */
  readonly dns: readonly string[];
  readonly state: UndoneDirectory;
  readonly deletions: readonly Change[];
}

/** Takes off the list what does not exist once the run is undone. */
async function planClearing(
  session: Session,
  registries: readonly RegistryContent[],
  { dns, state, deletions }: Clearing,
): Promise<readonly Change[]> {
  const going = new Set(deletions.map(({ dn }) => dnKey(dn)));
  const ofRun = new Set(dns.map((dn) => dnKey(dn)));
  const missing = new Set(state.missing.map((dn) => dnKey(dn)));
  const all: Change[] = [];
  for (const registry of registries) {
    // If what lies above the registry goes, nothing that it lists can be there.
    const goesWithParent = going.has(dnKey(parentDn(registry.dn)));
    const others = goesWithParent ? listedIn(registry).filter((dn) => !ofRun.has(dnKey(dn))) : [];
    const present = await observeEntries(session, others, ['1.1']);
    all.push(
      ...planStrikes(registry, (dn) => {
        const key = dnKey(dn);
        if (going.has(key) || missing.has(key)) return true;
        return present.has(key) && present.get(key) === undefined;
      }),
    );
  }
  return all;
}

/** Those that have no children but each other's, and the others. */
async function thoseThatCanGo(
  session: Session,
  deletions: readonly Change[],
  goesAnyway: (dn: string) => boolean,
): Promise<{ readonly going: readonly Change[]; readonly kept: readonly KeptParent[] }> {
  const going = new Map(deletions.map((change) => [dnKey(change.dn), change]));
  const kept: KeptParent[] = [];
  for (const wave of deletionWaves(deletions))
    for (const parent of await foreignChildren(
      session,
      wave.map(({ dn }) => dn),
      (dn) => going.has(dnKey(dn)) || goesAnyway(dn),
    )) {
      going.delete(dnKey(parent.dn));
      kept.push(parent);
    }
  return { going: [...going.values()], kept };
}

function missingText(
  { state: runState, records }: RecordedRun,
  { missing }: UndoneDirectory,
): readonly string[] {
  const added = new Set(records.flatMap((one) => (one.kind === 'add-entry' ? [dnKey(one.dn)] : [])));
  // A run that stopped may not have added them.
  const gone = runState === 'complete' ? missing : missing.filter((dn) => !added.has(dnKey(dn)));
  if (gone.length === 0) return [];
  const named = gone.slice(0, 3).join(' and ');
  const more = gone.length > 3 ? ` and ${gone.length - 3} more` : '';
  return [
    `${gone.length === 1 ? '1 entry does' : `${gone.length} entries do`} not exist any more under the name that the run knew (taken back, deleted, renamed or moved since): ${named}${more}.`,
  ];
}

function refused({ id }: RecordedRun, problems: readonly Problem[]): KeystoneLdapError {
  return new KeystoneLdapError(
    'UNDO_REFUSED',
    `Run ${id} cannot be undone: what it changed has been changed since; nothing was touched.`,
    {
      problems,
      hint: 'Undo later runs first ("keystone-ldap history" lists them), or leave these as they are with --keep-changed.',
    },
  );
}
