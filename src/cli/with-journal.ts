import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { Session } from '../directory/session.ts';
import type { JournalWriter, RunFacts } from '../history/journal-writer.ts';
import type { Contexts } from '../history/journal.ts';
import type { Io } from './io.ts';

export interface StateFlags {
  readonly stateDir?: string;
}

export interface JournalFlags extends StateFlags {
  readonly journal?: boolean;
}

export function addStateFlag(command: Command): Command {
  return command.addOption(
    new Option('--state-dir <dir>', 'where the journals of runs are, for "history" and "undo"').env(
      'KEYSTONE_LDAP_STATE_DIR',
    ),
  );
}

export function addJournalFlags(command: Command): Command {
  return addStateFlag(command).option(
    '--no-journal',
    'keep no journal of this run; it cannot be undone then',
  );
}

/** Where journals are: as the XDG base directories have it, and for root in a place that outlives homes. */
export function stateFolder({ stateDir }: StateFlags, { env }: Pick<Io, 'env'>): string {
  if (stateDir !== undefined) return stateDir;
  if (process.geteuid?.() === 0) return '/var/lib/keystone-ldap';
  const base = env['XDG_STATE_HOME'];
  return join(base ? base : join(env['HOME'] ?? homedir(), '.local', 'state'), 'keystone-ldap');
}

export interface JournaledRun extends Omit<RunFacts, 'server' | 'contexts'> {
  /** What it changes; absent if it changes files alone. */
  readonly directory?: Session | undefined;
}

/** Runs a task with its journal, which says that it was completed unless the task failed. */
export async function withJournal<T>(
  { directory, ...run }: JournaledRun,
  flags: JournalFlags,
  io: Io,
  task: (journal: JournalWriter | undefined) => Promise<T>,
): Promise<T> {
  if (flags.journal === false) return await task(undefined);
  const seen = directory && { server: directory.uri, contexts: await contextsOf(directory) };
  await using journal = await openJournal(stateFolder(flags, io), { ...run, ...seen });
  const result = await task(journal);
  // A run that is taken back is so even if nothing of it was left.
  const always = run.undoes !== undefined;
  const contexts = directory && journal.isRootChanged ? await contextsOf(directory) : undefined;
  await journal.complete({ always, ...(contexts && { contexts }) });
  return result;
}

async function contextsOf(directory: Session): Promise<Contexts> {
  const { observeContexts } = await import('../history/server-identity.ts');
  return await observeContexts(directory);
}

/** Apart, because tsc leaves an import of a source file as it is in a function with `await using`. */
async function openJournal(folder: string, facts: RunFacts): Promise<JournalWriter> {
  const { JournalWriter } = await import('../history/journal-writer.ts');
  return new JournalWriter(folder, facts);
}
