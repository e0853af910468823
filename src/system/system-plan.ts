import type { Change } from '../plan/change.ts';
import type { ConfPlan } from '../plan/conf/conf-plan.ts';
import type { ExistingEntry } from '../plan/identities/plan-identities.ts';
import { countChanges, sumOf, type ChangeCounts } from './count-changes.ts';
import { countUsers } from './count-users.ts';
import type { StreamedUsers } from './identity-part.ts';
import type { PlanFacts } from './saved-plan.ts';

/** All that is to be done: first in the directory, then in keystone.conf. */
export interface SystemPlan {
  readonly changes: readonly Change[];
  /** How many of them make what identities need. */
  readonly ahead: number;
  /** Absent where each change of a user is among the changes. */
  readonly users?: StreamedUsers;
  /** What takes entries off the registry that go. */
  readonly strikes: readonly Change[];
  /** How many entries of the registry are added for the others. */
  readonly listings: number;
  readonly conf: ConfPlan;
  /** Entries that are declared and were there already, made by others. */
  readonly adopted: readonly ExistingEntry[];
  readonly remarks: readonly string[];
  readonly facts: PlanFacts;
}

/** What there is to do: entries, those of the registry included, and files that are edited. */
export function countsOf({ changes, users, strikes, listings, conf }: SystemPlan): ChangeCounts {
  const { added, changed } = users === undefined ? { added: 0, changed: 0 } : countUsers(users);
  const edited = conf.files.filter(({ edits }) => edits.length > 0).length;
  return sumOf([
    countChanges([...changes, ...strikes]),
    { added: added + listings, changed: changed + edited, removed: 0 },
  ]);
}

/** How much that is. */
export function stepsOf(plan: SystemPlan): number {
  const { added, changed, removed } = countsOf(plan);
  return added + changed + removed;
}
