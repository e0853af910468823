import { checkNames } from '../../identities/check-names.ts';
import { divideIdentities } from '../../identities/divide-identities.ts';
import { FaultList } from '../../identities/fault-list.ts';
import type { Identities } from '../../identities/identities.ts';
import type { StreamTarget } from './stream-target.ts';
import type { Survey } from './survey.ts';

/** The identities beside a stream of users, ready to be written. */
export interface Beside {
  readonly held: Identities;
  readonly left: Identities;
  readonly remarks: readonly string[];
}

/** Checks what belongs to a stream of users, now that its members are known. @throws `UNSAFE_NAME` */
export function checkBeside(target: StreamTarget, { identities }: Survey): Beside {
  const { release, trees, allowUnsafeNames } = target;
  const { held, left, remarks } = divideIdentities(identities, release.layout);
  const faults = new FaultList(allowUnsafeNames);
  faults.names(checkNames(held, { ...release, trees }));
  faults.refuseUnsafe();
  return { held, left, remarks: [...held.remarks, ...remarks, ...faults.remarks] };
}
