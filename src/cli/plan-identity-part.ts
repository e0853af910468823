import { planIdentities, type ExistingEntry } from '../plan/plan-identities.ts';
import type { DeclaredSystem } from './declared-system.ts';
import type { IdentityPart } from './identity-part.ts';
import type { Io } from './io.ts';
import { planSeed } from './plan-seed.ts';
import { seedTarget } from './seed-target.ts';

/** @param toCome the DNs of entries that an earlier part of the plan makes */
export async function planIdentityPart(
  system: DeclaredSystem,
  toCome: readonly string[],
  io: Io,
): Promise<IdentityPart> {
  const { declaration, release, trees, identities, source, directory, ids } = system;
  if (identities === undefined) return { changes: [], adopted: [], remarks: [] };
  if (source !== undefined) {
    const { planStream } = await import('./plan-stream.ts');
    return await planStream({ ...system, identities, source }, toCome, io);
  }
  const { flags } = declaration;
  const { target, remarks } = seedTarget({ release, trees, identities }, flags);
  const adopted: ExistingEntry[] = [];
  const { changes, warnings } = await planSeed(
    (asked) =>
      planIdentities(directory, {
        ...{ ...target, ...asked, toCome, drawId: ids.draw },
        onExisting: (entry) => void adopted.push(entry),
      }),
    flags,
    io,
  );
  return { changes, adopted, remarks: [...remarks, ...warnings] };
}
