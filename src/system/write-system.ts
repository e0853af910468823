import type { JournalWriter } from '../history/journal-writer.ts';
import { RegistryClearing } from '../history/registry-content.ts';
import type { Registry } from '../history/registry.ts';
import type { Change } from '../plan/change.ts';
import { inBulkMode } from '../plan/stream/bulk-mode.ts';
import { makeChanges } from './make-changes.ts';
import type { RunPorts } from './ports.ts';
import type { SystemPlan } from './system-plan.ts';
import type { OpenSystem, SystemModes } from './system-spec.ts';
import { requireSameUsers } from './user-files-digest.ts';

interface Writing {
  readonly journal: JournalWriter | undefined;
  readonly registry: Registry;
}

/** Makes what is planned in the directory: what the users need, the users, and what names them or lets them be seen. */
export async function writeSystem(
  system: OpenSystem,
  { ahead, changes, users, strikes }: SystemPlan,
  { journal, registry }: Writing,
  ports: RunPorts,
): Promise<void> {
  const { directory, openConfig, spec } = system;
  const clearing = new RegistryClearing(directory, strikes);
  const listeners = [clearing, registry];
  const make = (some: readonly Change[]): Promise<void> =>
    makeChanges({ directory, openConfig, changes: some, journal, listeners }, ports);
  const isBulk = isInBulk(spec, { users, changes, ahead });
  if (users !== undefined) await requireSameUsers(users, spec.userFiles ?? []);
  else if (!isBulk) {
    await make(changes);
    await clearing.finish();
    return;
  }
  const needed = changes.slice(0, ahead);
  const access = needed.filter(({ kind }) => kind === 'modify-config');
  const identities = async (): Promise<void> => {
    if (users !== undefined) {
      const { writeManyUsers } = await import('./write-many-users.ts');
      const told = journal === undefined ? listeners : [journal, ...listeners];
      await writeManyUsers(system, users, told, ports);
    }
    await make(changes.slice(ahead));
  };
  await make(needed.filter(({ kind }) => kind !== 'modify-config'));
  await (isBulk ? inBulkMode({ directory, openConfig }, spec.trees.user, identities) : identities());
  await make(access);
  await clearing.finish();
}

/** Whether what the users need is written before everything else, by itself. */
export function isInBulk(
  { bulk }: SystemModes,
  {
    users,
    changes,
    ahead,
  }: Pick<SystemPlan, 'changes' | 'ahead'> & { readonly users: SystemPlan['users'] | undefined },
): boolean {
  return bulk === true && (users !== undefined || changes.length > ahead);
}
