import type { Release, Trees } from '../../releases/release.ts';
import { checkDomains } from './check-domains.ts';
import { checkNames } from './check-names.ts';
import { divideIdentities, type DividedIdentities } from '../entries/divide-identities.ts';
import { FaultList } from './fault-list.ts';
import type { Identities } from '../identities.ts';

export interface Admission {
  readonly release: Pick<Release, 'name' | 'layout' | 'nameRules' | 'legacy' | 'conf'>;
  readonly trees: Trees;
  /** Whether what is unsafe is only remarked on. */
  readonly allowUnsafeNames: boolean;
}

/**
 * Divides identities by where the release keeps them, once it is known that Keystone survives them. Every command asks
 * this, however many users there are.
 * @throws `UNSAFE_NAME` with all faults
 */
export function admitIdentities(
  identities: Identities,
  { release, trees, allowUnsafeNames }: Admission,
): DividedIdentities {
  const { held, left, remarks } = divideIdentities(identities, release.layout);
  const faults = new FaultList(allowUnsafeNames);
  faults.names(checkDomains(identities, release));
  faults.names(checkNames(held, { ...release, trees }));
  faults.refuseUnsafe();
  return { held, left, remarks: [...held.remarks, ...remarks, ...faults.remarks] };
}
