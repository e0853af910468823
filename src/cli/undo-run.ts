import type { RecordedRun } from '../history/journal.ts';
import type { UndoPlan, UndoPorts } from '../history/plan-undo.ts';
import { Registry } from '../history/registry.ts';
import { makeChanges } from './carry-out.ts';
import type { Io } from './io.ts';
import { withJournal, type JournalFlags } from './with-journal.ts';
import { writeBack } from './write-back.ts';

interface Undoing {
  readonly ports: UndoPorts;
  readonly flags: JournalFlags & { readonly uri?: string };
  readonly io: Io;
}

/** Goes the way back, as a run of its own with a journal that names the one it takes back. */
export async function undoRun(
  { id: undoes, release, server, registry }: RecordedRun,
  { changes, files }: UndoPlan,
  { ports, flags, io }: Undoing,
): Promise<void> {
  const facts = {
    command: 'undo',
    release,
    server: changes.length === 0 ? undefined : (flags.uri ?? server),
    registry,
    undoes,
  };
  await withJournal(facts, flags, io, async (journal) => {
    for (const file of files) await writeBack(file, journal);
    if (changes.length === 0) return;
    const directory = await ports.openDirectory();
    const listeners =
      registry === undefined ? [] : [new Registry(directory, registry, journal?.id ?? `undo-${undoes}`)];
    const { openConfig } = ports;
    await makeChanges({ changes, directory, openConfig, journal, listeners }, io);
  });
}
