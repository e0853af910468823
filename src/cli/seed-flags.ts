import { Option, type Command } from 'commander';
import { collect } from './collect.ts';
import type { DeclaredIdentities } from './declared-identities.ts';

/** Which identities a command is about, and how they may be written. */
export interface SeedFlags {
  readonly file?: readonly string[];
  readonly declared?: DeclaredIdentities;
  readonly sample?: string;
  readonly resetPasswords?: boolean;
  readonly bindablePasswords?: boolean;
  readonly allowUnsafeNames?: boolean;
  readonly allowOtherRelease?: boolean;
  readonly newIds?: boolean;
}

/** What makes a seed large, or quick. */
export interface StreamFlags {
  readonly generate?: string;
  readonly bulk?: boolean;
  readonly offline?: string;
  readonly withTrees?: boolean;
}

export function bulkOption(): Option {
  return new Option(
    '--bulk',
    'let back-mdb not wait for the disk until the end (olcDbEnvFlags); needs cn=config',
  );
}

export function addStreamFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--generate <what>',
        'people who do not exist, the same for the same seed: users=1000000,groups=500,seed=42',
      ).conflicts('sample'),
    )
    .addOption(bulkOption())
    .addOption(
      new Option(
        '--offline <file>',
        'write LDIF for slapadd(8) instead, "-" for standard output; no server is asked',
      ).conflicts(['bulk', 'dryRun']),
    )
    .option('--with-trees', 'with --offline: the trees and what is above them too, for a blank database');
}

export function addNewIdsFlag(command: Command): Command {
  return command.option(
    '--new-ids',
    'go on although ids of these identities cannot be kept, and become others',
  );
}

export function addIdentityFlag(command: Command): Command {
  return command.option(
    '--file <file>',
    'identities of your own instead of the sample data: YAML ("-" for standard input), or users in CSV or LDIF; may be given several times',
    collect,
  );
}

export function sampleOption(): Option {
  return new Option(
    '--sample [name]',
    'sample data: those of the release (default), or users and groups for test jobs (modern)',
  )
    .choices(['release', 'modern'])
    .preset('release');
}

export function addSampleFlag(command: Command): Command {
  return command.addOption(sampleOption().conflicts('file'));
}

export function addSeedFlags(command: Command): Command {
  return addNewIdsFlag(addSampleFlag(addIdentityFlag(command)))
    .option(
      '--reset-passwords',
      'overwrite the passwords of existing users; requires --file, --generate or --sample',
    )
    .option(
      '--bindable-passwords',
      'store a second value {CRYPT}$6$… so that users can bind to the directory too (2011.3 and later)',
    )
    .option('--allow-unsafe-names', 'write names that this Keystone cannot live with; they become warnings');
}
