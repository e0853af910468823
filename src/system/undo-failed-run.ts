import { readRun } from '../history/journal-folder.ts';
import { planUndo, type UndoPlan } from '../history/plan-undo.ts';
import { withDirectory } from './connection.ts';
import type { RunPorts } from './ports.ts';
import type { OpenSystem } from './system-spec.ts';
import { undoRun } from './undo-run.ts';

/** Takes back what a run made before it failed, over a connection of its own: the other one may be what failed. */
export async function undoFailedRun(
  id: string,
  folder: string,
  { connection, openConfig }: OpenSystem,
  { onActivity }: RunPorts,
): Promise<UndoPlan> {
  // An abort ended the run, and shall not end the way back.
  const { signal } = new AbortController();
  return await withDirectory(
    { ...connection, options: { ...connection.options, signal } },
    async (directory) => {
      const ports = { openDirectory: () => Promise.resolve(directory), openConfig };
      const run = await readRun(folder, id);
      const plan = await planUndo(run, ports);
      await undoRun(run, plan, { ...ports, folder, signal, onActivity });
      return plan;
    },
  );
}
