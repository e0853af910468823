import { Command, Option } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConnectionFlags } from '../flags/connection-flags.ts';
import { oneConf } from '../flags/collect.ts';
import { examples } from '../flags/examples.ts';
import { addOutputFlags } from '../terminal/output.ts';
import { addReleaseFlag } from '../inputs/release-flags.ts';
import type { WizardFlags } from '../wizard/run-wizard.ts';

export function wizardCommand(context: CommandContext): Command {
  const command = new Command('wizard').summary('show the current state and suggest the next step');
  addReleaseFlag(
    command.description(
      'Looks for a server, a keystone.conf and sandboxes, shows what it finds, and suggests the next commands. ' +
        'On a terminal, keystone-ldap without a command does the same.',
    ),
  )
    .option(
      '--keystone-conf <path>',
      'keystone.conf, if it is not in a usual place',
      oneConf('the wizard reads one file. Name the one that sets the options of [ldap].'),
    )
    .addOption(
      new Option(
        '-b, --suffix <dn>',
        'base DN of the default trees (default: the naming context, if the server has only one)',
      ).env('KEYSTONE_LDAP_SUFFIX'),
    );
  addConnectionFlags(command);
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      action<WizardFlags>(context, async (flags, io, isGiven) => {
        const { runWizard } = await import('../wizard/run-wizard.ts');
        return await runWizard(flags, io, { run: context.run, isGiven, known: context.names });
      }),
    );
}

const EXAMPLES = examples([
  ['What is there, and what comes next?', 'keystone-ldap wizard'],
  [
    'For a server and a file that it would not find by itself:',
    'keystone-ldap wizard -H ldap://ldap1 --keystone-conf ./keystone.conf --release zed',
  ],
]);
