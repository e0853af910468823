import { LIMITS } from '../../bounded-input.ts';
import { readReplaceable } from '../../files.ts';
import { clientScript } from '../../identities/sql/client-script.ts';
import type { Identities, User } from '../../identities/identities.ts';
import {
  describeCommand,
  sqlCommands,
  type KeystoneManageCommand,
} from '../../identities/sql/keystone-manage-commands.ts';
import { EMPTY_SQL_PART, type SqlPart } from '../../identities/sql/sql-part.ts';
import { undoable } from '../../identities/sql/undoable.ts';
import { replaceFile } from '../../keystone-conf/document/file.ts';
import { clientOf } from '../../releases/client-kind.ts';
import type { Release } from '../../releases/release.ts';
import type { Io } from '../terminal/io.ts';
import { remark } from '../terminal/output.ts';
import type { SqlFlags } from '../flags/sql-flags.ts';

/** What a release keeps in SQL of the identities that were seeded. */
export interface InSql {
  readonly left: Identities;
  /** Those in LDAP. */
  readonly users: readonly User[];
  readonly sql: SqlPart | undefined;
}

/**
 * Writes or runs the commands of the release's own client for what it keeps in SQL; where neither was asked for, says
 * that they exist.
 */
export async function writeSqlPart(release: Release, inSql: InSql, flags: SqlFlags, io: Io): Promise<void> {
  const { sqlCommands: file, runKeystoneManage: executable, keystoneConf: configFile } = flags;
  const isWanted = (file ?? executable) !== undefined;
  const client = clientOf(release.name);
  const options = {
    users: inSql.users,
    ...(configFile === undefined ? {} : { configFile }),
    ...(executable === undefined ? {} : { executable }),
  };
  const script = clientScript(inSql.left, inSql.sql, client, options);
  if (script === undefined) {
    if (isWanted) remark(io, 'These identities have no part in SQL.');
    return;
  }
  if (!isWanted) remark(io, `${IN_SQL[client.kind]}: --sql-commands FILE writes the commands.`);
  if (file !== undefined) await writeScript(file, script, flags.dryRun === true, io);
  if (executable === undefined) return;
  const { sql = EMPTY_SQL_PART, left } = inSql;
  for (const note of undoable(left, sql, client)) remark(io, `not done: ${note}`);
  if (client.kind !== 'keystone-manage') return;
  await runAll(sqlCommands(sql, { ...options, style: client.style }), flags.dryRun === true, io);
}

const IN_SQL = {
  'keystone-manage': 'Services, endpoints and tokens stay in SQL, where keystone-manage adds them',
  keystone: 'Services and endpoints stay in SQL, where the keystone client adds them',
  openstack:
    'Projects, roles, grants, services and endpoints stay in SQL, where the openstack client adds them',
} as const;

async function writeScript(file: string, script: string, dryRun: boolean, io: Io): Promise<void> {
  if (file === '-') io.stdout.write(script);
  else if (!dryRun) {
    const expected = await readReplaceable(file, LIMITS.plan);
    await replaceFile(file, Buffer.from(script), { expected, backup: false, ownerOnly: true });
    remark(
      io,
      `Wrote ${file}; run it once with sh. It holds tokens in clear text and is readable by its owner only.`,
    );
  }
}

async function runAll(commands: readonly KeystoneManageCommand[], dryRun: boolean, io: Io): Promise<void> {
  if (dryRun) {
    for (const command of commands) remark(io, `would run: ${describeCommand(command)}`);
    return;
  }
  const { runKeystoneManage } = await import('../../identities/sql/run-keystone-manage.ts');
  await runKeystoneManage(commands, {
    signal: io.signal,
    onCommand: ({ command, number, total }) => remark(io, `[${number}/${total}] ${describeCommand(command)}`),
  });
  remark(io, `${commands.length} commands done.`);
}
