import { InvalidArgumentError, Option, type Command } from 'commander';
import { KeystoneLdapError } from '../errors.ts';
import { collect } from './collect.ts';

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
  const file = new Option('--keystone-conf <path>', `${what}; given several times, later ones count`);
  return command
    .addOption(file.argParser(collect).makeOptionMandatory(isRequired))
    .option(
      '--config-dir <dir>',
      'a folder of further *.conf files, after all files; may be given again',
      collect,
    );
}

/** @throws `USAGE` for a folder of files without the main one */
export function requireMainConf({ keystoneConf, configDir }: ConfFilesFlags): void {
  if (configDir !== undefined && keystoneConf === undefined)
    throw new KeystoneLdapError('USAGE', '--config-dir needs --keystone-conf.');
}

export function addKeystoneFlags(command: Command): Command {
  return addConfFilesFlags(command, 'the file that Keystone is started with', true)
    .option('--domain <name>', 'the domain with this name, by its own file')
    .option('--domain-config-dir <dir>', "where the domains' files are, if not where keystone.conf says")
    .option('--domain-id <id>', 'the id of that domain, by which public ids are known')
    .addOption(
      new Option(
        '-r, --release <release>',
        'the Keystone release (default: the newest that reads the file)',
      ).env('KEYSTONE_LDAP_RELEASE'),
    )
    .option(
      '--timeout <seconds>',
      'longest wait for one answer, where keystone.conf sets none (default: 30)',
      seconds,
    );
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}
