import { UserState } from '../plan/stream/state-list.ts';
import type { StreamedUsers } from './identity-part.ts';

/** How many users there are, and how many of them are to be written. */
export interface UserCounts {
  readonly total: number;
  readonly added: number;
  readonly changed: number;
}

export function countUsers({ survey: { states } }: Pick<StreamedUsers, 'survey'>): UserCounts {
  return {
    total: states.length,
    added: states.count(UserState.absent),
    changed: states.count(UserState.different),
  };
}
