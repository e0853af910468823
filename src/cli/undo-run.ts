import type { Session } from '../directory/session.ts';
import type { RecordedRun } from '../history/journal.ts';
import type { UndoPlan, UndoPorts } from '../history/plan-undo.ts';
import { RegistryClearing } from '../history/registry-content.ts';
import { Registry } from '../history/registry.ts';
import type { Change } from '../plan/change.ts';
import { makeChanges } from './carry-out.ts';
import type { Io } from './io.ts';
import { withJournal, type JournalFlags } from './with-journal.ts';
import { clearAfter, writeBack } from './write-back.ts';

interface Undoing {
  readonly ports: UndoPorts;
  readonly flags: JournalFlags;
  readonly io: Io;
}

/** Goes the way back, as a run of its own with a journal that names the one it takes back. */
export async function undoRun(
  { id: undoes, release, records }: RecordedRun,
  { changes, files, strikes }: UndoPlan,
  { ports, flags, io }: Undoing,
): Promise<void> {
  const isAboutDirectory = changes.length + strikes.length > 0;
  const directory = isAboutDirectory ? await ports.openDirectory() : undefined;
  await withJournal({ command: 'undo', release, directory, undoes }, flags, io, async (journal) => {
    for (const file of files) await writeBack(file, journal);
    await clearAfter(records);
    if (directory === undefined) return;
    const clearing = new RegistryClearing(directory, strikes);
    const listeners = [clearing, ...writersFor(changes, directory, journal?.id ?? `undo-${undoes}`)];
    const { openConfig } = ports;
    await makeChanges({ changes, directory, openConfig, journal, listeners }, io);
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
