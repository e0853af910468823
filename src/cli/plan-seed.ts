import type { Session } from '../directory/session.ts';
import type { Problem } from '../errors.ts';
import type { Change } from '../plan/change.ts';
import { planIdentities, type IdentityTarget } from '../plan/plan-identities.ts';
import type { Io } from './io.ts';
import type { SeedFlags } from './seed-flags.ts';
import { withProgress } from './with-progress.ts';

export interface SeedPlan {
  readonly changes: readonly Change[];
  /** What Keystone cannot live with and is written all the same. */
  readonly warnings: readonly string[];
}

/** Plans identities and shows how far it is; what Keystone cannot live with ends it unless `--allow-unsafe-names` is given. */
export async function planSeed(
  directory: Session,
  target: Omit<IdentityTarget, 'onEntry' | 'onUnsafe'>,
  { allowUnsafeNames }: Pick<SeedFlags, 'allowUnsafeNames'>,
  io: Io,
): Promise<SeedPlan> {
  const warnings: string[] = [];
  const onUnsafe = ({ message }: Problem): void => void warnings.push(`warning: ${message}`);
  const changes = await withProgress(io, 'planning', (onEntry) =>
    planIdentities(directory, { ...target, onEntry, ...(allowUnsafeNames === true && { onUnsafe }) }),
  );
  return { changes, warnings };
}
