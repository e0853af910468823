import { InvalidArgumentError, Option, type Command } from 'commander';
import { KeystoneLdapError } from '../../errors.ts';
import { collect } from './collect.ts';
import { inGroup } from './help-groups.ts';

/** Which files Keystone is started with. */
export interface ConfFilesFlags {
  readonly keystoneConf?: readonly [string, ...string[]];
  readonly configDir?: readonly string[];
}

/** Which configuration of Keystone, and which of its domains. */
export interface KeystoneFlags extends ConfFilesFlags {
  readonly keystoneConf: readonly [string, ...string[]];
  readonly domain?: string;
  readonly domainConfigDir?: string;
  readonly domainId?: string;
  readonly release?: string;
  readonly timeout?: number;
}

/** The files and folders of one Keystone, which count together. */
export function addConfFilesFlags(command: Command, what: string, isRequired = false): Command {
  const file = new Option(
    '--keystone-conf <path>',
    `${what} (repeatable; later files override earlier ones)`,
  );
  return inGroup(command, 'keystone', () =>
    command
      .addOption(file.argParser(collect).makeOptionMandatory(isRequired))
      .option(
        '--config-dir <dir>',
        'directory of additional *.conf files, read after all --keystone-conf files (repeatable)',
        collect,
      ),
  );
}

/** @throws `USAGE` for a folder of files without the main one */
export function requireMainConf({ keystoneConf, configDir }: ConfFilesFlags): void {
  if (configDir !== undefined && keystoneConf === undefined)
    throw new KeystoneLdapError('USAGE', '--config-dir needs --keystone-conf.');
}

export function addKeystoneFlags(command: Command): Command {
  return inGroup(command, 'keystone', () =>
    addConfFilesFlags(command, "Keystone's configuration file", true)
      .option('--domain <name>', 'domain to check, according to its own file')
      .option(
        '--domain-config-dir <dir>',
        'directory of the domain files (default: domain_config_dir in keystone.conf)',
      )
      .option('--domain-id <id>', 'ID of that domain, needed to compute public IDs')
      .addOption(
        new Option(
          '-r, --release <release>',
          'Keystone release (default: the newest one that reads the file)',
        ).env('KEYSTONE_LDAP_RELEASE'),
      )
      .option(
        '--timeout <seconds>',
        'response timeout in seconds, if keystone.conf sets none (default: 30)',
        seconds,
      ),
  );
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}
