import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publicId } from '../../src/identities/entries/public-id.ts';
import { describeLive } from '../support/describe-live.ts';
import {
  GROUPS,
  ldapSection,
  soundKeystone,
  USERS,
  type SoundKeystone,
} from '../support/doctor/sound-keystone.ts';
import { runCli } from '../support/run-cli.ts';

const ALICE = `uid=alice,${USERS}`;

const login = ({ conf }: SoundKeystone, user: string, password: string, ...argv: readonly string[]) =>
  runCli(['login', user, '--keystone-conf', conf, '--release', 'zed', ...argv], {
    env: { KEYSTONE_LDAP_LOGIN_PASSWORD: password },
  });

describeLive('login', (slapd) => {
  test('tells how Keystone comes to its answer', async () => {
    await using keystone = await soundKeystone({ slapd });
    expect(await login(keystone, 'alice', 'secret', '--project', 'demo')).toEqual({
      exitCode: 0,
      stdout: `Keystone logs alice in
    found as: ${ALICE}
    enabled: yes, employeeType is TRUE
    id: alice
    groups: staff
`,
      stderr:
        'Roles in projects are in SQL: "openstack role assignment list --user alice --project demo --effective --names" tells them.\n',
    });
  });

  test.each([
    ['alice', 'wrong', 'wrong password'],
    ['alice', '', 'the password is empty'],
    ['bob', 'secret', 'the user is disabled'],
    ['carl', 'secret', 'there is no such user'],
  ])('of %s with "%s" is refused: %s', async (user, password, why) => {
    await using keystone = await soundKeystone({ slapd });
    const { exitCode, stdout } = await login(keystone, user, password);
    expect({ exitCode, first: stdout.split('\n')[0] }).toEqual({
      exitCode: 1,
      first: `Keystone refuses ${user}: ${why}`,
    });
  });

  test('is refused to all where no group says who is enabled', async () => {
    await using keystone = await soundKeystone({ slapd, ldap: { user_enabled_emulation: 'true' } });
    const { exitCode, stdout } = await login(keystone, 'alice', 'secret', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'login',
      ok: false,
      enabled: false,
      why: `cn=enabled_users,${USERS} is not there, and so nobody is enabled`,
      dn: ALICE,
      refusal: 'the user is disabled',
    });
  });

  test('takes the password from a file or a prompt, and never from the command line', async () => {
    await using keystone = await soundKeystone({ slapd });
    const { conf, dir } = keystone;
    await writeFile(join(dir, 'pw'), 'secret\n');
    const argv = ['login', 'alice', '--keystone-conf', conf, '--release', 'zed'];
    expect(await runCli([...argv, '-y', join(dir, 'pw')])).toMatchObject({ exitCode: 0 });
    expect(await runCli(argv, { answers: ['secret'] })).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await runCli([...argv, '--no-input']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The password of alice is missing.');
  });

  test('of a domain with a file of its own shows public ids', async () => {
    await using keystone = await soundKeystone({ slapd });
    const { conf, dir, server } = keystone;
    await writeFile(join(dir, 'keystone.CORP.conf'), `[identity]\ndriver = ldap\n${ldapSection(server)}`);
    await writeFile(conf, '[identity]\ndriver = sql\ndomain_specific_drivers_enabled = true\n');
    const domain = ['--domain', 'CORP', '--domain-config-dir', dir, '--domain-id', '4711'];
    const { stdout } = await login(keystone, 'alice', 'secret', ...domain);
    expect(stdout).toContain(`id: ${publicId('4711', 'user', 'alice')} (alice in the directory)`);
    const { exitCode, stderr } = await login(
      keystone,
      'alice',
      'secret',
      '--domain',
      'X',
      '--domain-config-dir',
      dir,
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is no keystone.X.conf');
  });

  test('of a later file takes what that sets', async () => {
    await using keystone = await soundKeystone({
      slapd,
      ldap: { user_tree_dn: 'ou=Nobody,dc=example,dc=com' },
    });
    await writeFile(join(keystone.dir, 'site.conf'), '[ldap]\nuser_tree_dn = ou=Users,$suffix\n');
    const site = ['--keystone-conf', join(keystone.dir, 'site.conf')];
    expect(await login(keystone, 'alice', 'secret')).toMatchObject({ exitCode: 1 });
    expect(await login(keystone, 'alice', 'secret', ...site)).toMatchObject({ exitCode: 0 });
    expect(await login(keystone, 'alice', 'secret', '--config-dir', keystone.dir)).toMatchObject({
      exitCode: 0,
    });
  });

  test('cannot be tried without a server', async () => {
    await using keystone = await soundKeystone({ slapd, ldap: { url: 'ldap://127.0.0.1:1' } });
    const { exitCode, stderr } = await login(keystone, 'alice', 'secret');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nothing listens there');
  });
});

describeLive('users and groups', (slapd) => {
  const list = ({ conf }: SoundKeystone, ...argv: readonly string[]) =>
    runCli([...argv, '--keystone-conf', conf, '--release', 'zed']);

  test('are listed as Keystone lists them', async () => {
    await using keystone = await soundKeystone({ slapd });
    const pad = (text: string) => text.padEnd(24);
    expect(await list(keystone, 'users')).toEqual({
      exitCode: 0,
      stdout: `${pad('ID')}  ${pad('NAME')}  ENABLED  DN
${pad('alice')}  ${pad('alice')}  yes      ${ALICE}
${pad('bob')}  ${pad('bob')}  no       uid=bob,${USERS}
`,
      stderr: '',
    });
    const groups = await list(keystone, 'groups', '--members');
    expect(groups.stdout).toBe(`${pad('ID')}  ${pad('NAME')}  MEMBERS  DN
${pad('staff')}  ${pad('staff')}  2        cn=staff,${GROUPS}
    alice  ${ALICE}
    bob  uid=bob,${USERS}
`);
    const json = await list(keystone, 'groups', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      ...{ version: 1, command: 'groups' },
      groups: [{ id: 'staff', name: 'staff', dn: `cn=staff,${GROUPS}`, count: 2 }],
    });
  });

  test('with emulation, only members of the group are enabled', async () => {
    await using keystone = await soundKeystone({
      slapd,
      ldap: { user_enabled_emulation: 'true' },
      entries: [
        {
          dn: `cn=enabled_users,${USERS}`,
          attributes: { objectClass: ['groupOfNames'], cn: ['enabled_users'], member: [`UID=Bob, ${USERS}`] },
        },
      ],
    });
    const { stdout } = await list(keystone, 'users', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      users: [
        { id: 'alice', enabled: false },
        { id: 'bob', enabled: true },
      ],
    });
  });

  test.each([
    [[], "required option '--keystone-conf <path>' not specified"],
    [['--keystone-conf', '/nonexistent.conf'], 'there is no such file'],
  ])('%j cannot be listed', async (argv, text) => {
    const { exitCode, stderr } = await runCli(['users', ...argv]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(text);
  });

  test('a misspelled flag counts before one that is missing', async () => {
    for (const argv of [['doctor'], ['users'], ['groups'], ['login'], ['login', 'alice']]) {
      const { exitCode, stderr } = await runCli([...argv, '--keystone-cnf', 'x']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("unknown option '--keystone-cnf'");
      expect(stderr).toContain('(Did you mean --keystone-conf?)');
    }
  });
});
