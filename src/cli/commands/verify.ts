import { Command, InvalidArgumentError } from 'commander';
import { action, type CommandContext } from '../flags/command-context.ts';
import { addConnectionFlags } from '../flags/connection-flags.ts';
import { examples } from '../flags/examples.ts';
import { addConfFilesFlags } from '../flags/keystone-flags.ts';
import { addOutputFlags } from '../terminal/output.ts';
import { addMappingFlags, addReleaseFlag, addTreeFlags } from '../inputs/release-flags.ts';
import type { VerifyFlags } from '../verify/verify-flags.ts';
import { addIdentityFlag, sampleOption } from '../flags/seed-flags.ts';
import { addConfigFileFlag } from '../apply/take-config-file.ts';

export function verifyCommand(context: CommandContext): Command {
  const command = new Command('verify').summary('ask the directory what Keystone would ask');
  addReleaseFlag(
    command.description(
      'Reads schema and trees the way the release does, and counts the users and groups that Keystone lists. ' +
        'With --file, -f or --sample it also checks each of these identities. Exits with 1 if it finds an error.',
    ),
  );
  addConfFilesFlags(command, 'read server, account and trees from this keystone.conf, and check it')
    .option('--domain <name>', 'read them from the file of this domain')
    .option(
      '--domain-config-dir <dir>',
      'directory of the domain files (default: domain_config_dir in keystone.conf)',
    )
    .option('--domain-id <id>', 'ID of that domain, needed to compute public IDs');
  addIdentityFlag(command)
    .addOption(sampleOption())
    .option('--no-sample', 'do not check the identities that the -f file declares')
    .option(
      '--min-users <n>',
      'minimum number of users that Keystone must list (default: 1 if no identities are given)',
      count,
    )
    .option('--login <user>', 'log this user in the way the release does, and show the tenants and roles')
    .option(
      '--login-password-file <file>',
      'file that contains the password of --login (env: KEYSTONE_LDAP_LOGIN_PASSWORD_FILE or KEYSTONE_LDAP_LOGIN_PASSWORD)',
    );
  addMappingFlags(command);
  addTreeFlags(command);
  addConnectionFlags(command);
  return addOutputFlags(addConfigFileFlag(command))
    .addHelpText('after', EXAMPLES)
    .action(
      action<VerifyFlags>(context, async (flags, io, isGiven) =>
        (await import('../verify/run-verify.ts')).runVerify(flags, io, isGiven),
      ),
    );
}

function count(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

const EXAMPLES = examples([
  ['As Keystone itself sees it:', 'keystone-ldap verify --keystone-conf /etc/keystone/keystone.conf'],
  [
    'Can joeuser log in?',
    'keystone-ldap verify -H ldap://ldap1 -D cn=keystone,dc=example,dc=com -W --login joeuser',
  ],
  [
    'Under which ids does Keystone show alice and her groups?',
    'keystone-ldap verify --keystone-conf k.conf -r zed --domain CORP --domain-id ID --login alice',
  ],
  [
    'Is the sample data of the release there, after seed?',
    'keystone-ldap verify -r zed --sample release -H ldapi:///',
  ],
  ['Identities of your own:', 'keystone-ldap verify -H ldapi:/// --file identities.yaml --json'],
]);
