import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { initCommand } from './commands/init.ts';
import { schemaCommand } from './commands/schema.ts';

/** All commands, in the order in which a newcomer needs them. */
export function commands(context: CommandContext): readonly Command[] {
  return [initCommand(context), schemaCommand(context)];
}
