import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFile, readText } from '../../src/files.ts';
import { freePort } from '../../src/sandbox/free-port.ts';
import { runCommand, runToSuccess } from '../../src/sandbox/run-command.ts';
import { describeNeeding, testNeeding } from '../support/needs/needing.ts';

const root = packageFile('');
const QUIET = ['--no-audit', '--no-fund', '--prefer-offline'];
let folder: string;

/** A project of a user: the packed package, and the runners that this project has already. */
async function installPackage(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'keystone-ldap-recipes-'));
  const tarballs = join(folder, 'tarballs');
  await mkdir(tarballs);
  await runToSuccess('npm', ['pack', '--pack-destination', tarballs], { cwd: root });
  const [tarball = ''] = await readdir(tarballs);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await runToSuccess('npm', ['install', ...QUIET, '--omit=dev', join(tarballs, tarball)], { cwd: folder });
  await cp(join(root, 'examples/testing'), folder, { recursive: true });
}

describe('docs/testing.md', () => {
  test('shows the recipes as they are', async () => {
    const page = await readText(packageFile('docs/testing.md'));
    const examples = join(root, 'examples/testing');
    const files = await readdir(examples, { recursive: true, withFileTypes: true });
    const texts = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
    expect(texts.length).toBeGreaterThanOrEqual(10);
    for (const file of texts) expect(page, file).toContain(`\n${await readText(file)}\`\`\`\n`);
  });
});

describeNeeding(['slapd', 'npm registry'], 'a project that tests with', () => {
  beforeAll(installPackage, 180_000);
  afterAll(async () => await rm(folder, { recursive: true, force: true }));

  /** Of a runner's own environment nothing is to reach the one under test. */
  const run = (command: string, args: readonly string[], cwd: string) =>
    runCommand('env', ['-u', 'NODE_OPTIONS', '-u', 'VITEST', '-u', 'NODE_ENV', command, ...args], {
      cwd: join(folder, cwd),
      env: { NO_COLOR: '1', FORCE_COLOR: '0', CI: '1' },
    });

  test('vitest has a shared directory, and one of each file', async () => {
    await symlink(join(root, 'node_modules/vitest'), join(folder, 'node_modules/vitest'));
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const { exitCode, stdout, stderr } = await run('node', [vitest, 'run'], 'vitest');
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toContain('3 passed');
  });

  test('node:test has a directory of its own', async () => {
    const { exitCode, stdout } = await run('node', ['--test', 'directory.test.js'], 'node-test');
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('pass 2');
  });

  test('any runner has one of the command line', async () => {
    const sandbox = ['keystone-ldap', 'sandbox', '--release', 'zed', '--sample', 'modern'];
    const { exitCode, stdout } = await run(
      'npx',
      [...sandbox, '--', 'node', '--test', 'shared.test.js'],
      'node-test',
    );
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('pass 1');
  });

  /** The lines of shell that README.md and docs/testing.md show, those with pytest or the others. */
  const shownLines = async (withPytest: boolean): Promise<string> => {
    await cp(packageFile('fixtures/identities-example.yaml'), join(folder, 'identities.yaml'));
    const pages = await Promise.all(
      ['README.md', 'docs/testing.md'].map((name) => readText(packageFile(name))),
    );
    const blocks = [
      ...pages.join('').matchAll(/^```sh run by test\/package\/recipes.test.ts\n(.*?)^```$/gms),
    ].map(([, block = '']) => block);
    expect(blocks).toHaveLength(3);
    const lines = blocks
      .join('')
      .replace('--port 3890', `--port ${await freePort()}`)
      .split('\n');
    return lines.filter((line) => / -- pytest\b/.test(line) === withPytest).join('\n');
  };

  const runShown = async (script: string) => {
    const path = [join(folder, 'bin'), join(folder, 'node_modules/.bin'), process.env['PATH']].join(':');
    // Sandboxes of others are not to be stopped.
    return await run('env', [`PATH=${path}`, `TMPDIR=${folder}`, 'sh', '-ec', script], '');
  };

  testNeeding(
    ['pytest with python-ldap'],
    'pytest has the commands that README.md and docs/testing.md show',
    async () => {
      await mkdir(join(folder, 'bin'), { recursive: true });
      // That of Debian's python3-pytest: one that comes before it in PATH may have no python-ldap.
      await symlink('/usr/bin/pytest', join(folder, 'bin/pytest'));
      const { exitCode, stdout, stderr } = await runShown(await shownLines(true));
      expect(exitCode, stdout + stderr).toBe(0);
      expect(stdout.match(/1 passed/g)).toHaveLength(2);
    },
  );

  test('a stand-in for go has the other commands that they show', async () => {
    await mkdir(join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'bin/go'), '#!/bin/sh\nkeystone-ldap verify\n', { mode: 0o755 });
    const { exitCode, stdout, stderr } = await runShown(await shownLines(false));
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stderr).toMatch(/Stopped \w{6}\.\n$/);
  });

  test('TypeScript has types', async () => {
    const page = await readText(packageFile('docs/testing.md'));
    const [, example = ''] = /^```ts\n(.*?)^```$/ms.exec(page) ?? [];
    const use = `${example}const text: string = directory.keystoneConf + directory.password.reveal();\n`;
    await writeFile(join(folder, 'use.mts'), `${use}await directory.reset();\nexport { text };\n`);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const { exitCode, stdout } = await run(
      'node',
      [tsc, ...strict, '--lib', 'es2023,esnext.disposable', ...types, 'use.mts'],
      '',
    );
    expect([stdout, exitCode]).toEqual(['', 0]);
  });

  test('jest has a shared directory', async () => {
    await runToSuccess('npm', ['install', ...QUIET, '--no-save', 'jest'], { cwd: join(folder, 'jest') });
    const { exitCode, stderr } = await run('npx', ['jest'], 'jest');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('1 passed');
  }, 120_000);
});
