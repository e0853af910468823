import { Chalk } from 'chalk';
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

/** What is to be done about many users, in the manner of a plan. */
export function renderUsers(users: StreamedUsers, colour: boolean): string {
  const paint = new Chalk({ level: colour ? 1 : 0 });
  const { added, changed, total } = countUsers(users);
  const { examples, target } = users;
  const line = (count: number, names: readonly string[]): string => {
    const more = count > names.length ? ', …' : '';
    return `${count} of ${total} users of ${target.source.subject}: ${names.join(', ')}${more}\n`;
  };
  return [
    ...(added > 0 ? [paint.green(`+ ${line(added, examples.added)}`)] : []),
    ...(changed > 0 ? [paint.yellow(`~ ${line(changed, examples.changed)}`)] : []),
  ].join('');
}
