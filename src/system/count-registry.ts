import { addedIn, countRegistryWrites, type AddedWave } from '../history/registry.ts';
import { entryWaves } from '../plan/apply/apply.ts';
import { countUsers } from './count-users.ts';
import type { SystemPlan } from './system-plan.ts';
import type { SystemModes } from './system-spec.ts';
import { isInBulk } from './write-system.ts';
import type { Session } from '../directory/session.ts';
import { parentDn } from '../directory/dn.ts';

type Written = Pick<SystemPlan, 'changes' | 'ahead' | 'users'>;

/** How many entries of the registry a plan adds: those of the run, and one for each wave that adds entries. */
export async function countRegistry(
  session: Session,
  registry: string,
  modes: SystemModes,
  plan: Written,
): Promise<number> {
  const waves = await wavesOfPlan(registry, modes, plan);
  if (waves.every(({ added }) => added === 0)) return 0;
  const [exists, suffixExists] = await Promise.all(
    [registry, parentDn(registry)].map(async (dn) => (await session.read(dn, ['1.1'])) !== undefined),
  );
  return countRegistryWrites(waves, { exists: exists === true, suffixExists: suffixExists === true });
}

async function wavesOfPlan(
  registry: string,
  modes: SystemModes,
  { changes, ahead, users }: Written,
): Promise<readonly AddedWave[]> {
  const waves = (some: Written['changes']): AddedWave[] =>
    Array.from(entryWaves(some), (wave) => addedIn(wave, registry));
  if (users === undefined && !isInBulk(modes, { changes, ahead, users })) return waves(changes);
  return [...waves(changes.slice(0, ahead)), ...(await streamWaves(users)), ...waves(changes.slice(ahead))];
}

async function streamWaves(users: Written['users']): Promise<readonly AddedWave[]> {
  if (users === undefined) return [];
  const { userWaves } = await import('../plan/stream/write-users.ts');
  return Array.from(userWaves(countUsers(users).added), (added) => ({ added, addsSuffix: false }));
}
