import { InvalidArgumentError, Option, type Command } from 'commander';
import { inGroup } from './help-groups.ts';

/** Flags named as in the OpenLDAP tools; each has a twin in the environment. */
export interface ConnectionFlags {
  readonly uri?: string;
  readonly bindDn?: string;
  readonly passwordFile?: string;
  /** By a configuration file only: another variable in the place of `KEYSTONE_LDAP_PASSWORD`. */
  readonly passwordEnv?: string;
  readonly promptPassword?: boolean;
  readonly simple?: boolean;
  readonly mechanism?: string;
  readonly startTls?: number;
  readonly caFile?: string;
  readonly timeout?: number;
  readonly wait?: number;
}

export interface ConfigConnectionFlags {
  readonly configUri?: string;
  readonly configBindDn?: string;
  readonly configPasswordFile?: string;
  readonly configPasswordEnv?: string;
}

export function addConnectionFlags(command: Command): Command {
  inGroup(command, 'connection', () =>
    command
      .addOption(
        new Option('-H, --uri <uri>', 'LDAP server: ldap://, ldaps://, ldapi:/// or ldapi://%2Fpath').env(
          'KEYSTONE_LDAP_URI',
        ),
      )
      .addOption(new Option('-D, --bind-dn <dn>', 'DN to bind with').env('KEYSTONE_LDAP_BIND_DN'))
      .option(
        '-y, --password-file <file>',
        'file that contains the bind password, "-" for standard input; a final newline is ignored ' +
          '(env: KEYSTONE_LDAP_PASSWORD_FILE, or the password itself in KEYSTONE_LDAP_PASSWORD)',
      )
      .option('-W, --prompt-password', 'ask for the bind password')
      .option('-x, --simple', 'simple bind (implied by -D); anonymous without -D')
      .addOption(
        new Option(
          '-Y, --mechanism <name>',
          'SASL mechanism (default on ldapi:// without -D: EXTERNAL)',
        ).choices(['EXTERNAL']),
      )
      .option('-Z, --start-tls', 'try StartTLS; -ZZ requires it')
      .addOption(new Option('--ca-file <file>', 'CA certificates to trust, PEM').env('KEYSTONE_LDAP_CA_FILE'))
      .option('--timeout <seconds>', 'response timeout in seconds (default: 30)', positiveSeconds)
      .option('--wait <seconds>', 'how long to keep trying while the server starts', positiveSeconds),
  );
  return countStartTls(command);
}

/** commander has no counted flags: -Z is 1, -ZZ is 2. */
function countStartTls(command: Command): Command {
  let count = 0;
  return command.on('option:start-tls', () => {
    count += 1;
    command.setOptionValueWithSource('startTls', count, 'cli');
  });
}

function positiveSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}

export function addConfigConnectionFlags(command: Command): Command {
  return inGroup(command, 'config', () =>
    command
      .addOption(
        new Option('--config-uri <uri>', 'server for cn=config (default: the server of -H)').env(
          'KEYSTONE_LDAP_CONFIG_URI',
        ),
      )
      .addOption(
        new Option(
          '--config-bind-dn <dn>',
          'DN to bind with for cn=config (default on ldapi://: EXTERNAL)',
        ).env('KEYSTONE_LDAP_CONFIG_BIND_DN'),
      )
      .addOption(
        new Option(
          '--config-password-file <file>',
          'file that contains the password for --config-bind-dn (env: KEYSTONE_LDAP_CONFIG_PASSWORD_FILE or KEYSTONE_LDAP_CONFIG_PASSWORD)',
        ),
      ),
  );
}
