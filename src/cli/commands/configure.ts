import { Command } from 'commander';
import { action, type CommandContext, type IsGiven, type IsMeant } from '../command-context.ts';
import { addConnectionFlags } from '../connection-flags.ts';
import { oneConf } from '../collect.ts';
import { examples } from '../examples.ts';
import type { ExitCode, Io } from '../io.ts';
import { addDryRunFlag, addOutputFlags } from '../output.ts';
import { addJournalFlags } from '../journal-flags.ts';
import { addMappingFlags, addOtherReleaseFlag, addReleaseFlag, addTreeFlags } from '../release-flags.ts';
import type { ConfigureFlags } from '../resolve-conf-plan.ts';
import { addConfigFileFlag } from '../take-config-file.ts';

export function configureCommand(context: CommandContext): Command {
  const command = new Command('configure').summary('make keystone.conf use the directory');
  addReleaseFlag(
    command.description(
      'Edits keystone.conf so that Keystone finds its identities in LDAP, binding as -D. A setting of the file stays unless a flag or -f names it; the environment and defaults only fill gaps.',
    ),
  );
  command.option(
    '--keystone-conf <path>',
    'the file to edit; if Keystone reads several, the one that sets these options',
    oneConf('configure edits one file. Name the one that sets the options of [ldap].'),
  );
  addMappingFlags(command);
  addTreeFlags(command);
  command
    .option('--domain <name>', 'give this domain a file of its own, and leave the default domain as it is')
    .option('--domain-config-dir <dir>', "where the domains' files are, if not where keystone.conf says")
    .option(
      '--upgrade-from <release>',
      'bring the file forward from this release to --release, and keep what it says; needs no server',
    )
    .option('--move-token', 'take Token out of SQL too, where another backend stores tokens')
    .option('-o, --output <file>', 'write the edited file there instead, "-" for standard output')
    .option('--no-backup', 'keep no copy of the previous file beside it')
    .option('--yes', 'never ask before an account, a tree or a rule of who is enabled is replaced');
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
  const { resolveConfPlan } = await import('../resolve-conf-plan.ts');
  const { resolveUpgradePlan } = await import('../resolve-upgrade-plan.ts');
  const { carryOutConf } = await import('../carry-out-conf.ts');
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
