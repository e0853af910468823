import { Option, type Command } from 'commander';
import type { ConflictChoice } from '../plan/service-access.ts';

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
  return command
    .option(
      '--service-account <dn>',
      'an account for Keystone that may read the trees and no more; created where it is missing',
    )
    .option(
      '--service-password-file <file>',
      'its password (env: KEYSTONE_LDAP_SERVICE_PASSWORD_FILE or KEYSTONE_LDAP_SERVICE_PASSWORD)',
    )
    .option(
      '--generate-service-password <file>',
      'draw its password and keep it in this new file; one that exists is read and never written',
    )
    .option('--reset-passwords', 'replace another password that the account has')
    .addOption(
      new Option(
        '--access-conflicts <choice>',
        'what to do if a rule of the server refuses what is needed: keep the rule in force, or override it ' +
          '(default: ask; without a terminal, refuse)',
      ).choices(CHOICES),
    )
    .option('--no-service-access', 'leave olcAccess and olcLimits alone: they are kept by hand');
}

const CHOICES: readonly ConflictChoice[] = ['keep', 'override'];
