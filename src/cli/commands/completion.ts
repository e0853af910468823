import { Argument, Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addOutputFlags, printJson, type OutputFlags } from '../terminal/output.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export function completionCommand(context: CommandContext): Command {
  const command = new Command('completion')
    .summary('print a completion script for a shell')
    .description(
      'Prints a script that completes the commands and options of this version, and their values, in a shell.',
    )
    .addArgument(new Argument('<shell>', 'shell that reads the script').choices(SHELLS));
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (shell: Shell, flags: OutputFlags, self: Command) => {
      const run = action<OutputFlags>(context, (own, io) => complete(shell, own, { io, self }));
      await run(flags, self);
    });
}

interface Surroundings {
  readonly io: Io;
  readonly self: Command;
}

async function complete(
  shell: Shell,
  { json = false }: OutputFlags,
  { io, self }: Surroundings,
): Promise<ExitCode> {
  const { commandFacts } = await import('../completion/command-facts.ts');
  const program = commandFacts(self.parent ?? self);
  const script = (await GENERATORS[shell]())(program);
  if (json) printJson(io, { command: 'completion', shell, script });
  else io.stdout.write(script);
  return 0;
}

const GENERATORS = {
  bash: async () => (await import('../completion/bash-completion.ts')).bashCompletion,
  zsh: async () => (await import('../completion/zsh-completion.ts')).zshCompletion,
  fish: async () => (await import('../completion/fish-completion.ts')).fishCompletion,
};

const EXAMPLES = examples([
  ['bash, for this user:', 'keystone-ldap completion bash >> ~/.bash_completion'],
  ['zsh, in a folder of $fpath:', 'keystone-ldap completion zsh > ~/.zfunc/_keystone-ldap'],
  ['fish:', 'keystone-ldap completion fish > ~/.config/fish/completions/keystone-ldap.fish'],
  ['Only for the shell that is open:', 'source <(keystone-ldap completion bash)'],
]);
