import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { EXISTING_MAP, EXISTING_TREES, existingDirectory, READER } from '../support/existing-directory.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { probeDriver } from '../support/keystone/probe-driver.ts';
import { runCli } from '../support/run-cli.ts';

const LOGINS = ['alice', 'bob', 'carol'];

describeKeystone('A Keystone 22 that joined a directory', ({ slapd }) => {
  test('treats its people as enabled', async () => {
    await using server = await startSandbox({ slapd });
    await addEntries(server, existingDirectory(LOGINS));
    const conf = DisposableFolder.ofTest().write('keystone.conf', '[DEFAULT]\n');
    const found = [
      ...EXISTING_MAP.flatMap((pair) => ['--map', pair]),
      ...['--user-tree-dn', EXISTING_TREES.user, '--group-tree-dn', EXISTING_TREES.group],
    ];
    const argv = [
      'configure',
      '--release',
      'zed',
      '--keystone-conf',
      conf,
      '-H',
      server.uri,
      '-D',
      READER.dn,
    ];
    const env = { KEYSTONE_LDAP_PASSWORD: READER.password };
    expect(await runCli([...argv, ...found], { env })).toMatchObject({ exitCode: 0 });
    const logins = LOGINS.map((login) => [login, login] as const);
    const [answer] = await probeDriver({ confs: [await readFile(conf, 'utf8')], logins });
    if (answer === undefined || 'error' in answer) throw new Error(JSON.stringify(answer));
    const seen = answer.users.map(({ id, enabled }) => [id, enabled !== false]);
    expect(seen.sort()).toEqual(LOGINS.map((login) => [login, true]));
    expect(answer.logins).toEqual(LOGINS);
    expect(answer.usersOf).toEqual({ ops: ['alice', 'bob'] });
  });
});
