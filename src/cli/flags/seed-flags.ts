import { Option, type Command } from 'commander';
import { inGroup } from './help-groups.ts';
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
    'turn off disk syncs in back-mdb until the run ends (olcDbEnvFlags); requires access to cn=config',
  );
}

export function addStreamFlags(command: Command): Command {
  return inGroup(command, 'identities', () =>
    command
      .addOption(
        new Option(
          '--generate <what>',
          'generate fake users, for example users=1000000,groups=500,seed=42; the same seed gives the same users',
        ).conflicts('sample'),
      )
      .addOption(bulkOption())
      .addOption(
        new Option(
          '--offline <file>',
          'write LDIF for slapadd(8) to this file, "-" for standard output, without a server',
        ).conflicts(['bulk', 'dryRun']),
      )
      .option(
        '--with-trees',
        'with --offline: also write the trees and the entries above them, for a blank database',
      ),
  );
}

export function addNewIdsFlag(command: Command): Command {
  return inGroup(command, 'identities', () =>
    command.option('--new-ids', 'continue even if some IDs cannot be kept and Keystone assigns new ones'),
  );
}

export function addIdentityFlag(command: Command): Command {
  return inGroup(command, 'identities', () =>
    command.option(
      '--file <file>',
      'your own identities instead of the sample data: YAML ("-" for standard input), or users in CSV or LDIF (repeatable)',
      collect,
    ),
  );
}

export function sampleOption(): Option {
  return new Option(
    '--sample [name]',
    'sample data: of the release (default), or users and groups for test jobs (modern)',
  )
    .choices(['release', 'modern'])
    .preset('release');
}

export function addSampleFlag(command: Command): Command {
  return inGroup(command, 'identities', () => command.addOption(sampleOption().conflicts('file')));
}

export function addSeedFlags(command: Command): Command {
  return inGroup(command, 'identities', () =>
    addNewIdsFlag(addSampleFlag(addIdentityFlag(command)))
      .option(
        '--reset-passwords',
        'overwrite the passwords of existing users; requires --file, --generate or --sample',
      )
      .option(
        '--bindable-passwords',
        'also store a {CRYPT}$6$… value, so that users can bind to the directory (2011.3 and later)',
      )
      .option(
        '--allow-unsafe-names',
        'write names that break this Keystone release; report them as warnings instead of errors',
      ),
  );
}
