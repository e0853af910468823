import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { runCli } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const ACCOUNT = {
  KEYSTONE_LDAP_URI: 'ldap://ldap1',
  KEYSTONE_LDAP_BIND_DN: 'cn=k,dc=x',
  KEYSTONE_LDAP_PASSWORD: 'pw1',
};

async function place(fixture: string) {
  const folder = DisposableFolder.ofTest().path;
  const conf = join(folder, 'keystone.conf');
  await copyFile(packageFile(`fixtures/keystone-conf/${fixture}.conf`), conf);
  const env = { ...ACCOUNT, KEYSTONE_LDAP_STATE_DIR: join(folder, 'state') };
  const run = (...argv: readonly string[]) => runCli(argv, { env });
  const configure = (...argv: readonly string[]) =>
    run('configure', '--keystone-conf', conf, '--suffix', 'dc=x', ...argv);
  return { folder, conf, run, configure };
}

describe('undo of configure', () => {
  test.each([
    ['2011.3', '2011.3'],
    ['modern', 'zed'],
  ])('puts back every byte of %s, and takes that back too', async (fixture, release) => {
    const { folder, conf, run, configure } = await place(fixture);
    const before = await readFile(conf);
    expect(await configure('--release', release)).toMatchObject({ exitCode: 0 });
    const after = await readFile(conf);
    expect(after.equals(before)).toBe(false);
    const undone = await run('undo', '--yes');
    expect(undone).toMatchObject({ exitCode: 0 });
    expect(undone.stdout).toMatch(/^--- /m);
    expect(undone.stdout + undone.stderr).not.toContain('pw1');
    expect((await readFile(conf)).equals(before)).toBe(true);
    const [undo = ''] = (await readdir(join(folder, 'state', 'runs'))).toSorted().toReversed();
    expect(await readFile(join(folder, 'state', 'runs', undo), 'utf8')).not.toContain('pw1');
    expect(await run('undo', undo.replace('.ndjson', ''), '--yes')).toMatchObject({ exitCode: 0 });
    expect((await readFile(conf)).equals(after)).toBe(true);
  });

  test('takes the file of a domain away that it made, keeps it as a backup elsewhere, and makes it again', async () => {
    const { folder, conf, run, configure } = await place('modern');
    const domains = join(folder, 'domains');
    const flags = ['--release', 'zed', '--domain', 'corp', '--domain-config-dir', domains];
    const before = await readFile(conf);
    expect(await configure(...flags)).toMatchObject({ exitCode: 0 });
    const [name = ''] = await readdir(domains);
    const made = await readFile(join(domains, name));
    expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await readdir(domains)).toEqual([]);
    expect((await readFile(conf)).equals(before)).toBe(true);
    const [undo = ''] = (await readdir(join(folder, 'state', 'runs'))).toSorted().toReversed();
    expect(await run('undo', undo.replace('.ndjson', ''), '--yes')).toMatchObject({ exitCode: 0 });
    expect((await readFile(join(domains, name))).equals(made)).toBe(true);
  });

  test('is refused where somebody has edited the file since', async () => {
    const { conf, run, configure } = await place('2011.3');
    await configure();
    const edited = `${await readFile(conf, 'utf8')}\n# by hand\n`;
    await writeFile(conf, edited);
    const { exitCode, stderr } = await run('undo', '--yes');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`  ${conf} has been changed since it was written\n`);
    expect(await readFile(conf, 'utf8')).toBe(edited);
  });

  test('says what cannot come back without a backup', async () => {
    const { conf, run, configure } = await place('2011.3');
    await configure('--no-backup');
    const after = await readFile(conf);
    const { exitCode, stderr } = await run('undo', '--yes');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`remark: ${conf} stays as it is: no backup of the file before was kept.`);
    expect((await readFile(conf)).equals(after)).toBe(true);
    expect((await run('undo', '--yes')).stderr).toContain('error: There is nothing to undo');
  });
});

test('undo says so where the backup is gone', async () => {
  const { conf, run, configure } = await place('2011.3');
  await configure();
  const after = await readFile(conf);
  await rm(`${conf}.1.bak`);
  const { exitCode, stderr } = await run('undo', '--yes');
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`${conf} stays as it is: none of ${conf}.*.bak is the file before any more.`);
  expect((await readFile(conf)).equals(after)).toBe(true);
});

describe('history', () => {
  test('lists the runs, latest first, and shows one without its passwords', async () => {
    const { folder, conf, run, configure } = await place('2011.3');
    expect(await run('history')).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await configure('--dry-run')).toMatchObject({ exitCode: 0 });
    expect((await run('history')).stderr).toBe(`No run has left a journal in ${join(folder, 'state')}.\n`);
    await configure();
    await configure(); // nothing to do
    await run('undo', '--yes');
    const { stdout } = await run('history');
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(2).join(' | '))).toEqual([
      'COMMAND | RELEASE | SERVER | CHANGES | STATE',
      expect.stringMatching(/^undo \S+ \| - \| - \| 1 \| complete$/) as string,
      'configure | - | - | 1 | undone',
      '',
    ]);
    const [id = ''] = stdout.split('\n')[2]?.split(' ') ?? [];
    const shown = await run('history', 'show', id.slice(0, -1));
    expect(shown.stdout).toContain(`\n~ ${conf}\n`);
    expect(JSON.parse((await run('history', 'show', id, '--json')).stdout)).toMatchObject({
      run: { id, command: 'configure', state: 'undone', changes: 1 },
      records: [{ kind: 'file', path: conf }],
    });
    expect((await run('history', 'show', 'x')).stderr).toContain(`error: There is no run "x" in `);
    expect((await run('history', 'show', id.slice(0, 4))).stderr).toContain('is the beginning of 2 runs');
  });
});
