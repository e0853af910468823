import type { Command } from 'commander';
import type { CommandContext } from '../flags/command-context.ts';
import { listCommand } from '../verify/list-command.ts';

export function usersCommand(context: CommandContext): Command {
  return listCommand(context, 'users', 'list the users that Keystone lists');
}
