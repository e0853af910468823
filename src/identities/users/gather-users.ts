import { FaultList } from '../check/fault-list.ts';
import { NO_IDENTITIES, type Identities, type User } from '../identities.ts';
import { identityProblems } from '../check/identity-problems.ts';
import { mergeIdentities } from '../read/merge-identities.ts';
import { requireNone } from '../read/require-none.ts';
import type { UserSource } from './user-source.ts';

/** As many users are planned like those of a YAML file, with each change shown. */
export const FEW = 1000;

/** All users where they are not more than this. @throws `INPUT_INVALID` */
export async function usersUpTo(most: number, source: UserSource): Promise<readonly User[] | undefined> {
  if ((source.count ?? 0) > most) return undefined;
  const users: User[] = [];
  const faults = new FaultList(false);
  for await (const some of source.users(faults.onProblem)) {
    users.push(...some);
    if (users.length > most) return undefined;
    if (faults.isFull) break;
  }
  requireNone(faults.problems, [source.subject]);
  return users;
}

/** The users of a source among the identities that belong to them. @throws `INPUT_INVALID` */
export function withUsers(beside: Identities, users: readonly User[], source: UserSource): Identities {
  const { remarks = [] } = source;
  const groups = [...(source.groups?.() ?? [])];
  const identities = mergeIdentities([beside, { ...NO_IDENTITIES, users, groups, remarks }]);
  requireNone(identityProblems(identities), [source.subject]);
  return identities;
}
