import type { Session } from '../../directory/session.ts';
import { checkNames } from '../../identities/check-names.ts';
import { divideIdentities } from '../../identities/divide-identities.ts';
import { FaultList } from '../../identities/fault-list.ts';
import { NO_IDENTITIES, type Group, type Identities } from '../../identities/identities.ts';
import { refuseUnsafeNames } from '../../identities/name-fault.ts';
import type { Change } from '../change.ts';
import { planIdentities, type IdentityTarget } from '../plan-identities.ts';
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
  for (const fault of checkNames(held, { ...release, trees })) faults.name(fault);
  refuseUnsafeNames(faults.refused, allowUnsafeNames);
  return { held, left, remarks: [...held.remarks, ...remarks, ...faults.remarks] };
}

/** What is missing beside the users, which may be written before their members are. */
export async function planBeside(
  session: Session,
  target: StreamTarget,
  { survey, held, ...asked }: { survey: Survey; held: Identities } & BesideOptions,
): Promise<readonly Change[]> {
  const { release, trees, passwords, toCome = [] } = target;
  const { known, enabledUsers } = survey;
  return await planIdentities(session, {
    ...{ ...asked, release, trees, passwords, toCome, known },
    identities: held,
    enabledUsers: [...enabledUsers, ...held.users],
  });
}

type BesideOptions = Pick<IdentityTarget, 'onUnsafe' | 'drawId' | 'onExisting' | 'onEntry'>;

/** The groups of a source one at a time, with what is missing of each; none where the release holds none. */
export async function* planGroups(
  session: Session,
  target: StreamTarget,
  known: Survey['known'],
): AsyncGenerator<readonly Change[]> {
  for (const group of groupsOf(target)) {
    const { release, trees, passwords } = target;
    const identities = { ...NO_IDENTITIES, groups: [group] };
    yield await planIdentities(session, { release, trees, passwords, known, identities, enabledUsers: [] });
  }
}

/** The groups of the source as far as the release keeps any in LDAP. */
export function groupsOf({ release, source }: StreamTarget): Iterable<Group> {
  return release.layout.group === undefined ? [] : (source.groups?.() ?? []);
}
