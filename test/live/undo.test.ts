import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Edit } from '../../src/directory/session.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { applyFailing } from '../support/apply-failing.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { GENERATIONS, storesClearText } from '../support/generations.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin, type CliResult } from '../support/run-cli.ts';
import { spawnCli } from '../support/spawn-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';

const USER = 'cn=extra,ou=Users,dc=example,dc=com';

/** Everything but operational attributes, of the data and of what the tool changes in cn=config. */
async function dump({ ldapiUri, suffix }: Sandbox): Promise<unknown> {
  const data = await readEntries(ldapiUri, suffix);
  const config = await readEntries(ldapiUri, 'olcDatabase={1}mdb,cn=config', ['olcAccess', 'olcLimits']);
  return { data, config };
}

async function edit({ ldapiUri, ...server }: Sandbox, dn: string, ...edits: readonly Edit[]): Promise<void> {
  await using session = await asManager({ ldapiUri, ...server });
  await session.modify(dn, edits);
}

/** Runs the tool with a state folder of its own. */
function runner(server: Sandbox, folder: DisposableFolder) {
  return (...argv: readonly string[]): Promise<CliResult> =>
    runCliAsAdmin(server, argv, { env: { KEYSTONE_LDAP_STATE_DIR: folder.path } });
}

async function states(run: ReturnType<typeof runner>): Promise<readonly string[]> {
  const { stdout } = await run('history', '--json');
  const { runs } = JSON.parse(stdout) as { runs: { command: string; state: string }[] };
  return runs.map(({ command, state }) => `${command} ${state}`);
}

describeLive('undo', (slapd) => {
  describe.each(GENERATIONS)('of seed for %s', (release) => {
    test('leaves the tree as it was, and undone again as it had become', async () => {
      await using server = await startInitialised({ slapd, release });
      using folder = new DisposableFolder();
      const run = runner(server, folder);
      const before = await dump(server);
      expect(await run('seed', '--release', release)).toMatchObject({ exitCode: 0 });
      const seeded = await dump(server);
      const undone = await run('undo', '--yes');
      expect(undone).toMatchObject({ exitCode: 0 });
      expect(undone.stdout + undone.stderr).not.toMatch(/secrete|\$6\$|\{SSHA\}/);
      expect(await dump(server)).toEqual(before);
      expect(await states(run)).toEqual(['undo complete', 'seed undone']);
      const id = (await readdir(join(folder.path, 'runs'))).toSorted().at(-1)?.replace('.ndjson', '') ?? '';
      const redone = await run('undo', id, '--yes');
      expect(redone).toMatchObject({ exitCode: 0 });
      // Only clear text is in no journal.
      if (storesClearText(release)) expect(redone.stderr).toContain('comes back without its password');
      else expect(await dump(server)).toEqual(seeded);
      expect(await states(run)).toEqual(['undo complete', 'undo undone', 'seed complete']);
    });
  });

  test('takes back init with its service account and rules, but for the schema', async () => {
    await using server = await startSandbox({ slapd });
    using folder = new DisposableFolder();
    const run = runner(server, folder);
    const before = await dump(server);
    const password = folder.write('pw', 'keystone-secret');
    const account = [
      '--service-account',
      'cn=keystone,dc=example,dc=com',
      '--service-password-file',
      password,
    ];
    expect(await run('init', ...account)).toMatchObject({ exitCode: 0 });
    expect(await dump(server)).not.toEqual(before);
    const { exitCode, stderr } = await run('undo', '--yes');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('cn=schema,cn=config stays: slapd takes no schema entry away');
    expect(await dump(server)).toEqual(before);
    expect(await run('init', ...account)).toMatchObject({ exitCode: 0 });
  });

  test('puts edited values and replaced passwords back', async () => {
    await using server = await startInitialised({ slapd, release: '2014.2' });
    using folder = new DisposableFolder();
    const run = runner(server, folder);
    const first = folder.write(
      'first.yaml',
      'users: [{name: a, password: one}, {name: b, password: two}]\ntenants: [{name: t, description: old}]\n',
    );
    const second = folder.write(
      'second.yaml',
      'users: [{name: a, password: other}, {name: b, enabled: false}]\ntenants: [{name: t, description: new, members: [a]}]\n',
    );
    expect(await run('seed', '-r', '2014.2', '--file', first)).toMatchObject({ exitCode: 0 });
    const before = await dump(server);
    const changed = await run('seed', '-r', '2014.2', '--file', second, '--reset-passwords');
    expect(changed).toMatchObject({ exitCode: 0 });
    expect(await dump(server)).not.toEqual(before);
    const undone = await run('undo', '--yes');
    expect(undone).toMatchObject({ exitCode: 0 });
    const sets = (state: unknown) => JSON.parse(JSON.stringify(state, sortedValues)) as unknown;
    expect(sets(await dump(server))).toEqual(sets(before));
    expect(await states(run)).toEqual(['undo complete', 'seed undone', 'seed complete']);
    expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await states(run)).toEqual(['undo complete', 'undo complete', 'seed undone', 'seed undone']);
  });

  describe('refuses', () => {
    async function seed(server: Sandbox, folder: DisposableFolder) {
      const run = runner(server, folder);
      expect(await run('seed', '-r', '2014.2')).toMatchObject({ exitCode: 0 });
      return run;
    }
    const users = 'ou=Users,dc=example,dc=com';
    const child = {
      dn: 'cn=printer,cn=admin,ou=Groups,dc=example,dc=com',
      attributes: { objectClass: ['device'], cn: ['printer'] },
    };

    test('as a whole, naming an entry that was changed and one that has children', async () => {
      await using server = await startInitialised({ slapd, release: '2014.2' });
      using folder = new DisposableFolder();
      const run = await seed(server, folder);
      const tenant = Object.keys(
        await readEntries(server.ldapiUri, 'ou=Groups,dc=example,dc=com', ['1.1']),
      ).find((dn) => dn.split(',').length === 4 && !dn.startsWith('cn=enabled'));
      const user = Object.keys(await readEntries(server.ldapiUri, users, ['1.1'])).find(
        (dn) => dn.split(',').length === 4,
      );
      if (tenant === undefined || user === undefined) throw new Error('nothing was seeded');
      const below = { ...child, dn: `cn=printer,${tenant}` };
      await addEntries(server, [below]);
      await edit(server, user, { operation: 'replace', attribute: 'description', values: ['by hand'] });
      const before = await dump(server);
      const { exitCode, stdout, stderr } = await run('undo', '--yes');
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(`  ${user} (`);
      expect(stderr).toContain(`${tenant} has entries below it that the run did not make: ${below.dn}`);
      expect(await dump(server)).toEqual(before);
      expect(await states(run)).toEqual(['seed complete']);
    });

    test('where nobody can be asked, and does nothing where the answer is no', async () => {
      await using server = await startInitialised({ slapd, release: '2014.2' });
      using folder = new DisposableFolder();
      const run = await seed(server, folder);
      const before = await dump(server);
      expect((await run('undo')).stderr).toContain('error: Nobody can be asked whether to go on.');
      const env = { KEYSTONE_LDAP_STATE_DIR: folder.path };
      const no = await runCliAsAdmin(server, ['undo'], { env, answers: [false] });
      expect(no.exitCode).toBe(1);
      expect(no.stderr).toContain('nothing was written.');
      expect(await run('undo', '--dry-run')).toMatchObject({ exitCode: 0 });
      expect(await dump(server)).toEqual(before);
      expect(await states(run)).toEqual(['seed complete']);
    });
  });

  test('a run that failed on the way takes back what it made, and not what was in its way', async () => {
    await using server = await startInitialised({ slapd, release: '2014.2' });
    using folder = new DisposableFolder();
    const run = runner(server, folder);
    await using session = await asManager(server);
    const before = await dump(server);
    await applyFailing(session, folder.path, server.uri);
    expect(await states(run)).toEqual(['seed incomplete']);
    expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
    expect(Object.keys(await readEntries(server.ldapiUri, USER))).toEqual([USER]);
    await session.delete(USER);
    expect(await dump(server)).toEqual(before);
  });
});

describeLive('a run that was killed', (slapd) => {
  test.each([1, 400, 900])('after %i lines of its journal is taken back', async (lines) => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    using folder = new DisposableFolder();
    const before = await dump(server);
    const users = Array.from({ length: 3000 }, (_, index) => `  - { name: u${index} }\n`);
    const file = folder.write('many.yaml', `users:\n${users.join('')}`);
    const seed = spawnCli(server, ['seed', '-r', 'zed', '--file', file], folder.path);
    await seed.untilJournalHas(lines);
    expect(await seed.kill()).toBe('SIGKILL');
    const run = runner(server, folder);
    expect(await states(run)).toEqual(['seed incomplete']);
    expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await dump(server)).toEqual(before);
    expect(await states(run)).toEqual(['undo complete', 'seed undone']);
  });
});

describeLive('the journal', (slapd) => {
  test('is for its owner only and holds no clear text', async () => {
    await using server = await startInitialised({ slapd, release: 'blog' });
    using folder = new DisposableFolder();
    const run = runner(server, folder);
    await run('seed', '--release', 'blog');
    const [name = ''] = await readdir(join(folder.path, 'runs'));
    const path = join(folder.path, 'runs', name);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder.path, 'runs'))).mode & 0o777).toBe(0o700);
    expect(await readFile(path, 'utf8')).not.toContain('secrete');
    await run('seed', '--release', 'blog');
    expect(await readdir(join(folder.path, 'runs'))).toHaveLength(1);
  });

  test('that cannot be written stops a run before it begins, unless none is wanted', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    const file = folder.write('file', '');
    const before = await dump(server);
    const { exitCode, stderr } = await runCliAsAdmin(server, [
      'seed',
      '--release',
      '2011.3',
      '--state-dir',
      file,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^error: Cannot write the journal .*: a part of the path is not a directory\.\nhint: .*--state-dir/,
    );
    expect(await dump(server)).toEqual(before);
    expect(
      await runCliAsAdmin(server, ['seed', '--release', '2011.3', '--state-dir', file, '--no-journal']),
    ).toMatchObject({
      exitCode: 0,
    });
  });
});

function sortedValues(_key: string, value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}
