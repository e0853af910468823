import { readBytesIfPresent } from '../files.ts';
import {
  describeCommand,
  formatShellCommands,
  sqlCommands,
  type CommandOptions,
  type KeystoneManageCommand,
} from '../identities/keystone-manage-commands.ts';
import type { SqlPart } from '../identities/sql-part.ts';
import { replaceFile } from '../keystone-conf/file.ts';
import type { Io } from './io.ts';
import { remark } from './output.ts';
import type { SqlFlags } from './sql-flags.ts';

/** Writes or runs the commands for what Keystone keeps in SQL; where neither was asked for, says that they exist. */
export async function writeSqlPart(sql: SqlPart | undefined, flags: SqlFlags, io: Io): Promise<void> {
  const { sqlCommands: file, runKeystoneManage: executable, keystoneConf: configFile } = flags;
  const isWanted = (file ?? executable) !== undefined;
  const commands = sql === undefined ? [] : sqlCommands(sql, defined({ configFile, executable }));
  if (commands.length === 0) {
    if (isWanted) remark(io, 'These identities have no part in SQL.');
    return;
  }
  if (!isWanted)
    remark(
      io,
      `Services, endpoints and tokens stay in SQL: ${commands.length} keystone-manage commands, see --sql-commands.`,
    );
  if (file !== undefined) await writeScript(file, formatShellCommands(commands), flags.dryRun === true, io);
  if (executable !== undefined) await runAll(commands, flags.dryRun === true, io);
}

/** What has a value; `undefined` is no value of an optional property. */
function defined({
  configFile,
  executable,
}: Record<'configFile' | 'executable', string | undefined>): CommandOptions {
  return {
    ...(configFile === undefined ? {} : { configFile }),
    ...(executable === undefined ? {} : { executable }),
  };
}

async function writeScript(file: string, script: string, dryRun: boolean, io: Io): Promise<void> {
  if (file === '-') io.stdout.write(script);
  else if (!dryRun) {
    const expected = await readBytesIfPresent(file);
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
  const { runKeystoneManage } = await import('../identities/run-keystone-manage.ts');
  await runKeystoneManage(commands, {
    signal: io.signal,
    onCommand: ({ command, number, total }) => remark(io, `[${number}/${total}] ${describeCommand(command)}`),
  });
  remark(io, `${commands.length} commands done.`);
}
