import type { Change } from '../plan/change.ts';
import type { ExistingEntry } from '../plan/identities/plan-identities.ts';
import type { UserFacts } from './saved-plan.ts';
import type { StreamTarget } from '../plan/stream/stream-target.ts';
import type { Survey } from '../plan/stream/survey-result.ts';
import type { UserExamples } from '../plan/stream/user-examples.ts';

/** What makes the identities as they are declared. */
export interface IdentityPart {
  readonly changes: readonly Change[];
  /** Entries that were there already. */
  readonly adopted: readonly ExistingEntry[];
  readonly remarks: readonly string[];
  /** Users that are too many to have their changes listed. */
  readonly users?: StreamedUsers;
}

export interface StreamedUsers {
  readonly target: StreamTarget;
  readonly survey: Survey;
  readonly examples: UserExamples;
  readonly facts: UserFacts;
}
