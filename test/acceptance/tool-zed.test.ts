import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publicId } from '../../src/identities/entries/public-id.ts';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import type { Resource } from '../support/keystone/keystone-client.ts';
import { startKeystone, type RunningKeystone } from '../support/keystone/start-keystone.ts';
import { agreedAnswer, emailOf, loginOf, PEOPLE, setUp, workplace } from './tool.ts';
import { passwordOf } from './trees.ts';

const maps = (...pairs: readonly string[]): string[] => pairs.flatMap((pair) => ['--map', pair]);
const BY_UID = ['user_id_attribute=uid', 'user_name_attribute=uid', 'group_name_attribute=cn'];

describeKeystone('What the tool sets up for Keystone 22', ({ slapd }) => {
  test.each([
    ['as the release has it, with enabled emulation', []],
    ['with uid for id and name', BY_UID],
    ['enabled by an attribute', [...BY_UID, 'user_enabled_attribute=employeeType']],
    [
      'enabled by an attribute that locks',
      ['user_enabled_attribute=employeeType', 'user_enabled_invert=true', 'user_enabled_default=false'],
    ],
    [
      'enabled by a bit of a number',
      ['user_enabled_attribute=employeeNumber', 'user_enabled_mask=2', 'user_enabled_default=512'],
    ],
    [
      'with members of another attribute and class',
      ['group_objectclass=groupOfUniqueNames', 'group_member_attribute=uniqueMember'],
    ],
    [
      'with those who are enabled in a group of another class',
      [
        ...['group_objectclass=groupOfUniqueNames', 'group_member_attribute=uniqueMember'],
        'user_enabled_emulation_use_group_config=true',
      ],
    ],
    ['with scope sub', [...BY_UID, 'query_scope=sub']],
  ])('is found by it %s', async (_, map) => {
    await using directory = await startSandbox({ slapd });
    const place = await workplace(directory);
    await setUp(place, maps(...map));
    const { users } = await agreedAnswer(place, PEOPLE);
    for (const { name, email } of users) expect(email).toBe(emailOf(name));
  });
});

describeKeystone('A Keystone 22 that the tool configured', ({ slapd, keystone }) => {
  test('serves the directory as its default domain', async () => {
    await using directory = await startSandbox({ slapd });
    const place = await workplace(directory);
    await setUp(place, maps(...BY_UID));
    const administrator = { user: 'alice', password: passwordOf('alice') };
    await using server = await startKeystone({ keystone, confFiles: [place.conf], administrator });
    const admin = await server.admin();
    const users = await admin.users('default');
    expect(users.map(({ id, enabled }) => [id, enabled]).sort()).toEqual([
      ...[
        ['alice', true],
        ['bob', true],
        ['eve', false],
      ],
      ['josé', true],
    ]);
    expect(idsOf(await admin.usersOf('ops'))).toEqual(PEOPLE.groups['ops']);
    expect(idsOf(await admin.usersOf('nobody'))).toEqual([]);
    expect(idsOf(await admin.groupsOf('bob'))).toEqual(['all']);
    expect(await statuses(server)).toEqual({
      alice: 201,
      bob: 201,
      josé: 201,
      eve: 401,
      wrong: 401,
      empty: 401,
    });
  });

  test('finds the users and groups of the modern sample in their organizational units with scope sub', async () => {
    await using directory = await startSandbox({ slapd });
    const { conf, run } = await workplace(directory);
    const sub = maps('query_scope=sub');
    const sample = ['--sample', 'modern'];
    await run('init', ...sub);
    await run('seed', ...sub, ...sample);
    await run('configure', '--keystone-conf', conf, ...sub);
    await run('verify', '--keystone-conf', conf, ...sample);
    const administrator = { user: 'admin', password: 'secrete' };
    await using server = await startKeystone({ keystone, confFiles: [conf], administrator });
    const admin = await server.admin();
    expect(idsOf(await admin.usersOf('developers'))).toEqual(['alice', 'bob', 'mallory']);
    expect(idsOf(await admin.groupsOf('alice'))).toEqual(['developers', 'researchers']);
    const status = async (user: string, password: string): Promise<number> =>
      (await server.login({ user, password })).status;
    for (const user of ['alice', 'bob', 'josé', 'rita']) {
      expect(await status(user, 'secrete'), user).toBe(201);
      expect(await status(user, 'wrong'), user).toBe(401);
    }
    expect(await status('mallory', 'secrete')).toBe(401);
    const project = await admin.createProject('lab', 'default');
    await admin.grant('member', { group: 'researchers' }, project.id);
    const scoped = { user: 'josé', password: 'secrete', project: 'lab' };
    expect(await server.login(scoped)).toMatchObject({ status: 201, roles: ['member', 'reader'] });
  });

  test('serves it as a domain of its own, beside users in SQL', async () => {
    await using directory = await startSandbox({ slapd });
    const place = await workplace(directory);
    const domains = join(place.folder, 'domains');
    const domain = ['--domain', 'LDAP', '--domain-config-dir', domains];
    await setUp(place, [], domain);
    const file = join(domains, 'keystone.LDAP.conf');
    await agreedAnswer(place, PEOPLE, { file, flags: domain });
    await using server = await startKeystone({ keystone, confFiles: [place.conf], domainNames: ['LDAP'] });
    const admin = await server.admin();
    expect((await admin.users('default')).map(({ name }) => name)).toEqual(['admin']);
    const { id } = await admin.find('domain', 'LDAP');
    const users = await admin.users(id);
    const verify = ['verify', '--keystone-conf', place.conf, ...domain, '--domain-id', id];
    for (const user of users) {
      const { publicIds } = await loginOf(directory, [...verify, '--json'], user.name);
      expect(publicIds?.user).toBe(user.id);
      expect(publicIds?.groups.map((group) => group.id).sort()).toEqual(idsOf(await admin.groupsOf(user.id)));
    }
    const ops = publicId(id, 'group', 'ops');
    expect(idsOf(await admin.groups(id))).toContain(ops);
    expect((await admin.usersOf(ops)).map(({ name }) => name).sort()).toEqual(PEOPLE.groups['ops']);
    expect(await statuses(server, 'LDAP')).toEqual({
      ...{ alice: 201, bob: 201, josé: 201, eve: 401 },
      ...{ wrong: 401, empty: 401 },
    });
    const project = await admin.createProject('web', id);
    await admin.grant('member', { group: ops }, project.id);
    const scoped = async (user: string) =>
      await server.login({
        user,
        password: passwordOf(user),
        domain: 'LDAP',
        project: 'web',
        projectDomain: 'LDAP',
      });
    expect(await scoped('josé')).toMatchObject({ status: 201, roles: ['member', 'reader'] });
    expect(await scoped('bob')).toMatchObject({ status: 401 });
  });

  test("leaves a file in which oslo.config's own validator finds nothing to say", async () => {
    await using directory = await startSandbox({ slapd });
    const place = await workplace(directory);
    await setUp(place, ['--map', 'user_id_attribute=uid', '--map', 'user_name_attribute=uid']);
    const namespaces = NAMESPACES.flatMap((name) => ['--namespace', name]);
    const { exitCode, stdout, stderr } = await runCommand('oslo-config-validator', [
      ...namespaces,
      ...['--input-file', place.conf],
    ]);
    expect({ exitCode, said: stdout + stderr }).toEqual({ exitCode: 0, said: '' });
  });

  test('shows the ids that verify tells, also where the default domain has hashed ones', async () => {
    await using directory = await startSandbox({ slapd });
    const place = await workplace(directory);
    await setUp(place, []);
    await appendFile(place.conf, '\n[identity_mapping]\nbackward_compatible_ids = false\n');
    await using server = await startKeystone({ keystone, confFiles: [place.conf] });
    const verify = ['verify', '--keystone-conf', place.conf, '--json'];
    for (const user of PEOPLE.enabled) {
      const { userId } = await server.login({ user, password: passwordOf(user) });
      expect(await loginOf(directory, verify, user)).toMatchObject({ id: user, publicIds: { user: userId } });
    }
  });
});

/** Those of which the packaged file has options. */
const NAMESPACES = [
  ...['keystone', 'oslo.log', 'oslo.db', 'oslo.cache', 'oslo.messaging', 'oslo.middleware'],
  ...['oslo.policy', 'osprofiler'],
];

const idsOf = (resources: readonly Resource[]): string[] => resources.map(({ id }) => id).sort();

/** How Keystone answers everybody's right password, and two wrong ones. */
async function statuses(server: RunningKeystone, domain?: string): Promise<Record<string, number>> {
  const attempts = [
    ...['alice', 'bob', 'josé', 'eve'].map((user) => [user, user, passwordOf(user)] as const),
    ['wrong', 'bob', passwordOf('alice')] as const,
    ['empty', 'bob', ''] as const,
  ];
  const answers: [string, number][] = [];
  for (const [what, user, password] of attempts)
    answers.push([
      what,
      (await server.login({ user, password, ...(domain !== undefined && { domain }) })).status,
    ]);
  return Object.fromEntries(answers);
}
