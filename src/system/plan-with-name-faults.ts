import type { Problem } from '../errors.ts';
import type { Change } from '../plan/change.ts';
import type { IdentityTarget } from '../plan/identities/plan-identities.ts';
import type { IdentityModes } from './identity-target.ts';
import { reportSteps, type RunPorts } from './ports.ts';

export interface PlanWithWarnings {
  readonly changes: readonly Change[];
  /** What Keystone cannot live with and is written all the same. */
  readonly warnings: readonly string[];
}

/** What a plan of identities is asked to tell on its way. */
type Asked = Pick<IdentityTarget, 'onEntry' | 'onUnsafe' | 'onOtherId'>;

/** Plans identities; what Keystone cannot live with ends it unless `allowUnsafeNames` is set. */
export async function planWithNameFaults(
  plan: (asked: Asked) => Promise<readonly Change[]>,
  { allowUnsafeNames, newIds }: Pick<IdentityModes, 'allowUnsafeNames' | 'newIds'>,
  ports: RunPorts,
): Promise<PlanWithWarnings> {
  const warnings: string[] = [];
  const warn = ({ message }: Problem): void => void warnings.push(`warning: ${message}`);
  const changes = await reportSteps(ports, 'planning', (onEntry) =>
    plan({
      onEntry,
      ...(allowUnsafeNames === true && { onUnsafe: warn }),
      ...(newIds === true && { onOtherId: warn }),
    }),
  );
  return { changes, warnings };
}
