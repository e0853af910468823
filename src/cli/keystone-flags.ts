import { InvalidArgumentError, Option, type Command } from 'commander';
import { collect } from './collect.ts';

/** Which configuration of Keystone, and which of its domains. */
export interface KeystoneFlags {
  readonly keystoneConf: readonly [string, ...string[]];
  readonly configDir?: readonly string[];
  readonly domain?: string;
  readonly domainConfigDir?: string;
  readonly domainId?: string;
  readonly release?: string;
  readonly timeout?: number;
}

export function addKeystoneFlags(command: Command): Command {
  return command
    .requiredOption(
      '--keystone-conf <path>',
      'the file that Keystone is started with; given several times, later ones count',
      collect,
    )
    .option(
      '--config-dir <dir>',
      'a folder of further *.conf files, after all files; may be given again',
      collect,
    )
    .option('--domain <name>', 'the domain with this name, by its own file')
    .option(
      '--domain-config-dir <dir>',
      'directory of the domain files (default: domain_config_dir in keystone.conf)',
    )
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
