import { admitIdentities } from '../../identities/check/admit-identities.ts';
import type { DividedIdentities } from '../../identities/entries/divide-identities.ts';
import type { StreamTarget } from './stream-target.ts';
import type { Survey } from './survey-result.ts';

/** The identities beside a stream of users, ready to be written. */
export type Beside = DividedIdentities;

/** Checks what belongs to a stream of users, now that its members are known. @throws `UNSAFE_NAME` */
export function checkBeside(target: StreamTarget, { identities }: Survey): Beside {
  return admitIdentities(identities, target);
}
