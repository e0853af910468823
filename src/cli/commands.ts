import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { applyCommand } from './commands/apply.ts';
import { configCommand } from './commands/config.ts';
import { completionCommand } from './commands/completion.ts';
import { configureCommand } from './commands/configure.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { groupsCommand } from './commands/groups.ts';
import { initCommand } from './commands/init.ts';
import { loginCommand } from './commands/login.ts';
import { planCommand } from './commands/plan.ts';
import { schemaCommand } from './commands/schema.ts';
import { releasesCommand } from './commands/releases.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { seedCommand } from './commands/seed.ts';
import { usersCommand } from './commands/users.ts';
import { verifyCommand } from './commands/verify.ts';
import { wizardCommand } from './commands/wizard.ts';

/** All commands, in the order in which a newcomer needs them. */
export function commands(context: CommandContext): readonly Command[] {
  return [
    initCommand(context),
    seedCommand(context),
    configureCommand(context),
    verifyCommand(context),
    doctorCommand(context),
    loginCommand(context),
    usersCommand(context),
    groupsCommand(context),
    configCommand(context),
    planCommand(context),
    applyCommand(context),
    schemaCommand(context),
    releasesCommand(context),
    sandboxCommand(context),
    demoCommand(context),
    wizardCommand(context),
    completionCommand(context),
  ];
}
