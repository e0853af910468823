import { Command } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { addReleaseFlag } from '../inputs/release-flags.ts';
import type { DemoFlags } from '../demo/run-demo.ts';

export function demoCommand(context: CommandContext): Command {
  const command = new Command('demo').summary('run all steps on a throw-away OpenLDAP');
  return addReleaseFlag(
    command.description(
      'Starts a throw-away OpenLDAP, runs init, seed, configure and verify on it, shows the tree, and removes everything.',
    ),
  )
    .addHelpText('after', EXAMPLES)
    .action(
      action<DemoFlags>(context, async (flags, io) => {
        const { runDemo } = await import('../demo/run-demo.ts');
        return await runDemo(flags, io, context.run);
      }),
    );
}

const EXAMPLES = examples([['For the milestone that came last:', 'keystone-ldap demo --release essex-3']]);
