import { Command } from 'commander';
import { actionOn, type CommandContext } from '../command-context.ts';
import { examples } from '../examples.ts';
import { addKeystoneFlags } from '../keystone-flags.ts';
import { addOutputFlags } from '../output.ts';
import type { LoginFlags } from '../run-login.ts';

export function loginCommand(context: CommandContext): Command {
  const command = new Command('login')
    .summary('would Keystone let this user in, and why')
    .description(
      "Looks a user up and binds as Keystone does, with Keystone's own settings. Exit 1 where it would refuse.",
    )
    .argument('<user>', 'the login name');
  addKeystoneFlags(command)
    .option('--project <name>', 'whether the user has a role there')
    .option(
      '-y, --user-password-file <file>',
      'the password of that user, "-" for standard input; asked for on a terminal ' +
        '(env: KEYSTONE_LDAP_LOGIN_PASSWORD_FILE or KEYSTONE_LDAP_LOGIN_PASSWORD)',
    );
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      actionOn<LoginFlags>(
        context,
        async (...args) => await (await import('../run-login.ts')).runLogin(...args),
      ),
    );
}

const EXAMPLES = examples([
  ['Asks for the password:', 'keystone-ldap login alice --keystone-conf /etc/keystone/keystone.conf'],
  [
    'Of a domain of its own, with the public ids:',
    'keystone-ldap login alice --keystone-conf k.conf --domain CORP --domain-id ID -y alice.pw',
  ],
]);
