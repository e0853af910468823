import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allCommands, commandFacts } from '../../src/cli/completion/command-facts.ts';
import { buildProgram } from '../../src/cli/main.ts';
import { describeNeeding } from '../support/needs/needing.ts';
import { runCli } from '../support/run-cli.ts';
import { SHELLS, shellCompletions, type Shell } from '../support/shell-completions.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { testIo } from '../support/test-io.ts';

const PROGRAM = commandFacts(await buildProgram(testIo().io, () => undefined));

/** Command lines with the cursor at their end, and all that is offered for them. */
const CASES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['keystone-ldap ini', ['init']],
  ['keystone-ldap schema ', ['convert', 'diff', 'list', 'show']],
  ['keystone-ldap schema show --form', ['--format']],
  ['keystone-ldap help ve', ['verify']],
  ['keystone-ldap init -r 2014', ['2014.1', '2014.2']],
  ['keystone-ldap init -r hav', ['havana']],
  ['keystone-ldap configure --upgrade-from ne', ['newton']],
  ['keystone-ldap releases ze', ['zed']],
  ['keystone-ldap verify --ldap-holds ', ['all', 'identity']],
  ['keystone-ldap schema convert --to ', ['ldif', 'schema']],
  ['keystone-ldap verify -H ldap://127.0.0.1:389 --no-s', ['--no-sample']],
  ['keystone-ldap verify --login show --no-s', ['--no-sample']],
  ['keystone-ldap configure --keystone-conf keystone.', ['keystone.conf']],
  ['keystone-ldap schema diff keystone.', ['keystone.conf']],
  ['keystone-ldap schema diff essex-', ['essex-1', 'essex-3']],
  ['keystone-ldap sandbox fe', ['fetch']],
  ['keystone-ldap sandbox -- cat keystone.', ['keystone.conf']],
  ['keystone-ldap init -D ', []],
  ['keystone-ldap frobnicate --upgr', []],
  ['keystone-ldap seed -r $(touch${IFS}run)', []],
];

async function folderWithFiles(): Promise<string> {
  const folder = DisposableFolder.ofTest().path;
  await writeFile(join(folder, 'keystone.conf'), '');
  await mkdir(join(folder, 'keys.d'));
  return folder;
}

async function scriptOf(shell: Shell): Promise<string> {
  const { exitCode, stdout, stderr } = await runCli(['completion', shell]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

for (const shell of SHELLS)
  describeNeeding([shell], `completion ${shell}`, () => {
    test('offers what fits, and runs nothing', async () => {
      const place = { script: await scriptOf(shell), folder: await folderWithFiles() };
      const offered = await shellCompletions(
        shell,
        place,
        CASES.map(([line]) => line),
      );
      expect(CASES.map(([line], at) => [line, offered[at]])).toEqual(
        CASES.map(([line, words]) => [line, words]),
      );
      expect(await readdir(place.folder)).not.toContain('run');
    });

    test('offers choices behind "=", and folders alone where a folder is wanted', async () => {
      const place = { script: await scriptOf(shell), folder: await folderWithFiles() };
      const lines = ['keystone-ldap init --release=2014', 'keystone-ldap configure --domain-config-dir key'];
      const [releases = [], folders = []] = await shellCompletions(shell, place, lines);
      expect(releases.map((word) => word.replace('--release=', ''))).toEqual(['2014.1', '2014.2']);
      expect(folders.map((word) => word.replace(/\/$/, ''))).toEqual(['keys.d']);
    });

    test('knows every command and flag', async () => {
      const place = { script: await scriptOf(shell), folder: await folderWithFiles() };
      const all = allCommands(PROGRAM).filter(({ path: typed }) => typed.join() !== 'help');
      const lines = all.map(({ path: typed }) => ['keystone-ldap', ...typed, '--'].join(' '));
      const offered = await shellCompletions(shell, place, lines);
      const flags = all.map((command) =>
        command.flags.flatMap(({ names }) => names.filter((name) => name.startsWith('--'))).toSorted(),
      );
      expect(lines.map((line, at) => [line, offered[at]])).toEqual(
        lines.map((line, at) => [line, flags[at]]),
      );
    });
  });

test('another shell is refused with a guess', async () => {
  const { exitCode, stderr } = await runCli(['completion', 'fishh']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("'fishh' is invalid for argument 'shell'");
  expect(stderr).toContain('(Did you mean fish?)');
});

test('--json has the script', async () => {
  const { stdout } = await runCli(['completion', 'bash', '--json']);
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    command: 'completion',
    shell: 'bash',
    script: await scriptOf('bash'),
  });
});
