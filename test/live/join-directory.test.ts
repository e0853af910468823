import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { EXISTING_MAP, EXISTING_TREES, existingDirectory, READER } from '../support/existing-directory.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';

const LOGINS = ['alice', 'bob', 'carol'];
const FOUND_BY = [
  ...EXISTING_MAP.flatMap((pair) => ['--map', pair]),
  ...['--user-tree-dn', EXISTING_TREES.user, '--group-tree-dn', EXISTING_TREES.group],
];

/** A keystone.conf, a server that others fill, and the commands for both, none of which knows an administrator. */
async function workplace(server: Sandbox, content = '[DEFAULT]\n') {
  await addEntries(server, existingDirectory(LOGINS));
  const folder = DisposableFolder.ofTest();
  const conf = folder.write('keystone.conf', content);
  const env = { KEYSTONE_LDAP_PASSWORD: READER.password };
  const account = ['-H', server.uri, '-D', READER.dn];
  const configure = (...flags: readonly string[]) =>
    runCli(['configure', '--release', 'zed', '--keystone-conf', conf, ...account, ...flags], { env });
  const verify = () => runCli(['verify', '--release', 'zed', '--keystone-conf', conf]);
  const readOnly = (...flags: readonly string[]) =>
    runCli(['init', '--read-only', '--release', 'zed', ...account, ...flags], { env });
  return { conf, folder, configure, verify, readOnly, written: () => readFile(conf, 'utf8') };
}

const enabledGroup = (members: readonly string[]) => ({
  dn: `cn=enabled_users,${EXISTING_TREES.user}`,
  attributes: { objectClass: ['groupOfNames'], cn: ['enabled_users'], member: [...members] },
});
const dnOf = (login: string, unit: string) => `uid=${login},ou=${unit},${EXISTING_TREES.user}`;

describeLive('a directory that others fill', (slapd) => {
  test('is joined without enabled emulation: there is no group that enables its people', async () => {
    await using server = await startSandbox({ slapd });
    const { readOnly, configure, verify, written } = await workplace(server);
    expect(await readOnly(...FOUND_BY)).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await configure(...FOUND_BY);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain(
      'user_enabled_emulation is not written: no user is a member of cn=enabled_users,',
    );
    expect(await written()).not.toContain('emulation');
    expect(await verify()).toMatchObject({ exitCode: 0 });
  });

  test('whose people are all disabled is not approved', async () => {
    await using server = await startSandbox({ slapd });
    const { readOnly, configure, verify, written } = await workplace(server);
    for (const [pair, code] of [
      ['user_enabled_emulation=true', 'ENABLED_GROUP_MISSING'],
      ['user_enabled_invert=true', 'EVERYBODY_DISABLED'],
      ['user_enabled_default=False', 'EVERYBODY_DISABLED'],
    ] as const) {
      const flags = [...FOUND_BY, '--map', pair];
      const seen = await readOnly(...flags);
      expect(seen, pair).toMatchObject({
        exitCode: 1,
        stdout: expect.stringContaining(code) as string,
      });
      expect(seen.stdout).not.toContain('keystone-ldap configure');
    }
    const asked = await configure(...FOUND_BY, '--map', 'user_enabled_emulation=true');
    expect(asked.exitCode).toBe(0);
    expect(asked.stderr).toContain('warning: user tree ou=People,dc=example,dc=com: none of the 3 users');
    expect(await written()).toContain('user_enabled_emulation = true');
    expect(await verify()).toMatchObject({ exitCode: 1 });
    const again = await configure(...FOUND_BY);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('none of the 3 users');
  });

  test('with a group of the enabled gets emulation, and is told whom it disables', async () => {
    await using server = await startSandbox({ slapd });
    const { configure, written } = await workplace(server);
    await addEntries(server, [enabledGroup([dnOf('alice', 'North'), dnOf('bob', 'South')])]);
    const { exitCode, stderr } = await configure(...FOUND_BY);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('1 of 3 users are not members of cn=enabled_users,');
    expect(await written()).toContain('user_enabled_emulation = true');
  });

  test('with a group of the enabled that names nobody of the tree gets none', async () => {
    await using server = await startSandbox({ slapd });
    const { configure, written } = await workplace(server);
    await addEntries(server, [enabledGroup([READER.dn])]);
    expect(await configure(...FOUND_BY)).toMatchObject({ exitCode: 0 });
    expect(await written()).not.toContain('emulation');
  });

  test('that Keystone uses already keeps its people when a group of a few appears', async () => {
    await using server = await startSandbox({ slapd });
    const { configure, written } = await workplace(server);
    await configure(...FOUND_BY);
    const before = await written();
    await addEntries(server, [enabledGroup([dnOf('alice', 'North')])]);
    const { exitCode, stderr } = await configure();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('add --map user_enabled_emulation=true');
    expect(await written()).toBe(before);
  });

  test('is read by init as keystone.conf says, whatever the environment names', async () => {
    await using server = await startSandbox({ slapd });
    const { configure, conf } = await workplace(server);
    await configure(...FOUND_BY);
    const init = ['init', '--release', 'zed', '--keystone-conf', conf];
    const { stdout, exitCode } = await runCliAsAdmin(server, [...init, '--read-only'], {
      env: { KEYSTONE_LDAP_SUFFIX: 'dc=elsewhere' },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`keystone-ldap configure --release zed --keystone-conf '${conf}'\n`);
    expect((await runCliAsAdmin(server, init)).stdout).toContain('already up to date');
  });
});

describeLive('a blank directory', (slapd) => {
  test('gets emulation once seed has written the group, and not before', async () => {
    await using server = await startSandbox({ slapd });
    const folder = DisposableFolder.ofTest();
    const conf = folder.write('keystone.conf', '[DEFAULT]\n');
    const run = (...argv: readonly string[]) => runCliAsAdmin(server, [...argv, '--release', 'zed']);
    expect(await run('init')).toMatchObject({ exitCode: 0 });
    const early = await run('configure', '--keystone-conf', conf);
    expect(early).toMatchObject({ exitCode: 0 });
    expect(early.stderr).toContain('Run "keystone-ldap configure" again after "keystone-ldap seed".');
    expect(await run('seed')).toMatchObject({ exitCode: 0 });
    const late = await run('configure', '--keystone-conf', conf);
    expect(late, late.stderr).toMatchObject({ exitCode: 0 });
    expect(await readFile(conf, 'utf8')).toContain('user_enabled_emulation = true');
    expect(await run('verify', '--sample', '--keystone-conf', conf)).toMatchObject({ exitCode: 0 });
  });
});
