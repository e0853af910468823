import type { Session } from '../../directory/session.ts';
import { NO_IDENTITIES, type Identities } from '../../identities/identities.ts';
import type { Change } from '../change.ts';
import { planIdentities, type IdentityTarget } from '../identities/plan-identities.ts';
import { groupsOf, otherIds, type StreamTarget } from './stream-target.ts';
import type { Survey } from './survey-result.ts';

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

type BesideOptions = Pick<IdentityTarget, 'onUnsafe' | 'onOtherId' | 'drawId' | 'onExisting' | 'onEntry'>;

/** The groups of a source one at a time, with what is missing of each; none where the release holds none. */
export async function* planGroups(
  session: Session,
  target: StreamTarget,
  known: Survey['known'],
): AsyncGenerator<readonly Change[]> {
  for (const group of groupsOf(target)) {
    const { release, trees, passwords } = target;
    const identities = { ...NO_IDENTITIES, groups: [group] };
    yield await planIdentities(session, {
      ...{ release, trees, passwords, known, identities, enabledUsers: [] },
      ...otherIds(target),
    });
  }
}
