import type { JournalWriter } from '../history/journal-writer.ts';
import type { Registry } from '../history/registry.ts';
import type { Change } from '../plan/change.ts';
import { inBulkMode } from '../plan/stream/bulk-mode.ts';
import { makeChanges } from './carry-out.ts';
import type { Io } from './io.ts';
import type { DeclaredPlan, DeclaredSystem } from './plan-declared.ts';
import { requireSameUsers } from './user-files.ts';

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
  const { directory, openConfig, declaration, trees } = system;
  const make = (some: readonly Change[]): Promise<void> =>
    makeChanges({ directory, openConfig, changes: some, journal, listeners: [registry] }, io);
  const isBulk = declaration.flags.bulk === true && (users !== undefined || changes.length > ahead);
  if (users !== undefined) await requireSameUsers(users, declaration.loaded.files);
  else if (!isBulk) {
    await make(changes);
    return;
  }
  const needed = changes.slice(0, ahead);
  const access = needed.filter(({ kind }) => kind === 'modify-config');
  const identities = async (): Promise<void> => {
    if (users !== undefined) {
      const { writeStream } = await import('./write-stream.ts');
      await writeStream(system, users, journal === undefined ? [registry] : [journal, registry], io);
    }
    await make(changes.slice(ahead));
  };
  await make(needed.filter(({ kind }) => kind !== 'modify-config'));
  await (isBulk ? inBulkMode({ directory, openConfig }, trees.user, identities) : identities());
  await make(access);
}
