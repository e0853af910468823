import type { Session } from '../directory/session.ts';
import type { JournalWriter } from '../history/journal-writer.ts';
import type { WaveListener } from '../plan/apply/apply.ts';
import type { Change } from '../plan/change.ts';
import { reportSteps, type RunPorts } from './ports.ts';

export interface ChangeSet {
  readonly changes: readonly Change[];
  readonly directory: Session;
  readonly openConfig: () => Promise<Session>;
  readonly journal: JournalWriter | undefined;
  /** Others who are told of each wave. */
  readonly listeners?: readonly WaveListener[];
}

/** Makes changes within a run that has its journal. @throws what `apply` of changes throws, and `CANCELLED` */
export async function makeChanges(
  { changes, directory, openConfig, journal, listeners = [] }: ChangeSet,
  ports: RunPorts,
): Promise<void> {
  const { apply } = await import('../plan/apply/apply.ts');
  const told = journal === undefined ? listeners : [journal, ...listeners];
  await reportSteps(ports, 'writing', async (onStep) => {
    for await (const { done, total } of apply(changes, { directory, openConfig, listeners: told }))
      onStep(done, total);
  });
}
