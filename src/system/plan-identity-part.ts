import { planIdentities, type ExistingEntry } from '../plan/identities/plan-identities.ts';
import type { IdentityPart } from './identity-part.ts';
import { seedTarget } from './identity-target.ts';
import { planWithNameFaults } from './plan-with-name-faults.ts';
import type { RunPorts } from './ports.ts';
import type { OpenSystem } from './system-spec.ts';

/** @param toCome the DNs of entries that an earlier part of the plan makes */
export async function planIdentityPart(
  system: OpenSystem,
  toCome: readonly string[],
  ports: RunPorts,
): Promise<IdentityPart> {
  const { spec, directory, ids } = system;
  const { release, trees, identities, users } = spec;
  if (identities === undefined) return { changes: [], adopted: [], remarks: [] };
  if (users !== undefined) {
    const { planManyUsers } = await import('./plan-many-users.ts');
    return await planManyUsers(system, { identities, source: users }, toCome, ports);
  }
  const { target, remarks } = seedTarget({ release, trees, identities }, spec);
  const adopted: ExistingEntry[] = [];
  const { changes, warnings } = await planWithNameFaults(
    (asked) =>
      planIdentities(directory, {
        ...{ ...target, ...asked, toCome, drawId: ids.draw },
        onExisting: (entry) => void adopted.push(entry),
      }),
    spec,
    ports,
  );
  return { changes, adopted, remarks: [...remarks, ...warnings] };
}
