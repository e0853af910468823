import type { Problem } from '../errors.ts';
import type { Change } from '../plan/change.ts';
import type { IdentityTarget } from '../plan/plan-identities.ts';
import type { Io } from './io.ts';
import type { SeedFlags } from './seed-flags.ts';
import { withProgress } from './with-progress.ts';

export interface SeedPlan {
  readonly changes: readonly Change[];
  /** What Keystone cannot live with and is written all the same. */
  readonly warnings: readonly string[];
}

/** What a plan of identities is asked to tell on its way. */
type Asked = Pick<IdentityTarget, 'onEntry' | 'onUnsafe' | 'onOtherId'>;

/** Plans identities and shows how far it is; what Keystone cannot live with ends it unless `--allow-unsafe-names` is given. */
export async function planSeed(
  plan: (asked: Asked) => Promise<readonly Change[]>,
  { allowUnsafeNames, newIds }: Pick<SeedFlags, 'allowUnsafeNames' | 'newIds'>,
  io: Io,
): Promise<SeedPlan> {
  const warnings: string[] = [];
  const warn = ({ message }: Problem): void => void warnings.push(`warning: ${message}`);
  const changes = await withProgress(io, 'planning', (onEntry) =>
    plan({
      onEntry,
      ...(allowUnsafeNames === true && { onUnsafe: warn }),
      ...(newIds === true && { onOtherId: warn }),
    }),
  );
  return { changes, warnings };
}
