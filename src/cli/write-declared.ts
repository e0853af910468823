import type { JournalWriter } from '../history/journal-writer.ts';
import { RegistryClearing } from '../history/registry-content.ts';
import type { Registry } from '../history/registry.ts';
import type { Change } from '../plan/change.ts';
import { inBulkMode } from '../plan/stream/bulk-mode.ts';
import { makeChanges } from './carry-out.ts';
import type { Io } from './io.ts';
import type { Declaration } from './declaration.ts';
import type { DeclaredPlan, DeclaredSystem } from './declared-system.ts';
import { requireSameUsers } from './user-files.ts';

interface Writing {
  readonly journal: JournalWriter | undefined;
  readonly registry: Registry;
}

/** Makes what is planned in the directory: what the users need, the users, and what names them or lets them be seen. */
export async function writeDeclared(
  system: DeclaredSystem,
  { ahead, changes, users, strikes }: DeclaredPlan,
  { journal, registry }: Writing,
  io: Io,
): Promise<void> {
  const { directory, openConfig, declaration, trees } = system;
  const clearing = new RegistryClearing(directory, strikes);
  const listeners = [clearing, registry];
  const make = (some: readonly Change[]): Promise<void> =>
    makeChanges({ directory, openConfig, changes: some, journal, listeners }, io);
  const isBulk = isInBulk(declaration, { users, changes, ahead });
  if (users !== undefined) await requireSameUsers(users, declaration.loaded.files);
  else if (!isBulk) {
    await make(changes);
    await clearing.finish();
    return;
  }
  const needed = changes.slice(0, ahead);
  const access = needed.filter(({ kind }) => kind === 'modify-config');
  const identities = async (): Promise<void> => {
    if (users !== undefined) {
      const { writeStream } = await import('./write-stream.ts');
      await writeStream(system, users, journal === undefined ? listeners : [journal, ...listeners], io);
    }
    await make(changes.slice(ahead));
  };
  await make(needed.filter(({ kind }) => kind !== 'modify-config'));
  await (isBulk ? inBulkMode({ directory, openConfig }, trees.user, identities) : identities());
  await make(access);
  await clearing.finish();
}

/** Whether what the users need is written before everything else, by itself. */
export function isInBulk(
  { flags }: Declaration,
  {
    users,
    changes,
    ahead,
  }: Pick<DeclaredPlan, 'changes' | 'ahead'> & { readonly users: DeclaredPlan['users'] | undefined },
): boolean {
  return flags.bulk === true && (users !== undefined || changes.length > ahead);
}
