import type { Session } from '../directory/session.ts';
import type { RecordedRun } from '../history/journal.ts';
import type { UndoPlan, UndoPorts } from '../history/plan-undo.ts';
import { RegistryClearing } from '../history/registry-content.ts';
import { Registry } from '../history/registry.ts';
import { withJournal } from '../history/with-journal.ts';
import type { Change } from '../plan/change.ts';
import { makeChanges } from './make-changes.ts';
import type { RunPorts } from './ports.ts';
import { clearAfter, writeBack } from './restore-file.ts';

export interface UndoRunPorts extends UndoPorts, RunPorts {
  /** Of the journals. */
  readonly folder: string | undefined;
}

/** Goes the way back, as a run of its own with a journal that names the one it takes back. */
export async function undoRun(
  { id: undoes, release, records }: RecordedRun,
  { changes, files, strikes }: UndoPlan,
  ports: UndoRunPorts,
): Promise<void> {
  const isAboutDirectory = changes.length + strikes.length > 0;
  const directory = isAboutDirectory ? await ports.openDirectory() : undefined;
  await withJournal(ports.folder, { command: 'undo', release, directory, undoes }, async (journal) => {
    for (const file of files) await writeBack(file, journal);
    await clearAfter(records);
    if (directory === undefined) return;
    const clearing = new RegistryClearing(directory, strikes);
    const listeners = [clearing, ...writersFor(changes, directory, journal?.id ?? `undo-${undoes}`)];
    const { openConfig } = ports;
    await makeChanges({ changes, directory, openConfig, journal, listeners }, ports);
    await clearing.finish();
  });
}

/** Of the registries that listed entries which are made again. */
function writersFor(changes: readonly Change[], directory: Session, runId: string): readonly Registry[] {
  const lists = new Set(
    changes.flatMap((change) =>
      change.kind === 'add-entry' && change.listedIn !== undefined ? [change.listedIn] : [],
    ),
  );
  return [...lists].map(
    (dn) =>
      new Registry(directory, dn, runId, (change) => change.kind === 'add-entry' && change.listedIn === dn),
  );
}
