import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { listCommand } from '../list-command.ts';

export function usersCommand(context: CommandContext): Command {
  return listCommand(context, 'users', 'list the users that Keystone lists');
}
