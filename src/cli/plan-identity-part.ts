import type { Change } from '../plan/change.ts';
import { planIdentities, type ExistingEntry } from '../plan/plan-identities.ts';
import type { UserFacts } from '../plan/saved-plan.ts';
import type { StreamTarget } from '../plan/stream/stream-target.ts';
import type { Survey } from '../plan/stream/survey.ts';
import type { UserExamples } from '../plan/stream/user-examples.ts';
import type { Io } from './io.ts';
import type { DeclaredSystem } from './plan-declared.ts';
import { planSeed } from './plan-seed.ts';
import { seedTarget } from './seed-target.ts';

/** What makes the identities as they are declared. */
export interface IdentityPart {
  readonly changes: readonly Change[];
  /** Entries that were there already. */
  readonly adopted: readonly ExistingEntry[];
  readonly remarks: readonly string[];
  /** Users that are too many to have their changes listed. */
  readonly users?: StreamedUsers;
}

export interface StreamedUsers {
  readonly target: StreamTarget;
  readonly survey: Survey;
  readonly examples: UserExamples;
  readonly facts: UserFacts;
}

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
