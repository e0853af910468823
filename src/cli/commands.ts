import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { configureCommand } from './commands/configure.ts';
import { demoCommand } from './commands/demo.ts';
import { exportCommand } from './commands/export.ts';
import { historyCommand } from './commands/history.ts';
import { initCommand } from './commands/init.ts';
import { resetCommand } from './commands/reset.ts';
import { schemaCommand } from './commands/schema.ts';
import { releasesCommand } from './commands/releases.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { seedCommand } from './commands/seed.ts';
import { undoCommand } from './commands/undo.ts';
import { verifyCommand } from './commands/verify.ts';

/** All commands, in the order in which a newcomer needs them. */
export function commands(context: CommandContext): readonly Command[] {
  return [
    initCommand(context),
    seedCommand(context),
    configureCommand(context),
    verifyCommand(context),
    exportCommand(context),
    historyCommand(context),
    undoCommand(context),
    resetCommand(context),
    schemaCommand(context),
    releasesCommand(context),
    sandboxCommand(context),
    demoCommand(context),
  ];
}
