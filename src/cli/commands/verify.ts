import { Command } from 'commander';
import { collect } from '../collect.ts';
import { action, type CommandContext } from '../command-context.ts';
import { addConnectionFlags } from '../connection-flags.ts';
import { examples } from '../examples.ts';
import { addOutputFlags } from '../output.ts';
import { addMappingFlags, addReleaseFlag, addTreeFlags } from '../release-flags.ts';
import type { VerifyFlags } from '../run-verify.ts';
import { addIdentityFlag, sampleOption } from '../seed-flags.ts';
import { addConfigFileFlag } from '../take-config-file.ts';

export function verifyCommand(context: CommandContext): Command {
  const command = new Command('verify').summary('ask the directory what Keystone would ask');
  addReleaseFlag(
    command.description(
      'Reads schema, trees, users, tenants, roles and grants the way the release does. Exit 1 on errors found.',
    ),
  );
  command
    .option(
      '--keystone-conf <path>',
      'take server, identity and trees from this file, and check it; given several times, later ones count',
      collect,
    )
    .option('--domain <name>', 'take them from the file of this domain')
    .option('--domain-config-dir <dir>', "where the domains' files are, if not where keystone.conf says")
    .option('--domain-id <id>', 'the id of that domain, by which public ids are known');
  addIdentityFlag(command)
    .addOption(sampleOption())
    .option('--no-sample', 'do not look for the sample data')
    .option('--login <user>', 'log in as the release does, and show the tenants and roles that the user gets')
    .option(
      '--login-password-file <file>',
      'the password of that user (env: KEYSTONE_LDAP_LOGIN_PASSWORD_FILE or KEYSTONE_LDAP_LOGIN_PASSWORD)',
    );
  addMappingFlags(command);
  addTreeFlags(command);
  addConnectionFlags(command);
  return addOutputFlags(addConfigFileFlag(command))
    .addHelpText('after', EXAMPLES)
    .action(
      action<VerifyFlags>(context, async (flags, io, isGiven) =>
        (await import('../run-verify.ts')).runVerify(flags, io, isGiven),
      ),
    );
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
  ['Identities of your own:', 'keystone-ldap verify -H ldapi:/// --file identities.yaml --json'],
]);
