import type { Command } from 'commander';
import type { CommandContext } from './flags/command-context.ts';

type MakeCommand = (context: CommandContext) => Command;

/** Of what is about the commands themselves. */
export const HELP_GROUP = 'Help and completion:';

/** All commands, in the order in which a newcomer needs them; a module is loaded only where its command is needed. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, () => Promise<MakeCommand>>>>> = {
  'Set up:': {
    init: async () => (await import('./commands/init.ts')).initCommand,
    seed: async () => (await import('./commands/seed.ts')).seedCommand,
    configure: async () => (await import('./commands/configure.ts')).configureCommand,
  },
  'Check:': {
    verify: async () => (await import('./commands/verify.ts')).verifyCommand,
    doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
    login: async () => (await import('./commands/login.ts')).loginCommand,
    users: async () => (await import('./commands/users.ts')).usersCommand,
    groups: async () => (await import('./commands/groups.ts')).groupsCommand,
  },
  'Declare in one file:': {
    config: async () => (await import('./commands/config.ts')).configCommand,
    plan: async () => (await import('./commands/plan.ts')).planCommand,
    apply: async () => (await import('./commands/apply.ts')).applyCommand,
    export: async () => (await import('./commands/export.ts')).exportCommand,
  },
  'Take back:': {
    history: async () => (await import('./commands/history.ts')).historyCommand,
    undo: async () => (await import('./commands/undo.ts')).undoCommand,
    reset: async () => (await import('./commands/reset.ts')).resetCommand,
  },
  'Look up:': {
    schema: async () => (await import('./commands/schema.ts')).schemaCommand,
    releases: async () => (await import('./commands/releases.ts')).releasesCommand,
  },
  'Try out:': {
    sandbox: async () => (await import('./commands/sandbox.ts')).sandboxCommand,
    demo: async () => (await import('./commands/demo.ts')).demoCommand,
    wizard: async () => (await import('./commands/wizard.ts')).wizardCommand,
  },
  [HELP_GROUP]: {
    completion: async () => (await import('./commands/completion.ts')).completionCommand,
  },
};

/** What is about all commands needs them all, as help and mistakes do. */
const ABOUT_ALL = 'completion';

const NAMES = Object.values(GROUPS).flatMap((group) => Object.keys(group));

/** The command of this name, or all where there is none. */
export async function commands(
  context: Omit<CommandContext, 'names'>,
  name = '',
): Promise<readonly Command[]> {
  const isOne = name !== ABOUT_ALL && NAMES.includes(name);
  const wanted = Object.entries(GROUPS).flatMap(([heading, group]) =>
    Object.entries(group)
      .filter(([key]) => !isOne || key === name)
      .map(([, load]) => ({ heading, load })),
  );
  return await Promise.all(
    wanted.map(async ({ heading, load }) => (await load())({ ...context, names: NAMES }).helpGroup(heading)),
  );
}
