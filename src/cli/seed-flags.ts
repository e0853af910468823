import { Option, type Command } from 'commander';
import { collect } from './collect.ts';

/** Which identities a command is about, and how they may be written. */
export interface SeedFlags {
  readonly file?: readonly string[];
  readonly sample?: string;
  readonly resetPasswords?: boolean;
  readonly bindablePasswords?: boolean;
  readonly allowUnsafeNames?: boolean;
}

export function addIdentityFlag(command: Command): Command {
  return command.option(
    '--file <file>',
    'identities of your own in YAML instead of the sample data, "-" for standard input; may be given several times',
    collect,
  );
}

export function addSeedFlags(command: Command): Command {
  return addIdentityFlag(command)
    .addOption(
      new Option(
        '--sample <name>',
        "a sample of our own instead of the release's: users and groups for test jobs",
      )
        .choices(['modern'])
        .conflicts('file'),
    )
    .option('--reset-passwords', 'write passwords over those of users that exist')
    .option(
      '--bindable-passwords',
      'store a second value {CRYPT}$6$… so that users can bind to the directory too (2011.3 and later)',
    )
    .option('--allow-unsafe-names', 'write names that this Keystone cannot live with; they become warnings');
}
