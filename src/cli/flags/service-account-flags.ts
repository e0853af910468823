import { Option, type Command } from 'commander';
import { inGroup } from './help-groups.ts';
import type { ConflictChoice } from '../../plan/access/service-access.ts';

/** The account with which Keystone is to bind. */
export interface ServiceAccountFlags {
  readonly serviceAccount?: string;
  readonly servicePasswordFile?: string;
  readonly servicePasswordEnv?: string;
  readonly generateServicePassword?: string;
  readonly resetPasswords?: boolean;
  readonly serviceAccess: boolean;
  readonly accessConflicts?: ConflictChoice;
}

export function addServiceAccountFlags(command: Command): Command {
  return inGroup(command, 'account', () =>
    command
      .option(
        '--service-account <dn>',
        'DN of an account for Keystone that can only read the trees; created if it does not exist',
      )
      .option(
        '--service-password-file <file>',
        'file that contains its password (env: KEYSTONE_LDAP_SERVICE_PASSWORD_FILE or KEYSTONE_LDAP_SERVICE_PASSWORD)',
      )
      .option(
        '--generate-service-password <file>',
        'generate a password and store it in this file; an existing file is read, never overwritten',
      )
      .option('--reset-passwords', "replace the account's password if it differs")
      .addOption(
        new Option(
          '--access-conflicts <choice>',
          'what to do if an ACL denies access that Keystone needs: keep the ACL, or override it ' +
            '(default: ask; stop if this is not a terminal)',
        ).choices(CHOICES),
      )
      .option('--no-service-access', 'do not change olcAccess and olcLimits; you maintain them yourself'),
  );
}

const CHOICES: readonly ConflictChoice[] = ['keep', 'override'];
