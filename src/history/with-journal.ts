import type { Session } from '../directory/session.ts';
import type { JournalWriter, RunFacts } from './journal-writer.ts';
import type { Contexts } from './journal.ts';

export interface JournaledRun extends Omit<RunFacts, 'server' | 'contexts'> {
  /** What it changes; absent if it changes files alone. */
  readonly directory?: Session | undefined;
}

/**
 * Runs a task with its journal, which says that it was completed unless the task failed.
 * @param folder of the journals; without one there is no journal, and the run cannot be undone
 */
export async function withJournal<T>(
  folder: string | undefined,
  { directory, ...run }: JournaledRun,
  task: (journal: JournalWriter | undefined) => Promise<T>,
): Promise<T> {
  if (folder === undefined) return await task(undefined);
  const seen = directory && { server: directory.uri, contexts: await contextsOf(directory) };
  await using journal = await openJournal(folder, { ...run, ...seen });
  const result = await task(journal);
  // A run that is taken back is so even if nothing of it was left.
  const always = run.undoes !== undefined;
  const contexts = directory && journal.isRootChanged ? await contextsOf(directory) : undefined;
  await journal.complete({ always, ...(contexts && { contexts }) });
  return result;
}

async function contextsOf(directory: Session): Promise<Contexts> {
  const { observeContexts } = await import('./server-identity.ts');
  return await observeContexts(directory);
}

/** Apart, because tsc leaves an import of a source file as it is in a function with `await using`. */
async function openJournal(folder: string, facts: RunFacts): Promise<JournalWriter> {
  const { JournalWriter } = await import('./journal-writer.ts');
  return new JournalWriter(folder, facts);
}
