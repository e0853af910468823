import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';

type MakeCommand = (context: CommandContext) => Command;

/** All commands, in the order in which a newcomer needs them; a module is loaded only where its command is needed. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  init: async () => (await import('./commands/init.ts')).initCommand,
  seed: async () => (await import('./commands/seed.ts')).seedCommand,
  configure: async () => (await import('./commands/configure.ts')).configureCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  login: async () => (await import('./commands/login.ts')).loginCommand,
  users: async () => (await import('./commands/users.ts')).usersCommand,
  groups: async () => (await import('./commands/groups.ts')).groupsCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  apply: async () => (await import('./commands/apply.ts')).applyCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  history: async () => (await import('./commands/history.ts')).historyCommand,
  undo: async () => (await import('./commands/undo.ts')).undoCommand,
  reset: async () => (await import('./commands/reset.ts')).resetCommand,
  schema: async () => (await import('./commands/schema.ts')).schemaCommand,
  releases: async () => (await import('./commands/releases.ts')).releasesCommand,
  sandbox: async () => (await import('./commands/sandbox.ts')).sandboxCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  wizard: async () => (await import('./commands/wizard.ts')).wizardCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
};

/** What is about all commands needs them all, as help and mistakes do. */
const ABOUT_ALL = 'completion';

/** The command of this name, or all where there is none. */
export async function commands(
  context: Omit<CommandContext, 'names'>,
  name = '',
): Promise<readonly Command[]> {
  const named = Object.hasOwn(COMMANDS, name) && name !== ABOUT_ALL ? COMMANDS[name] : undefined;
  const loaders = named === undefined ? Object.values(COMMANDS) : [named];
  return await Promise.all(
    loaders.map(async (load) => (await load())({ ...context, names: Object.keys(COMMANDS) })),
  );
}
