import { Chalk } from 'chalk';
import { countUsers } from '../../system/count-users.ts';
import type { StreamedUsers } from '../../system/identity-part.ts';

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
