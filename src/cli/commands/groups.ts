import type { Command } from 'commander';
import type { CommandContext } from '../flags/command-context.ts';
import { listCommand } from '../verify/list-command.ts';

export function groupsCommand(context: CommandContext): Command {
  return listCommand(context, 'groups', 'list the groups that Keystone lists').option(
    '--members',
    'also list the users that Keystone lists in each group',
  );
}
