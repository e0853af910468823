import { Command } from 'commander';
import { actionOn, type CommandContext } from '../flags/command-context.ts';
import { examples } from '../flags/examples.ts';
import { addKeystoneFlags } from '../flags/keystone-flags.ts';
import { addOutputFlags } from '../terminal/output.ts';
import type { LoginFlags } from '../verify/run-login.ts';

export function loginCommand(context: CommandContext): Command {
  const command = new Command('login')
    .summary('test a login the way Keystone does it')
    .description(
      "Looks the user up and binds the way Keystone does, with Keystone's own settings. Exits with 1 if Keystone would refuse the login.",
    )
    .argument('<user>', 'login name');
  addKeystoneFlags(command)
    .option('--project <name>', 'also check whether the user has a role in this project')
    .option(
      '-y, --user-password-file <file>',
      'file that contains the password of the user, "-" for standard input (default: ask) ' +
        '(env: KEYSTONE_LDAP_LOGIN_PASSWORD_FILE or KEYSTONE_LDAP_LOGIN_PASSWORD)',
    );
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(
      actionOn<LoginFlags>(
        context,
        async (...args) => await (await import('../verify/run-login.ts')).runLogin(...args),
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
