import type { Command } from 'commander';
import { oneConf } from './collect.ts';
import { inGroup } from './help-groups.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { clientOf } from '../../releases/client-kind.ts';
import type { Release } from '../../releases/release.ts';

/** What is to become of the identities' part that Keystone keeps in SQL. */
export interface SqlFlags {
  readonly sqlCommands?: string;
  readonly runKeystoneManage?: string;
  readonly keystoneConf?: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

export function addSqlFlags(command: Command): Command {
  return inGroup(command, 'sql', () =>
    command
      .option(
        '--sql-commands <file>',
        'write the commands that create what Keystone keeps in SQL to this file, "-" for standard output',
      )
      .option(
        '--run-keystone-manage <path>',
        'run these commands with this keystone-manage (2011 only); stop at the first failure',
      )
      .option(
        '--keystone-conf <path>',
        'keystone.conf: sets the release, and is passed to these commands (-c)',
        oneConf('these commands take one file. Name the one that sets the database.'),
      ),
  );
}

/** @throws `USAGE` for flags that contradict each other */
export function requireSqlFlags(
  { runKeystoneManage }: SqlFlags,
  { name, title }: Pick<Release, 'name' | 'title'>,
): void {
  if (runKeystoneManage !== undefined && clientOf(name).kind !== 'keystone-manage')
    throw new KeystoneLdapError(
      'USAGE',
      `keystone-manage of ${title} adds nothing of this: leave out --run-keystone-manage.`,
      {
        hint: "Write a script for the release's own client with --sql-commands FILE.",
      },
    );
}

/** What no release would make sense of. @throws `USAGE` */
export function requireOneOutput({ sqlCommands, json }: SqlFlags): void {
  if (sqlCommands === '-' && json === true)
    throw new KeystoneLdapError('USAGE', '--json and --sql-commands - would both write to standard output.', {
      hint: 'Give --sql-commands a file.',
    });
}
