import { Command, Option } from 'commander';
import { collect, oneConf } from '../flags/collect.ts';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConfigConnectionFlags, addConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addOutputFlags } from '../terminal/output.ts';
import { addMappingFlags, addReleaseFlag, addTreeFlags } from '../inputs/release-flags.ts';
import type { ConfigInitFlags } from '../apply/run-config-init.ts';
import { addServiceAccountFlags } from '../flags/service-account-flags.ts';

export function configInitCommand(context: CommandContext): Command {
  const command = new Command('init')
    .summary('write a configuration file from options or answers')
    .description('Writes a commented configuration file from the options, and asks for the rest.')
    .argument('[file]', 'file to write; it must not exist (default: keystone-ldap.yaml)');
  for (const add of [
    addReleaseFlag,
    addMappingFlags,
    addTreeFlags,
    addConnectionFlags,
    addConfigConnectionFlags,
    addServiceAccountFlags,
  ])
    add(command);
  command
    .option(
      '--keystone-conf <path>',
      'keystone.conf that will use the directory',
      oneConf('a declaration has one. Name the file that "apply" is to edit.'),
    )
    .option('--file <file>', 'your own identities (repeatable)', collect)
    .addOption(new Option('--sample <name>', 'sample data').choices(['release', 'modern']).conflicts('file'));
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, flags: ConfigInitFlags, self: Command) => {
      const { runConfigInit } = await import('../apply/run-config-init.ts');
      await action<ConfigInitFlags>(context, (own, io) => runConfigInit(file, own, io))(flags, self);
    });
}

const EXAMPLES = examples([
  ['By questions:', 'keystone-ldap config init'],
  ['From flags:', 'keystone-ldap config init -r zed -H ldapi:/// --keystone-conf k.conf --file users.yaml'],
]);
