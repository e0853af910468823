import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { publicId } from '../../src/identities/entries/public-id.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { isRunning } from '../support/is-running.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import type { Resource } from '../support/keystone/keystone-client.ts';
import { startKeystone } from '../support/keystone/start-keystone.ts';
import { CN_LAYOUT, CN_TREE, ldapConf, passwordOf, UID_LAYOUT, UID_TREE } from './trees.ts';

const names = (resources: readonly Resource[]): string[] => resources.map(({ name }) => name).sort();

const idOf = (resources: readonly Resource[], wanted: string): string => {
  const found = resources.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`There is no ${wanted} in ${names(resources).join(', ')}.`);
  return found.id;
};

describeKeystone('Keystone 22 with LDAP as its default driver', ({ slapd, keystone }) => {
  test('finds what a tree fitted to its defaults holds, and lets in who is enabled', async () => {
    await using directory = await startSandbox({ slapd });
    await addEntries(directory, CN_TREE);
    const alice = { user: 'alice', password: passwordOf('alice') };
    await using server = await startKeystone({
      keystone,
      conf: ldapConf(directory, CN_LAYOUT),
      administrator: alice,
    });
    const admin = await server.admin();

    const users = await admin.users('default');
    expect(names(users)).toEqual(['alice', 'bob', 'eve', 'josé']);
    expect(users.find(({ id }) => id === 'alice')).toMatchObject({
      email: 'alice@example.com',
      enabled: true,
    });
    expect(users.find(({ id }) => id === 'eve')).toMatchObject({ enabled: false });
    const groups = await admin.groups('default');
    expect(groups.map(({ id }) => id).sort()).toEqual(['all', 'ops']);
    expect(names(await admin.usersOf('ops'))).toEqual(['alice', 'eve', 'josé']);
    expect(names(await admin.usersOf('all'))).toEqual(['alice', 'bob', 'eve', 'josé']);
    expect(names(await admin.groupsOf('bob'))).toEqual(['all']);
    expect(names(await admin.groupsOf('josé'))).toEqual(['all', 'ops']);

    const status = async (user: string, password: string): Promise<number> =>
      (await server.login({ user, password })).status;
    expect(await server.login(alice)).toMatchObject({ status: 201, userId: 'alice' });
    expect(await status('bob', passwordOf('bob'))).toBe(201);
    expect(await status('josé', passwordOf('josé'))).toBe(201);
    expect(await status('bob', passwordOf('alice'))).toBe(401);
    expect(await status('bob', '')).toBe(401);
    expect(await status('nobody', passwordOf('bob'))).toBe(401);
    expect(await status('eve', passwordOf('eve'))).toBe(401);

    const project = await admin.createProject('web');
    await admin.grant('member', { group: 'ops' }, project.id);
    const scoped = async (user: string): Promise<{ status: number; roles: readonly string[] }> =>
      server.login({ user, password: passwordOf(user), project: 'web' });
    expect(await scoped('josé')).toMatchObject({ status: 201, roles: ['member', 'reader'] });
    expect(await scoped('bob')).toMatchObject({ status: 401 });
    expect(await scoped('eve')).toMatchObject({ status: 401 });

    const newcomer = { user: { name: 'carol', domain_id: 'default' } };
    expect(await admin.request('POST', '/users', newcomer)).toMatchObject({ status: 403 });
    expect(await admin.request('PATCH', '/users/bob', { user: { email: 'b@example.com' } })).toMatchObject({
      status: 403,
    });
  });

  test('gives out hashed ids when told to', async () => {
    await using directory = await startSandbox({ slapd });
    await addEntries(directory, CN_TREE);
    const mapping = '[identity_mapping]\nbackward_compatible_ids = false\n';
    await using server = await startKeystone({
      keystone,
      conf: ldapConf(directory, CN_LAYOUT) + mapping,
    });
    for (const user of ['bob', 'josé'])
      expect(await server.login({ user, password: passwordOf(user) })).toMatchObject({
        status: 201,
        userId: publicId('default', 'user', user),
      });
  });
});

describeKeystone('Keystone 22 with LDAP drivers for domains of their own', ({ slapd, keystone }) => {
  test('keeps two directories apart, and shows their users under hashed ids', async () => {
    await using cnDirectory = await startSandbox({ slapd });
    await using uidDirectory = await startSandbox({ slapd });
    await addEntries(cnDirectory, CN_TREE);
    await addEntries(uidDirectory, UID_TREE);
    await using server = await startKeystone({
      keystone,
      conf: '[identity]\ndomain_specific_drivers_enabled = true\n',
      domains: { Plain: ldapConf(cnDirectory, CN_LAYOUT), 'Corp.uid': ldapConf(uidDirectory, UID_LAYOUT) },
    });
    const admin = await server.admin();
    const [plain, corp] = [await admin.find('domain', 'Plain'), await admin.find('domain', 'Corp.uid')];
    expect(names(await admin.users('default'))).toEqual(['admin']);
    expect(names(await admin.users(plain.id))).toEqual(['alice', 'bob', 'eve', 'josé']);

    const users = await admin.users(corp.id);
    expect(names(users)).toEqual(['alice', 'bob', 'eve']);
    for (const { id, name } of users) expect(id).toBe(publicId(corp.id, 'user', name));
    const groups = await admin.groups(corp.id);
    expect(names(groups)).toEqual(['all', 'ops']);
    for (const { id, name } of groups) expect(id).toBe(publicId(corp.id, 'group', name));
    expect(names(await admin.usersOf(idOf(groups, 'ops')))).toEqual(['alice', 'eve']);
    expect(names(await admin.groupsOf(idOf(users, 'bob')))).toEqual(['all']);

    const project = await admin.createProject('web', corp.id);
    await admin.grant('reader', { group: idOf(groups, 'ops') }, project.id);
    const login = (user: string, password = passwordOf(user), domain = 'Corp.uid') =>
      server.login({ user, password, domain });
    expect(await login('alice')).toMatchObject({ status: 201, userId: idOf(users, 'alice') });
    expect(await login('alice', passwordOf('bob'))).toMatchObject({ status: 401 });
    expect(await login('eve')).toMatchObject({ status: 401 });
    expect(await login('josé')).toMatchObject({ status: 401 });
    expect(await login('josé', passwordOf('josé'), 'Plain')).toMatchObject({ status: 201 });
    const alice = { user: 'alice', password: passwordOf('alice'), project: 'web', projectDomain: 'Corp.uid' };
    expect(await server.login({ ...alice, domain: 'Corp.uid' })).toMatchObject({
      status: 201,
      roles: ['reader'],
    });
    expect(await server.login({ ...alice, domain: 'Plain' })).toMatchObject({ status: 401 });
  });
});

describeKeystone('startKeystone', ({ keystone }) => {
  test('leaves nothing behind', async () => {
    const server = await startKeystone({ keystone });
    onTestFinished(() => server[Symbol.asyncDispose]());
    expect([existsSync(server.dir), isRunning(server.pid)]).toEqual([true, true]);
    await server[Symbol.asyncDispose]();
    expect([existsSync(server.dir), isRunning(server.pid)]).toEqual([false, false]);
  });

  test('fails with what Keystone says, or because its signal fired, and cleans up', async () => {
    const conf = '[identity]\ndriver = ldap\n[ldap]\nquery_scope = all\n';
    await expect(startKeystone({ keystone, conf })).rejects.toThrow(/query_scope/);
    const signal = AbortSignal.abort();
    await expect(startKeystone({ keystone, signal })).rejects.toThrow(/aborted/);
    const left = await readdir(dirname(keystone.dir));
    expect(left.filter((name) => name.startsWith(`${process.pid}-`))).toEqual([]);
  });
});
