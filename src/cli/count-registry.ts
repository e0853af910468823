import { addedIn, countRegistryWrites, type AddedWave } from '../history/registry.ts';
import { entryWaves } from '../plan/apply.ts';
import type { Declaration } from './declaration.ts';
import type { DeclaredPlan } from './declared-system.ts';
import { countUsers } from './render-users.ts';
import { isInBulk } from './write-declared.ts';
import type { Session } from '../directory/session.ts';
import { parentDn } from '../directory/dn.ts';

type Written = Pick<DeclaredPlan, 'changes' | 'ahead' | 'users'>;

/** How many entries of the registry a plan adds: those of the run, and one for each wave that adds entries. */
export async function countRegistry(
  session: Session,
  registry: string,
  declaration: Declaration,
  plan: Written,
): Promise<number> {
  const waves = await wavesOfPlan(registry, declaration, plan);
  if (waves.every(({ added }) => added === 0)) return 0;
  const [exists, suffixExists] = await Promise.all(
    [registry, parentDn(registry)].map(async (dn) => (await session.read(dn, ['1.1'])) !== undefined),
  );
  return countRegistryWrites(waves, { exists: exists === true, suffixExists: suffixExists === true });
}

async function wavesOfPlan(
  registry: string,
  declaration: Declaration,
  { changes, ahead, users }: Written,
): Promise<readonly AddedWave[]> {
  const waves = (some: Written['changes']): AddedWave[] =>
    Array.from(entryWaves(some), (wave) => addedIn(wave, registry));
  if (users === undefined && !isInBulk(declaration, { changes, ahead, users })) return waves(changes);
  return [...waves(changes.slice(0, ahead)), ...(await streamWaves(users)), ...waves(changes.slice(ahead))];
}

async function streamWaves(users: Written['users']): Promise<readonly AddedWave[]> {
  if (users === undefined) return [];
  const { userWaves } = await import('../plan/stream/write-users.ts');
  return Array.from(userWaves(countUsers(users).added), (added) => ({ added, addsSuffix: false }));
}
