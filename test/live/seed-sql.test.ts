import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEGACY_RELEASES } from '../../src/releases/legacy.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { startInitialised, startSeeded } from '../support/initialised-sandbox.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

/** In the place of Keystone's own: notes its arguments, one line each call, and fails where a file says so. */
const KEYSTONE_MANAGE = `#!/bin/sh
here=$(dirname "$0")
{ printf '<%s>' "$@"; echo; } >> "$here/calls"
if [ -f "$here/fail-at" ] && [ "$(wc -l < "$here/calls")" -eq "$(cat "$here/fail-at")" ]; then
  echo "ERROR: $* is already there"
  exit 1
fi
`;

class KeystoneManage extends DisposableFolder {
  readonly program = this.write('keystone-manage', KEYSTONE_MANAGE, 0o755);

  calls(): readonly string[] {
    const file = join(this.path, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }
}

/** Whose sample data is the same, byte by byte, at the tag or revision. */
const SAME_DATA: Readonly<Record<string, string>> = { 'essex-2': 'essex-1', '2012-01-20': 'essex-3' };

const golden = (release: string): string =>
  readFileSync(new URL(`../golden/${SAME_DATA[release] ?? release}.sql.sh`, import.meta.url), 'utf8');

/** The words of each command of a golden script, as the program is to get them. */
function goldenCalls(release: string): readonly string[] {
  const lines = golden(release).trimEnd().split('\n').slice(3);
  return lines.map((line) =>
    [...line.matchAll(/'([^']*)'|(\S+)/g)]
      .slice(1)
      .map(([, quoted, bare]) => `<${quoted ?? bare ?? ''}>`)
      .join(''),
  );
}

describeLive('what stays in SQL', (slapd) => {
  describe.each(LEGACY_RELEASES.map(({ name }) => name))('%s', (release) => {
    const argv = ['seed', '--release', release];
    let server: Sandbox;

    beforeAll(async () => {
      server = await startSeeded({ slapd, release });
    });
    afterAll(() => server.stop());

    test('--sql-commands writes the script, for its owner only', async () => {
      using folder = new DisposableFolder();
      const file = join(folder.path, 'sql.sh');
      const { exitCode, stdout, stderr } = await runCliAsAdmin(server, [...argv, '--sql-commands', file]);
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: `The sample data of ${release}: already up to date.\n`,
      });
      expect(stderr).toContain(`Wrote ${file}; run it once with sh.`);
      expect(readFileSync(file, 'utf8')).toBe(golden(release));
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readdirSync(folder.path)).toEqual(['sql.sh']);
    });

    test('--sql-commands - makes the script all of standard output', async () => {
      const { exitCode, stdout, stderr } = await runCliAsAdmin(server, [...argv, '--sql-commands', '-']);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: golden(release) });
      expect(stderr).toContain('already up to date.');
    });

    test('the script gives keystone-manage the right words', async () => {
      using keystone = new KeystoneManage();
      const { stdout } = await runCliAsAdmin(server, [...argv, '--sql-commands', '-']);
      const env = { PATH: `${keystone.path}:${process.env['PATH'] ?? ''}` };
      expect(spawnSync('sh', [], { input: stdout, env, encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
      expect(keystone.calls()).toEqual(goldenCalls(release));
    });

    test('--run-keystone-manage runs the same commands', async () => {
      using keystone = new KeystoneManage();
      const run = [...argv, '--run-keystone-manage', keystone.program];
      const { exitCode, stdout, stderr } = await runCliAsAdmin(server, run);
      const calls = goldenCalls(release);
      expect(exitCode).toBe(0);
      expect(keystone.calls()).toEqual(calls);
      expect(stderr).toContain(`[1/${calls.length}] '${keystone.program}' `);
      expect(stderr).toContain(`${calls.length} commands done.\n`);
      expect(stdout + stderr).not.toMatch(/887665443383838|999888777|000999|secrete/);
    });
  });

  test('the script stops at the first failure', async () => {
    await using server = await startInitialised({ slapd, release: 'blog' });
    using keystone = new KeystoneManage();
    keystone.write('fail-at', '3');
    const argv = ['seed', '--release', 'blog', '--sql-commands', '-'];
    const { stdout } = await runCliAsAdmin(server, argv);
    const env = { PATH: `${keystone.path}:${process.env['PATH'] ?? ''}` };
    expect(spawnSync('sh', [], { input: stdout, env }).status).toBe(1);
    expect(keystone.calls()).toHaveLength(3);
  });

  test('--run-keystone-manage stops at the first failure and says which, after the directory is written', async () => {
    await using server = await startInitialised({ slapd, release: 'blog' });
    using keystone = new KeystoneManage();
    keystone.write('fail-at', '12');
    const conf = join(keystone.path, 'keystone.conf');
    const argv = [
      'seed',
      '--release',
      'blog',
      '--keystone-conf',
      conf,
      '--run-keystone-manage',
      keystone.program,
    ];
    const { exitCode, stderr } = await runCliAsAdmin(server, argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `error: Command 12 of 22 failed (exit status 1): '${keystone.program}' -c '${conf}' token add *** joeuser 1234`,
    );
    expect(stderr).toContain('ERROR: -c ');
    expect(stderr).toContain('hint: 11 were done');
    expect(stderr).not.toMatch(/887665443383838|secrete/);
    expect(keystone.calls()).toHaveLength(12);
    expect(Object.keys(await readEntries(server.ldapiUri, server.suffix))).toHaveLength(17);
  });

  test('no command runs where the directory refuses', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using keystone = new KeystoneManage();
    const file = join(keystone.path, 'sql.sh');
    const argv = [
      ...['seed', '--role-tree-dn', 'ou=None,dc=example,dc=com'],
      ...['--run-keystone-manage', keystone.program, '--sql-commands', file],
    ];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 2, stdout: '' });
    expect(keystone.calls()).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  test('--dry-run writes nothing anywhere and runs nothing', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using keystone = new KeystoneManage();
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const file = join(keystone.path, 'sql.sh');
    const argv = [
      ...['seed', '--dry-run'],
      ...['--run-keystone-manage', keystone.program, '--sql-commands', file],
    ];
    const { exitCode, stdout, stderr } = await runCliAsAdmin(server, argv);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('+ cn=customer-x,ou=Groups,dc=example,dc=com  (tenant customer-x)\n');
    expect(stdout).toContain('    userPassword: ***\n');
    expect(stderr).toContain('14 to add, 0 to change, 0 to remove; nothing was written (--dry-run).');
    expect(stderr).toContain(`would run: '${keystone.program}' token add *** joeuser customer-x`);
    expect(stdout + stderr).not.toMatch(/secrete|\$6\$|887665443383838/);
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
    expect(keystone.calls()).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  test('--json prints the plan in one object, with no password in it', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    const dry = await runCliAsAdmin(server, ['seed', '--json', '--dry-run']);
    const done = await runCliAsAdmin(server, ['seed', '--json']);
    const again = await runCliAsAdmin(server, ['seed', '--json']);
    for (const { stdout, stderr } of [dry, done, again]) expect(stdout + stderr).not.toMatch(/secrete|\$6\$/);
    const [planned, applied, left] = [dry, done, again].map(
      ({ stdout }) => JSON.parse(stdout) as Record<string, unknown>,
    );
    expect(planned).toMatchObject({ version: 1, command: 'seed', applied: false, remarks: [] });
    expect(planned).not.toHaveProperty('how');
    expect(planned?.['changes']).toHaveLength(14);
    expect(planned?.['changes']).toContainEqual({
      kind: 'add-entry',
      dn: 'uid=disabled,ou=Users,dc=example,dc=com',
      label: 'user disabled',
      attributes: {
        objectClass: ['keystoneUidObject', 'keystoneUser'],
        keystoneEnabled: ['FALSE'],
        uid: ['disabled'],
        userPassword: ['***'],
      },
    });
    expect(applied).toEqual({ ...planned, applied: true });
    expect(left).toMatchObject({ applied: true, changes: [] });
  });

  test.each([
    [['--json', '--sql-commands', '-'], '--json and --sql-commands - would both write to standard output.'],
  ])('refuses %j before it connects', async (flags, words) => {
    const { exitCode, stderr } = await runCli(['seed', '-H', 'ldap://127.0.0.1:1', ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: ${words}`);
  });

  test('identities without a part in SQL say so', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    const file = folder.write('a.yaml', 'tenants: [lab]\n');
    const argv = ['seed', '--file', file, '--sql-commands', join(folder.path, 'sql.sh')];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('These identities have no part in SQL.') as string,
    });
    expect(readdirSync(folder.path)).toEqual(['a.yaml']);
  });

  test('a script that cannot be written is an error that names the file', async () => {
    await using server = await startInitialised({ slapd, release: 'blog' });
    using folder = new DisposableFolder();
    const file = join(folder.path, 'none', 'sql.sh');
    const argv = ['seed', '--release', 'blog', '--sql-commands', file];
    const { exitCode, stderr } = await runCliAsAdmin(server, argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: Cannot write ${file}: there is no such directory`);
  });

  test.each(['old', 'the same'])(
    'others lose the right to read a script that was there: %s',
    async (content) => {
      await using server = await startInitialised({ slapd, release: 'blog' });
      using folder = new DisposableFolder();
      const file = folder.write('sql.sh', content === 'old' ? 'old\n' : golden('blog'), 0o755);
      const argv = ['seed', '--release', 'blog', '--sql-commands', file];
      expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
      expect(readFileSync(file, 'utf8')).toBe(golden('blog'));
      expect(statSync(file).mode & 0o777).toBe(0o700);
      expect(readdirSync(folder.path)).toEqual(['sql.sh']);
    },
  );
});
