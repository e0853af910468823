import { expect, test } from 'vitest';
import type { NewEntry } from '../../src/directory/entry.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import { apply } from '../../src/plan/apply/apply.ts';
import { planServiceAccess } from '../../src/plan/access/plan-service-access.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import type { EntryLayout, Release } from '../../src/releases/release.ts';
import { ownExternalDn } from '../../src/sandbox/own-identity.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { bindAs, SERVICE_PASSWORD } from '../support/service-account.ts';

const SUFFIX = 'dc=example,dc=com';
const ENTRY: EntryLayout = {
  objectClasses: ['groupOfNames'],
  marker: 'groupOfNames',
  rdn: 'cn',
  id: 'name',
  nameAttribute: 'ou',
  required: [],
  description: 'description',
  members: 'member',
  membersAre: 'dns',
  filter: undefined,
  enabled: { kind: 'always' },
};

/**
 * As releases since Essex have it: standard classes and users who are checked by a bind; here also a filter, and a group
 * of the enabled users.
 */
const MODERN: Release = {
  ...findRelease('blog'),
  schema: { kind: 'modules', modules: ['core', 'cosine', 'inetorgperson'] },
  layout: {
    ...findRelease('blog').layout,
    user: {
      ...ENTRY,
      objectClasses: ['inetOrgPerson'],
      marker: 'inetOrgPerson',
      nameAttribute: 'sn',
      members: undefined,
      filter: '(|(departmentNumber=7)(!(employeeType~=guest)))',
      enabled: {
        kind: 'group',
        marker: 'groupOfNames',
        members: 'member',
        membersAre: 'dns',
        rdn: 'cn=enabled_users',
        dn: `cn=enabled,ou=Elsewhere,${SUFFIX}`,
      },
      password: 'ssha',
      passwordAttribute: 'userPassword',
      email: 'mail',
    },
    tenant: undefined,
    role: undefined,
    grant: undefined,
    group: ENTRY,
    scope: 'sub',
  },
};

const TREES = { user: `ou=Users,${SUFFIX}`, group: `ou=UserGroups,${SUFFIX}` };
const ACCOUNT = `cn=keystone,${SUFFIX}`;
const JOE = `cn=joe,ou=Staff,${TREES.user}`;
const GROUP = { objectClass: ['groupOfNames'], member: [JOE] };
const ssha = (password: string): string => sshaPassword(new Secret(password));
const unit = (dn: string): NewEntry => ({ dn, attributes: { objectClass: ['organizationalUnit'] } });
const ENTRIES: readonly NewEntry[] = [
  { dn: SUFFIX, attributes: { objectClass: ['domain'], dc: ['example'] } },
  ...[TREES.user, `ou=Staff,${TREES.user}`, TREES.group, `ou=Elsewhere,${SUFFIX}`].map(unit),
  {
    dn: ACCOUNT,
    attributes: {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      userPassword: [ssha(SERVICE_PASSWORD)],
    },
  },
  {
    dn: JOE,
    attributes: {
      objectClass: ['inetOrgPerson'],
      sn: ['Joe'],
      mail: ['joe@example.com'],
      departmentNumber: ['7'],
      employeeType: ['staff'],
      homePhone: ['5551234'],
      userPassword: [ssha('of-joe')],
    },
  },
  { dn: `cn=ops,${TREES.group}`, attributes: { ...GROUP, ou: ['Operators'] } },
  { dn: `cn=enabled,ou=Elsewhere,${SUFFIX}`, attributes: { ...GROUP, description: ['of ours'] } },
  { dn: `cn=other,ou=Elsewhere,${SUFFIX}`, attributes: GROUP },
];

/** Whoever runs the tests, as in every sandbox. */
const MANAGER = `to * by dn.exact="${ownExternalDn()}" manage by * break`;

async function grantAccess({ ldapiUri }: RunningSlapd, dn = ACCOUNT): Promise<number> {
  const openConfig = () => openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  await using directory = await openConfig();
  const settleAccess = () => Promise.resolve('override' as const);
  const ports = { directory, openConfig, settleAccess };
  const changes = await planServiceAccess(ports, { dn, release: MODERN, trees: TREES });
  const done: unknown[] = [];
  for await (const step of apply(changes, { directory, openConfig })) done.push(step);
  return done.length;
}

describeLive('the access of an account in the layout of inetOrgPerson and groupOfNames', (slapd) => {
  const start = (...olcAccess: readonly string[]) =>
    startSandbox({ slapd, tuning: { database: { olcAccess: [MANAGER, ...olcAccess] } } });

  test('is what the driver asks for and searches by, even where nobody had any', async () => {
    await using server = await start('to * by * none');
    await addEntries(server, ENTRIES);
    await expect(bindAs(server, JOE, 'of-joe')).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    expect(await grantAccess(server)).toBe(1);
    await using account = await bindAs(server, ACCOUNT, SERVICE_PASSWORD);
    expect((await account.read(JOE, ['*']))?.attributes).toEqual({
      objectClass: ['inetOrgPerson'],
      cn: ['joe'],
      sn: ['Joe'],
      mail: ['joe@example.com'],
      departmentNumber: ['7'],
      employeeType: ['staff'],
    });
    expect((await account.read(`cn=ops,${TREES.group}`, ['ou', 'member']))?.attributes).toEqual({
      ou: ['Operators'],
      member: [JOE],
    });
    expect(await account.read(`cn=enabled,ou=Elsewhere,${SUFFIX}`, ['member'])).toBeDefined();
    for (const hidden of [SUFFIX, ACCOUNT, `ou=Elsewhere,${SUFFIX}`, `cn=other,ou=Elsewhere,${SUFFIX}`])
      expect(await account.read(hidden, ['*']), hidden).toBeUndefined();
    await using joe = await bindAs(server, JOE, 'of-joe');
    expect(await joe.read(JOE, ['cn'])).toBeUndefined();
    expect(await grantAccess(server)).toBe(0);
  });

  test('stays without the password where the rules of others would show it', async () => {
    await using server = await start('to * by self write by users write by * auth');
    await addEntries(server, ENTRIES);
    await grantAccess(server);
    await using account = await bindAs(server, ACCOUNT, SERVICE_PASSWORD);
    expect((await account.read(JOE, ['sn', 'userPassword']))?.attributes).toEqual({ sn: ['Joe'] });
    for (const [dn, attribute] of [
      [JOE, 'sn'],
      [JOE, 'userPassword'],
      [`cn=ops,${TREES.group}`, 'description'],
      [ACCOUNT, 'userPassword'],
      [ACCOUNT, 'description'],
    ] as const) {
      const edit = { operation: 'replace', attribute, values: ['mine'] } as const;
      await expect(account.modify(dn, [edit]), `${dn} ${attribute}`).rejects.toMatchObject({
        resultCode: 50,
      });
    }
    await using joe = await bindAs(server, JOE, 'of-joe');
    await joe.modify(JOE, [{ operation: 'replace', attribute: 'userPassword', values: [ssha('new')] }]);
    await using again = await bindAs(server, JOE, 'new');
    expect(again.uri).toBe(server.uri);
  });

  test('of a second account stands beside that of the first', async () => {
    await using server = await start('to * by * none');
    await addEntries(server, ENTRIES);
    const second = `cn=second,${SUFFIX}`;
    expect([await grantAccess(server), await grantAccess(server, second)]).toEqual([1, 1]);
    expect([await grantAccess(server), await grantAccess(server, second)]).toEqual([0, 0]);
    await using account = await bindAs(server, ACCOUNT, SERVICE_PASSWORD);
    expect(await account.read(JOE, ['cn'])).toBeDefined();
  });
});
