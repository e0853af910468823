import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';

const lines = (text: string) => text.split('\n').slice(0, -1);

/** What a disk, an editor or a later version makes of a journal, and what is said of it. */
const DAMAGES: readonly (readonly [string, (text: string) => string, string])[] = [
  [
    'a line that is cut off',
    (text) => text.replace(/(\n.{20}).*\n/, '$1\n'),
    'line 2 is not one of a journal',
  ],
  ['a first line that is cut off', (text) => text.slice(0, 20), 'line 1 is not one of a journal'],
  ['no byte', () => '', 'it is empty'],
  [
    'no first line',
    (text) => `${lines(text).slice(1).join('\n')}\n`,
    'it does not begin with the first line of a journal',
  ],
  [
    'an entry whose DN is not one',
    (text) => text.replace('\n', '\n{"kind":"add-schema","dn":"not a dn","label":"x"}\n'),
    'line 2 is not one of a journal',
  ],
  ['another version', (text) => text.replace('"journal":1', '"journal":2'), 'it is of version 2'],
];

test.for(DAMAGES)(
  'a journal with %s hides no other run, and no earlier one is undone in its place',
  async ([, damage, why]) => {
    const folder = DisposableFolder.ofTest().path;
    const env = {
      KEYSTONE_LDAP_URI: 'ldap://127.0.0.1:1',
      KEYSTONE_LDAP_BIND_DN: 'cn=k,dc=x',
      KEYSTONE_LDAP_PASSWORD: 'pw1',
      KEYSTONE_LDAP_STATE_DIR: join(folder, 'state'),
    };
    const run = (...argv: readonly string[]) => runCli(argv, { env });
    const runs = join(folder, 'state', 'runs');
    const conf = (name: string) => join(folder, `${name}.conf`);
    const isBack = async (name: string) => (await readFile(conf(name))).equals(before);
    const original = packageFile('fixtures/keystone-conf/modern.conf');
    const before = await readFile(original);
    const ids: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      await copyFile(original, conf(name));
      const argv = ['configure', '--release', 'zed', '--keystone-conf', conf(name), '--suffix', 'dc=x'];
      expect(await run(...argv)).toMatchObject({ exitCode: 0 });
      ids.push((await readdir(runs)).toSorted().at(-1)?.replace('.ndjson', '') ?? '');
    }
    const [first = '', second = '', third = ''] = ids;
    const file = join(runs, `${second}.ndjson`);
    const whole = await readFile(file, 'utf8');
    await writeFile(file, damage(whole));
    const fault = `Cannot read the journal ${file}: ${why}`;

    const history = await run('history');
    expect(history.exitCode).toBe(1);
    expect(lines(history.stdout).map((line) => line.split(/ {2,}/).filter((_, at) => at % 6 === 0))).toEqual([
      ['ID', 'STATE'],
      [third, 'complete'],
      [second, 'damaged'],
      [first, 'complete'],
    ]);
    expect(history.stderr).toContain(`warning: ${fault}`);
    expect(JSON.parse((await run('history', '--json')).stdout)).toMatchObject({
      runs: [{ id: third }, { id: first }],
      damaged: [{ id: second, file, message: expect.stringContaining(why) as string }],
    });
    expect(await run('history', 'show', first)).toMatchObject({ exitCode: 0 });
    expect((await run('history', 'show', second)).stderr).toContain(`error: ${fault}`);

    expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await isBack('third')).toBe(true);
    const refused = await run('undo', '--yes');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      `error: Run ${second} may be the one to undo, but its journal is damaged; nothing was changed. ${fault}`,
    );
    expect(refused.stderr).toMatch(new RegExp(`^hint: .*name it: keystone-ldap undo ${first}$`, 'm'));
    expect(await isBack('first')).toBe(false);
    expect((await run('undo', second, '--yes')).stderr).toContain(`error: ${fault}`);
    expect(await run('undo', first, '--yes')).toMatchObject({ exitCode: 0 });
    expect(await isBack('first')).toBe(true);

    await rename(file, join(folder, 'away'));
    expect((await run('undo', '--yes')).stderr).toContain('error: There is nothing to undo');
    await writeFile(file, whole);
    expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await isBack('second')).toBe(true);
  },
);

describeLive('reset', (slapd) => {
  test('does not guess what a damaged journal says of the entries', async () => {
    await using server = await startSandbox({ slapd });
    const state = DisposableFolder.ofTest().path;
    const file = join(state, 'runs', '20260101T000000000Z-0000.ndjson');
    await mkdir(join(state, 'runs'));
    await writeFile(file, '');
    const env = { KEYSTONE_LDAP_STATE_DIR: state };
    const { exitCode, stderr } = await runCliAsAdmin(server, ['reset', '--yes', '-b', server.suffix], {
      env,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: Cannot read the journal ${file}: it is empty.\nhint: Restore`);
  });
});
