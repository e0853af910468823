import type { JournalWriter } from '../history/journal-writer.ts';
import type { Registry } from '../history/registry.ts';
import { makeChanges } from './carry-out.ts';
import type { Io } from './io.ts';
import type { DeclaredPlan, DeclaredSystem } from './plan-declared.ts';

interface Writing {
  readonly journal: JournalWriter | undefined;
  readonly registry: Registry;
}

/** Makes what is planned in the directory: what the users need, the users, and what names them or lets them be seen. */
export async function writeDeclared(
  system: DeclaredSystem,
  { ahead, changes, users }: DeclaredPlan,
  { journal, registry }: Writing,
  io: Io,
): Promise<void> {
  const { directory, openConfig } = system;
  const ports = { directory, openConfig, journal, listeners: [registry] };
  if (users === undefined) {
    await makeChanges({ ...ports, changes }, io);
    return;
  }
  const needed = changes.slice(0, ahead);
  const access = needed.filter(({ kind }) => kind === 'modify-config');
  const first = needed.filter(({ kind }) => kind !== 'modify-config');
  const rest = [...access, ...changes.slice(ahead)];
  await makeChanges({ ...ports, changes: first }, io);
  const { writeStream } = await import('./write-stream.ts');
  await writeStream(system, users, journal === undefined ? [registry] : [journal, registry], io);
  await makeChanges({ ...ports, changes: rest }, io);
}
