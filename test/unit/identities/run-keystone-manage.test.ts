import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeystoneLdapError } from '../../../src/errors.ts';
import {
  describeCommand,
  type KeystoneManageCommand,
} from '../../../src/identities/sql/keystone-manage-commands.ts';
import { runKeystoneManage, type RunOptions } from '../../../src/identities/sql/run-keystone-manage.ts';
import { Secret } from '../../../src/secret.ts';

// A real program in place of keystone-manage: notes its arguments, and does as the first of them says.
const SCRIPT = `#!/bin/sh
printf '<%s>' "$@" >> "$0.log"
echo >> "$0.log"
case "$1" in
  fail) echo "ERROR: no such token: $2"; echo "traceback of $2" >&2; exit 3 ;;
  chatter) i=0; while [ $i -lt 5000 ]; do echo "line $i $2"; i=$((i+1)); done; exit 1 ;;
  die) kill -9 $$ ;;
  wait) exec sleep 600 ;;
esac
`;

let folder: string;
let program: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keystone-manage-'));
  program = join(folder, 'keystone-manage');
  await writeFile(program, SCRIPT);
  await chmod(program, 0o755);
});

afterEach(() => rm(folder, { recursive: true }));

const command = (...words: readonly (string | Secret)[]): KeystoneManageCommand => ({
  argv: [program, ...words],
});
const log = (): Promise<string> => readFile(`${program}.log`, 'utf8');

async function failure(
  commands: readonly KeystoneManageCommand[],
  options?: RunOptions,
): Promise<KeystoneLdapError> {
  try {
    await runKeystoneManage(commands, options);
  } catch (error) {
    if (error instanceof KeystoneLdapError) return error;
    throw error;
  }
  throw new Error('Nothing failed.');
}

test('runs one command after the other, with the words as they are', async () => {
  const seen: string[] = [];
  await runKeystoneManage([command('a', '', "it's $HOME *"), command('b', new Secret('t0k'))], {
    onCommand: (progress) =>
      seen.push(`${progress.number}/${progress.total} ${describeCommand(progress.command)}`),
  });
  expect(await log()).toBe("<a><><it's $HOME *>\n<b><t0k>\n");
  expect(seen).toEqual([`1/2 ${program} a '' 'it'\\''s $HOME *'`, `2/2 ${program} b ***`]);
});

test('stops at the first failure, and says which without its secrets', async () => {
  const error = await failure([command('a'), command('fail', new Secret('t0k')), command('c')]);
  expect(error.code).toBe('COMMAND_FAILED');
  expect(error.message).toMatch(`Command 2 of 3 failed (exit status 3): ${program} fail ***\n`);
  expect(error.message).toContain('ERROR: no such token: ***');
  expect(error.message).toContain('traceback of ***');
  expect(JSON.stringify(error) + error.message).not.toContain('t0k');
  expect(error.hint).toContain('1 were done');
  expect(await log()).toBe('<a>\n<fail><t0k>\n');
});

test('keeps the end of a long output, in whole lines', async () => {
  const { message } = await failure([command('chatter', new Secret('t0k'))]);
  expect(message.length).toBeLessThan(3000);
  expect(message.split('\n').at(-1)).toBe('line 4999 ***');
  expect(message.split('\n')[1]).toMatch(/^line \d+ \*\*\*$/);
});

test('a killed command has failed', async () => {
  expect((await failure([command('die')])).message).toContain('(signal SIGKILL)');
});

test('a program that cannot be started', async () => {
  const missing = await failure([{ argv: [join(folder, 'none'), 'a'] }]);
  expect(missing.message).toContain('there is no such program');
  expect(missing.hint).toBe('No command was done.');
  await chmod(program, 0o644);
  expect((await failure([command('a')])).message).toContain('it is not executable');
});

test('a cancelled run ends the command and starts no other', async () => {
  const controller = new AbortController();
  const error = await failure([command('a'), command('wait'), command('c')], {
    signal: controller.signal,
    onCommand: ({ number }) => {
      if (number === 2) setImmediate(() => controller.abort());
    },
  });
  expect(error.code).toBe('CANCELLED');
  expect(error.message).toContain('command 2 of 3');
  expect(await log()).not.toContain('<c>');
  expect((await failure([command('d')], { signal: controller.signal })).code).toBe('CANCELLED');
  expect(await log()).not.toContain('<d>');
});
