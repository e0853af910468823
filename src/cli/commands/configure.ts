import { Command } from 'commander';
import { action, type CommandContext, type IsGiven, type IsMeant } from '../flags/command-context.ts';
import { addConnectionFlags } from '../flags/connection-flags.ts';
import { oneConf } from '../flags/collect.ts';
import { examples } from '../flags/examples.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { addDryRunFlag, addOutputFlags } from '../terminal/output.ts';
import { addJournalFlags } from '../flags/journal-flags.ts';
import {
  addMappingFlags,
  addOtherReleaseFlag,
  addReleaseFlag,
  addTreeFlags,
} from '../inputs/release-flags.ts';
import type { ConfigureFlags } from '../configure/resolve-conf-plan.ts';
import { addConfigFileFlag } from '../apply/take-config-file.ts';

export function configureCommand(context: CommandContext): Command {
  const command = new Command('configure').summary('make keystone.conf use the directory');
  addReleaseFlag(
    command.description(
      'Edits keystone.conf so that Keystone reads its identities from LDAP and binds as -D. Existing settings stay unless an option or -f sets them; environment variables and defaults only add what is missing.',
    ),
  );
  command.option(
    '--keystone-conf <path>',
    'file to edit; if Keystone reads several, the one that sets these options',
    oneConf('configure edits one file. Name the one that sets the options of [ldap].'),
  );
  addMappingFlags(command);
  addTreeFlags(command);
  command
    .option(
      '--domain <name>',
      'write a configuration file for this domain and leave the default domain as it is',
    )
    .option(
      '--domain-config-dir <dir>',
      'directory of the domain files (default: domain_config_dir in keystone.conf)',
    )
    .option(
      '--upgrade-from <release>',
      'upgrade the file from this release to --release and keep its settings; needs no server',
    )
    .option('--move-token', 'also remove Token from the SQL backend, if another backend stores tokens')
    .option('-o, --output <file>', 'write the edited file here instead, "-" for standard output')
    .option('--no-backup', 'do not keep a copy of the previous file')
    .option('--yes', 'do not ask before replacing an account, a tree or a rule about enabled users');
  addOtherReleaseFlag(command);
  addDryRunFlag(command);
  addConnectionFlags(command);
  addJournalFlags(command);
  return addOutputFlags(addConfigFileFlag(command))
    .addHelpText('after', EXAMPLES)
    .action(action<ConfigureFlags>(context, configure));
}

async function configure(
  flags: ConfigureFlags,
  io: Io,
  isGiven: IsGiven,
  isMeant: IsMeant,
): Promise<ExitCode> {
  const { resolveConfPlan } = await import('../configure/resolve-conf-plan.ts');
  const { resolveUpgradePlan } = await import('../configure/resolve-upgrade-plan.ts');
  const { carryOutConf } = await import('../configure/carry-out-conf.ts');
  const { upgradeFrom } = flags;
  const plan =
    upgradeFrom === undefined
      ? await resolveConfPlan(flags, io, { isMeant })
      : await resolveUpgradePlan({ ...flags, upgradeFrom }, io, isGiven);
  return await carryOutConf(plan, flags, io);
}

const EXAMPLES = examples([
  [
    'Look at the change, then make it:',
    'keystone-ldap configure --keystone-conf /etc/keystone/keystone.conf -H ldap://ldap1 \\',
    '    -D cn=keystone,dc=example,dc=com -y keystone.pw --suffix dc=example,dc=com --dry-run',
  ],
  [
    'Before an upgrade of Keystone:',
    'keystone-ldap configure --keystone-conf keystone.conf --upgrade-from newton --release zed',
  ],
  ['Into another file:', 'keystone-ldap configure --keystone-conf keystone.conf -o keystone.new.conf'],
]);
