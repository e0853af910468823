import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Entry, NewEntry } from '../../src/directory/entry.ts';
import { present } from '../../src/directory/filter.ts';
import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSlapdConf } from '../../src/testing/servers/start-slapd-conf.ts';
import { startStockDebian } from '../../src/testing/servers/start-stock-debian.ts';
import { shippedSchemaFiles } from '../../src/schema/shipped-schema.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { accountOf, bindAs, initWith, passwordFile, SERVICE_PASSWORD } from '../support/service-account.ts';

const DATABASE = 'olcDatabase={1}mdb,cn=config';

const asAdmin = ({ uri, bindDn, password }: RunningSlapd): Promise<Session> =>
  openSession({ uri, credentials: { kind: 'simple', dn: bindDn, password } });

async function add(server: RunningSlapd, ...entries: readonly NewEntry[]): Promise<void> {
  await using session = await asAdmin(server);
  for (const entry of entries) await session.add(entry);
}

async function list(
  session: Session,
  base: string,
  attributes: readonly string[],
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const request = { base, scope: 'sub', filter: present('objectClass'), attributes } as const;
  for await (const entry of session.search(request)) entries.push(entry);
  return entries;
}

async function configValues(
  { ldapiUri }: RunningSlapd,
  attribute: 'olcAccess' | 'olcLimits',
  dn = DATABASE,
): Promise<readonly string[]> {
  const entry = (await readEntries(ldapiUri, dn, [attribute]))[dn];
  return entry?.[attribute] ?? [];
}

const containing = (text: string) => expect.stringContaining(text) as string;
const textOf = (value: string): string => value.replace(/^\{\d+\}/, '');

async function expectNothingLeft(server: RunningSlapd, ...flags: readonly string[]): Promise<void> {
  const before = await changeNumbers(server.ldapiUri, server.suffix);
  const { exitCode, stdout, stderr } = await initWith(server, ...flags);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^Schema, trees and service account of .*: already up to date\.\n$/);
  expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
}

/** Tries every kind of write on every entry, and on those that the account may not even see. */
async function expectReadOnly(server: RunningSlapd, account: Session): Promise<void> {
  await using admin = await asAdmin(server);
  const described = (dn: string) =>
    account.modify(dn, [{ operation: 'replace', attribute: 'description', values: ['mine'] }]);
  const refused = { code: 'ACCESS_DENIED', resultCode: 50 };
  for (const { dn } of await list(admin, server.suffix, ['1.1'])) {
    await expect(described(dn), dn).rejects.toMatchObject(refused);
    const password = { operation: 'replace', attribute: 'userPassword', values: [SERVICE_PASSWORD] } as const;
    await expect(account.modify(dn, [password]), dn).rejects.toMatchObject(refused);
    const child = { dn: `ou=new,${dn}`, attributes: { objectClass: ['organizationalUnit'], ou: ['new'] } };
    await expect(account.add(child), dn).rejects.toMatchObject(refused);
    const isParent = (await list(admin, dn, ['1.1'])).length > 1;
    if (!isParent) await expect(account.delete(dn), dn).rejects.toMatchObject(refused);
  }
}

const person = (dn: string, password: string): NewEntry => ({
  dn,
  attributes: {
    objectClass: ['person'],
    cn: [dn.slice(3, dn.indexOf(','))],
    sn: ['Someone'],
    telephoneNumber: ['5551234'],
    userPassword: [sshaPassword(new Secret(password))],
  },
});

describeLive('init --service-account', (slapd) => {
  describe.each([
    ['an empty sandbox', () => startSandbox({ slapd })],
    ['the server of the Debian package', () => startStockDebian({ slapd, suffix: 'dc=corp,dc=example' })],
  ])('on %s', (_, start) => {
    test('lets 2011.3 read its trees with the hashes of users, and write nothing', async () => {
      await using server = await start();
      expect(await initWith(server)).toMatchObject({ exitCode: 0 });
      expect(await runCliAsAdmin(server, ['seed'])).toMatchObject({ exitCode: 0 });
      await add(server, person(`cn=other,${server.suffix}`, 'theirs'));
      await using account = await bindAs(server, accountOf(server), SERVICE_PASSWORD);
      const users = await list(account, `ou=Users,${server.suffix}`, ['userPassword', 'keystoneEnabled']);
      const admin = users.find(({ dn }) => dn.startsWith('uid=admin,'));
      expect(admin?.attributes).toMatchObject({
        userPassword: [expect.stringMatching(/^\$6\$/)],
        keystoneEnabled: ['TRUE'],
      });
      const groups = await list(account, `ou=Groups,${server.suffix}`, [
        'objectClass',
        'member',
        'serviceId',
      ]);
      await using rootDn = await asAdmin(server);
      const all = await list(rootDn, `ou=Groups,${server.suffix}`, ['objectClass', 'member', 'serviceId']);
      expect(groups).toEqual(all);
      expect(await account.read(`cn=other,${server.suffix}`, ['userPassword'])).toMatchObject({
        attributes: {},
      });
      await expectReadOnly(server, account);
      await expectNothingLeft(server);
    });

    test('lets verify find nothing wrong', async () => {
      await using server = await start();
      await initWith(server);
      await runCliAsAdmin(server, ['seed']);
      const file = passwordFile();
      const argv = ['verify', '--sample', '-D', accountOf(server), '-y', file];
      expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    });

    test('lists more users than the limit of the server', async () => {
      await using server = await start();
      await initWith(server);
      const tree = `ou=Users,${server.suffix}`;
      await add(server, ...Array.from({ length: 600 }, (__, index) => person(`cn=u${index},${tree}`, 'x')));
      await using account = await bindAs(server, accountOf(server), SERVICE_PASSWORD);
      expect(await list(account, tree, ['1.1'])).toHaveLength(601);
      await using user = await bindAs(server, `cn=u7,${tree}`, 'x');
      await expect(list(user, tree, ['1.1'])).rejects.toMatchObject({ code: 'SIZE_LIMIT' });
    });

    test('where Keystone binds as the user, shows no password and lets users bind', async () => {
      await using server = await start();
      expect(await initWith(server, '--release', 'blog')).toMatchObject({ exitCode: 0 });
      const user = `cn=joe,ou=Users,${server.suffix}`;
      await add(server, person(user, 'of-joe'));
      await using account = await bindAs(server, accountOf(server), SERVICE_PASSWORD);
      expect(await account.read(user, ['cn', 'userPassword'])).toEqual({
        dn: user,
        attributes: { cn: ['joe'] },
      });
      await using joe = await bindAs(server, user, 'of-joe');
      expect(await joe.read('', ['namingContexts'])).toBeDefined();
      await expectReadOnly(server, account);
      await expectNothingLeft(server, '--release', 'blog');
    });
  });

  describe('and the rules of others', () => {
    const CLOSED = [
      '{0}to dn.subtree="ou=Users,dc=example,dc=com" attrs=telephoneNumber by * none',
      '{1}to *  by dn.exact="cn=boss,dc=example,dc=com" write by users search by * none',
      '{2}to * by * read',
    ];
    const MANAGED = '{0}to * by dn.exact="cn=boss,dc=example,dc=com" write by * break';
    const start = (olcAccess: readonly string[], olcLimits: readonly string[] = []) =>
      startSandbox({
        slapd,
        tuning: { database: { olcAccess, ...(olcLimits.length > 0 ? { olcLimits } : {}) } },
      });

    test('stay as they are, behind ours where they would stop the account', async () => {
      await using server = await start(CLOSED);
      const flags = ['--release', 'blog', '--access-conflicts', 'override'];
      expect(await initWith(server, ...flags)).toMatchObject({ exitCode: 0 });
      const values = await configValues(server, 'olcAccess');
      const ours = values.filter((value) => !CLOSED.map(textOf).includes(textOf(value)));
      expect(values.filter((value) => !ours.includes(value)).map(textOf)).toEqual(CLOSED.map(textOf));
      expect(ours.every((value) => value.endsWith(' by * break'))).toBe(true);
      expect(values.map(textOf).slice(-2)).toEqual(CLOSED.map(textOf).slice(-2));
      const [user, boss] = ['cn=joe,ou=Users,dc=example,dc=com', 'cn=boss,dc=example,dc=com'];
      await add(server, person(user, 'of-joe'), person(boss, 'of-boss'));
      await using account = await bindAs(server, accountOf(server), SERVICE_PASSWORD);
      expect(await account.read(user, ['cn', 'sn', 'telephoneNumber', 'userPassword'])).toEqual({
        dn: user,
        attributes: { cn: ['joe'] },
      });
      expect(await account.read(boss, ['cn'])).toBeUndefined();
      await using joe = await bindAs(server, user, 'of-joe');
      expect(await joe.read('ou=Users,dc=example,dc=com', ['ou'])).toBeUndefined();
      await expectNothingLeft(server, '--release', 'blog');
      await expectNothingLeft(server, ...flags);
    });

    test('stay in front where they leave the account to others', async () => {
      await using server = await start([MANAGED, '{1}to * by * none']);
      await initWith(server);
      const values = await configValues(server, 'olcAccess');
      expect([values.at(0), textOf(values.at(-1) ?? '')]).toEqual([MANAGED, 'to * by * none']);
      await using account = await bindAs(server, accountOf(server), SERVICE_PASSWORD);
      expect(await list(account, 'ou=Users,dc=example,dc=com', ['ou'])).toHaveLength(1);
      await expectNothingLeft(server);
    });

    test('that come to stand in front of ours make them move', async () => {
      await using server = await start([MANAGED]);
      await initWith(server);
      await using config = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
      const stop = '{0}to * by * none';
      await config.modify(DATABASE, [{ operation: 'add', attribute: 'olcAccess', values: [stop] }]);
      const before = await configValues(server, 'olcAccess');
      await initWith(server);
      const after = await configValues(server, 'olcAccess');
      expect(after.slice(-2).map(textOf)).toEqual([textOf(stop), textOf(MANAGED)]);
      expect(after.map(textOf).toSorted()).toEqual(before.map(textOf).toSorted());
      await expectNothingLeft(server);
    });

    test('do not come to be where there were none and everybody may read', async () => {
      const tuning = { database: { olcAccess: [] }, frontend: { olcAccess: [] } };
      await using server = await startSandbox({ slapd, tuning });
      expect(await initWith(server)).toMatchObject({ exitCode: 0 });
      expect(await configValues(server, 'olcAccess')).toEqual([]);
      expect(await configValues(server, 'olcLimits')).toHaveLength(1);
      await expectNothingLeft(server);
    });

    test('and their limits give way to one for exactly this account', async () => {
      const limits = ['{0}dn.exact="cn=boss,dc=example,dc=com" size=7', '{1}users size=50'];
      await using server = await start(['{0}to * by * read'], limits);
      await initWith(server);
      expect(await configValues(server, 'olcLimits')).toEqual([
        '{0}dn.exact="cn=boss,dc=example,dc=com" size=7',
        '{1}dn.exact="cn=keystone,dc=example,dc=com" size=unlimited',
        '{2}users size=50',
      ]);
      await expectNothingLeft(server);
    });

    test('that are ours follow the trees', async () => {
      await using server = await startSandbox({ slapd });
      await initWith(server);
      await initWith(server, '--user-tree-dn', 'ou=People,dc=example,dc=com');
      const values = (await configValues(server, 'olcAccess')).join('\n');
      expect(values).toContain('dn.subtree="ou=People,dc=example,dc=com"');
      expect(values).not.toContain('ou=Users');
      await expectNothingLeft(server, '--user-tree-dn', 'ou=People,dc=example,dc=com');
    });
  });

  test('gives the account its rights in each database that holds trees', async () => {
    await using server = await startSandbox({
      slapd,
      tuning: { moreSuffixes: ['dc=users', 'dc=untouched'] },
    });
    const init = ['init', '-H', server.ldapiUri, '--suffix', server.suffix];
    const account = ['--service-account', accountOf(server), '--service-password-file', passwordFile()];
    const argv = [...init, ...account, '--user-tree-dn', 'ou=Users,dc=users'];
    expect(await runCli(argv)).toMatchObject({ exitCode: 0 });
    const ofAccount = async (attribute: 'olcAccess' | 'olcLimits', database: number) => {
      const values = await configValues(server, attribute, `olcDatabase={${database}}mdb,cn=config`);
      return values.filter((value) => value.includes('cn=keystone')).length;
    };
    expect([await ofAccount('olcAccess', 1), await ofAccount('olcLimits', 1)]).toEqual([1, 1]);
    expect([await ofAccount('olcAccess', 2), await ofAccount('olcLimits', 2)]).toEqual([2, 1]);
    expect([await ofAccount('olcAccess', 3), await ofAccount('olcLimits', 3)]).toEqual([0, 0]);
    {
      await using session = await bindAs(server, accountOf(server), SERVICE_PASSWORD);
      expect(await list(session, 'ou=Users,dc=users', ['ou'])).toHaveLength(1);
    }
    expect(await runCli(argv)).toMatchObject({ exitCode: 0, stdout: containing('already up to date') });
    expect(await runCli([...init, ...account])).toMatchObject({ exitCode: 0 });
    expect([await ofAccount('olcAccess', 2), await ofAccount('olcLimits', 2)]).toEqual([0, 0]);
  });

  test('takes special characters in DNs', async () => {
    await using server = await startSandbox({ slapd, suffix: 'o=Smith\\, Söhne' });
    const dn = `cn=a\\, \\"b\\" \\\\ c=$1 #,${server.suffix}`;
    const argv = ['init', '--service-account', dn, '--service-password-file', passwordFile()];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    await using account = await bindAs(server, dn, SERVICE_PASSWORD);
    expect(await list(account, `ou=Users,${server.suffix}`, ['ou'])).toHaveLength(1);
    expect(await account.read(dn, ['cn'])).toBeUndefined();
    expect((await runCliAsAdmin(server, argv)).stdout).toContain('already up to date');
  });

  test.each([
    ['uid=keystone,ou=System,dc=example,dc=com', ['account', 'simpleSecurityObject'], { uid: ['keystone'] }],
    ['cn=keystone,ou=Users,dc=example,dc=com', ['organizationalRole', 'simpleSecurityObject'], {}],
  ])('makes %s and what is above it', async (dn, objectClass, attributes) => {
    await using server = await startSandbox({ slapd });
    const argv = ['init', '--service-account', dn, '--service-password-file', passwordFile()];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    const entries = await readEntries(server.ldapiUri, dn);
    expect(entries[dn]).toMatchObject({
      objectClass,
      userPassword: [expect.stringMatching(/^\{SSHA\}/)],
      ...attributes,
    });
    await using account = await bindAs(server, dn, SERVICE_PASSWORD);
    expect(await list(account, 'ou=Groups,dc=example,dc=com', ['ou'])).toHaveLength(1);
  });

  test.each([
    ['ou=keystone,dc=example,dc=com', 'cannot tell what kind of account it shall be'],
    ['cn=keystone,dc=example,dc=net', 'lies in no database of the server'],
    ['cn=admin,dc=example,dc=com', 'is the rootdn of dc=example,dc=com'],
    ['keystone', '--service-account: "keystone" is not a DN'],
  ])('refuses %s before it writes anything', async (dn, message) => {
    await using server = await startSandbox({ slapd });
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const argv = ['init', '--service-account', dn, '--service-password-file', passwordFile()];
    const { exitCode, stderr } = await runCliAsAdmin(server, argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });

  test('tells the lines for a slapd.conf, which then are all that is needed', async () => {
    const directory = join(DisposableFolder.ofTest().path, 'data');
    await mkdir(directory);
    const database = (...lines: readonly string[]) => [
      ...['database mdb', 'suffix "o=Smith\\\\, closed"', 'rootdn "cn=admin,dc=example,dc=com"'],
      ...[`directory "${directory}"`, ...lines, 'access to * by * none', 'limits users size=1'],
    ];
    const flags = ['--suffix', 'o=Smith\\, closed', '--service-password-file', passwordFile()];
    const dn = 'cn=keystone,o=Smith\\, closed';
    const include = shippedSchemaFiles('2011.3').schema;
    const lines: string[] = [];
    {
      await using server = await startSlapdConf({ slapd, includes: [include], lines: database() });
      const argv = ['init', ...flags, '--service-account', dn];
      const { exitCode, stderr } = await runCliAsAdmin({ ...server, ldapiUri: server.uri }, argv);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('# database with suffix "o=Smith\\, closed", above its other');
      expect(stderr).toContain('--no-service-access');
      lines.push(...[...stderr.matchAll(/^ {2}((?:access|limits) .*)$/gm)].map(([, line = '']) => line));
    }
    expect(lines).toHaveLength(7);
    await using server = await startSlapdConf({ slapd, includes: [include], lines: database(...lines) });
    const argv = ['init', ...flags, '--service-account', dn, '--no-service-access'];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    const seed = ['seed', '--suffix', 'o=Smith\\, closed'];
    expect(await runCliAsAdmin(server, seed)).toMatchObject({ exitCode: 0 });
    const verify = ['verify', '--sample', '--suffix', 'o=Smith\\, closed', '-D', dn, '-y', passwordFile()];
    const { stdout } = await runCliAsAdmin(server, verify);
    // All is seen; what is said is the comma of the suffix, in any tree below it.
    expect(stdout.match(/^(?:error|warning) \S+/gm)).toEqual(['error TREE_BREAKS_FILTERS']);
  });
});
