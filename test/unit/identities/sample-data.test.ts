import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { KeystoneLdapError } from '../../../src/errors.ts';
import { packageFile } from '../../../src/files.ts';
import type { Identities } from '../../../src/identities/identities.ts';
import { loadSampleData } from '../../../src/identities/read/load-sample-data.ts';
import { parseIdentities } from '../../../src/identities/read/parse-identities.ts';
import { sampleDataFile } from '../../../src/identities/read/sample-data-file.ts';
import { CATALOGUE } from '../../../src/releases/catalogue.ts';
import { RELEASES } from '../../../src/releases/find-release.ts';

const RELEASE_NAMES = CATALOGUE.map(({ name }) => name);

const words = (...values: readonly (string | undefined)[]): string =>
  values.map((one) => one ?? '-').join(' ');

const summary = ({ tenants, users, roles, grants, sql }: Identities) => ({
  tenants: tenants.map(({ name }) => name).join(' '),
  users: users.map(({ name, password, tenant }) => words(name, password?.reveal(), tenant)),
  roles: roles.map(({ name }) => name).join(' '),
  grants: grants.map(({ role, user, tenant }) => `${role}: ${user}@${tenant}`),
  services: sql?.services.map(({ name, type }) => `${name}/${type}`).join(' '),
  ec2: sql?.ec2Credentials.map(({ user, tenant }) => `${user}@${tenant}`),
});

const publicUrls = ({ sql }: Identities): string[] =>
  (sql?.serviceEndpoints ?? []).map(({ publicUrl }) => publicUrl.replace('http://localhost:', ''));

test('every release has some, and every file is of a release or the sample of our own', async () => {
  const used = [...new Set([...RELEASES, ...CATALOGUE].map(({ name }) => sampleDataFile(name)))];
  const there = await readdir(packageFile('fixtures/sample-data'));
  const wanted = [...used, sampleDataFile('modern')].map((file) => file.replace(/.*\//, ''));
  expect(there.sort()).toEqual([...new Set(wanted)].sort());
});

test.each([
  ['2012.2', '2012.1'],
  ['2013.1', '2013.1'],
  ['2013.1.2', '2013.1'],
  ['2015.1', '2014.2'],
  ['pike', 'ocata'],
  ['rocky', 'queens'],
  ['zed', 'stein'],
  ['2026.1', '2025.2'],
  ['2026.2', '2025.2'],
  ['2011.3', '2011.3'],
  ['modern', 'modern'],
])('%s has the data of %s', (release, first) => {
  expect(sampleDataFile(release)).toBe(`fixtures/sample-data/${first}.yaml`);
});

test.each([...RELEASE_NAMES, 'modern'])(
  '%s: with and without everything that can be chosen',
  async (name) => {
    const bare = await loadSampleData(name, {});
    const full = await loadSampleData(name, {
      ENABLE_SWIFT: '1',
      ENABLE_QUANTUM: '1',
      ENABLE_ENDPOINTS: '1',
    });
    for (const { users, sql } of [bare, full]) {
      expect(users.length).toBeGreaterThan(1);
      for (const { password } of users) expect(password?.reveal()).not.toMatch(/[${}]/);
      for (const { publicUrl } of [...(sql?.serviceEndpoints ?? []), ...(sql?.bootstrap ?? [])])
        expect(publicUrl).toMatch(/^http:\/\/localhost:[^{}]+$/);
    }
  },
);

test('Essex and Folsom', async () => {
  const data = await loadSampleData('2012.2', {});
  expect(summary(data)).toEqual({
    tenants: 'admin service demo invisible_to_admin',
    users: ['admin secrete -', 'demo secrete -', 'nova secrete service', 'glance secrete service'],
    roles: 'admin Member KeystoneAdmin KeystoneServiceAdmin sysadmin netadmin',
    grants: [
      'admin: admin@admin',
      'Member: demo@demo',
      'sysadmin: demo@demo',
      'netadmin: demo@demo',
      'Member: demo@invisible_to_admin',
      'admin: admin@demo',
      'KeystoneAdmin: admin@admin',
      'KeystoneServiceAdmin: admin@admin',
      'admin: nova@service',
      'admin: glance@service',
    ],
    services: 'nova/compute ec2/ec2 glance/image keystone/identity nova-volume/volume horizon/dashboard',
    ec2: ['admin@admin', 'demo@demo'],
  });
  expect(data.users.map(({ email }) => email)).toEqual([
    'admin@example.com',
    'admin@example.com',
    'nova@example.com',
    'glance@example.com',
  ]);
  expect(publicUrls(data)).toEqual([]);
  const all = { ENABLE_ENDPOINTS: 'yes', ENABLE_SWIFT: 'yes', ENABLE_QUANTUM: '', SERVICE_PASSWORD: 'p' };
  const chosen = await loadSampleData('2012.1', all);
  expect(summary(chosen).users).toEqual([
    'admin secrete -',
    'demo secrete -',
    'nova p service',
    'glance p service',
    'swift p service',
  ]);
  expect(summary(chosen).grants.at(-1)).toBe('admin: swift@service');
  expect(summary(chosen).services).toMatch(/horizon\/dashboard swift\/object-store$/);
  expect(publicUrls(chosen)).toHaveLength(5);
});

const V2_SERVICES = 'keystone/identity nova/compute volume/volume glance/image ec2/ec2 swift/object-store';

test.each([
  ['2013.1', '$(compute_port)s/v1.1/$(tenant_id)s', '8888', '-', '-'],
  ['2013.2', '$(compute_port)s/v1.1/$(tenant_id)s', '8888', '-', '-'],
  ['2014.1', '$(compute_port)s/v2/$(tenant_id)s', '8080', '-', '-'],
  ['2015.1', '8774/v2/$(tenant_id)s', '8080', '-', '-'],
  ['liberty', '8774/v2/$(tenant_id)s', '8080', 'demo', 'service'],
])('Grizzly to Liberty: %s', async (release, nova, swiftPort, adminTenant, glanceTenant) => {
  const data = await loadSampleData(release, {});
  expect(summary(data)).toEqual({
    tenants: 'demo service',
    users: [
      `admin secrete ${adminTenant}`,
      `glance glance ${glanceTenant}`,
      'nova nova service',
      'ec2 ec2 service',
      'swift swiftpass service',
    ],
    roles: 'admin',
    grants: [
      'admin: admin@demo',
      ...['glance', 'nova', 'ec2', 'swift'].map((one) => `admin: ${one}@service`),
    ],
    services: V2_SERVICES,
    ec2: ['admin@service'],
  });
  expect(publicUrls(data)).toEqual([
    '$(public_port)s/v2.0',
    nova,
    '8776/v1/$(tenant_id)s',
    '9292',
    '8773/services/Cloud',
    `${swiftPort}/v1/AUTH_$(tenant_id)s`,
  ]);
});

test('Mitaka: a role for services, and neutron', async () => {
  const data = summary(await loadSampleData('mitaka', {}));
  expect(data.roles).toBe('admin service');
  expect(data.users.at(-1)).toBe('neutron neutron service');
  expect(data.grants.slice(0, 2)).toEqual(['admin: admin@demo', 'service: glance@service']);
  expect(data.services).toBe(`${V2_SERVICES} neutron/network`);
});

test.each([
  ['newton', 'secrete', 'ec2', 'nova/compute volume/volume glance/image ec2/ec2', ['admin@service']],
  ['pike', 'secret', 'ec2', 'nova/compute volume/volume glance/image ec2/ec2', ['admin@service']],
  [
    'zed',
    'secret',
    'cinder',
    'nova_legacy/compute_legacy nova/compute cinderv2/volumev2 cinderv3/volumev3 glance/image',
    [],
  ],
  [
    '2026.1',
    'secret',
    'cinder',
    'nova_legacy/compute_legacy nova/compute cinderv3/volumev3 glance/image',
    [],
  ],
])('Newton and later: %s', async (release, password, third, services, ec2) => {
  const data = await loadSampleData(release, {});
  expect(summary(data)).toMatchObject({
    tenants: 'admin demo service',
    roles: 'admin service',
    services: `${services} swift/object-store neutron/network`,
    ec2,
  });
  const names = ['glance', 'nova', third, 'swift', 'neutron'];
  expect(data.users.map(({ name }) => name)).toEqual(['admin', ...names]);
  expect(data.users[0]?.password?.reveal()).toBe(password);
  expect(summary(data).grants).toEqual([
    'admin: admin@admin',
    ...names.map((one) => `service: ${one}@service`),
  ]);
  expect(data.sql?.bootstrap).toMatchObject([
    { user: 'admin', tenant: 'admin', role: 'admin', region: 'RegionOne' },
  ]);
});

describe('the environment', () => {
  test('its addresses, its port, and what it can leave out', async () => {
    const env = { CONTROLLER_PUBLIC_ADDRESS: 'pub', CONTROLLER_ADMIN_ADDRESS: 'adm', KEYSTONE_PORT: '35357' };
    const { sql } = await loadSampleData('2024.1', env);
    expect(sql?.bootstrap[0]).toMatchObject({
      publicUrl: 'http://pub:35357/v3',
      adminUrl: 'http://adm:35357/v3',
      internalUrl: 'http://localhost:35357/v3',
    });
    expect(sql?.serviceEndpoints[1]).toMatchObject({ publicUrl: 'http://pub:8774/v2.1' });
    expect(publicUrls(await loadSampleData('2024.1', { DISABLE_ENDPOINTS: '1' }))).toEqual([]);
  });

  test('a password of its own, one for all services, and signs that YAML would read', async () => {
    const env = { NOVA_PASSWORD: "a: 'b' #c", SERVICE_PASSWORD: '${X}', ADMIN_PASSWORD: '*' };
    expect(summary(await loadSampleData('2013.2', env)).users).toEqual([
      'admin * -',
      'glance ${X} -',
      "nova a: 'b' #c service",
      'ec2 ${X} service',
      'swift ${X} service',
    ]);
  });

  test('a value that is none', async () => {
    const loading = loadSampleData('2013.2', { ADMIN_PASSWORD: 'a\nb' });
    await expect(loading).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      problems: [{ message: '"password" holds a line break or another control character' }],
    });
  });
});

describe('the keys of sample data', () => {
  const problemsOf = (text: string, env?: Record<string, string>): string[] => {
    try {
      parseIdentities([{ file: 'f', text }], env);
    } catch (error) {
      if (!(error instanceof KeystoneLdapError)) throw error;
      return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    }
    return [];
  };

  test('what is no reference is named with its place', () => {
    expect(problemsOf('users:\n  - { name: joe, password: "${PASS}" }', {})).toEqual([
      '2:28 a variable is written as ${NAME:-default}',
    ]);
  });

  test('what is left out is read all the same', () => {
    expect(problemsOf('users: [{ name: joe, when_env: X, colour: red }]', {})).toEqual([
      expect.stringMatching(/^1:35 unknown key "colour"/),
    ]);
    expect(problemsOf('grants: [{ role: r, user: u, when_env: X }]', {})).toEqual([]);
    expect(problemsOf('grants: [{ role: r, user: u, unless_env: X }]', { X: '1' })).toEqual([]);
    expect(problemsOf('grants: [{ role: r, user: u, when_env: X }]', { X: '1' })).toHaveLength(2);
  });

  test('in a file of somebody they are text and unknown keys', () => {
    const { identities } = parseIdentities([
      { file: 'f', text: 'users: [{ name: joe, password: "${PASS:-x}" }]' },
    ]);
    expect(identities.users[0]?.password?.reveal()).toBe('${PASS:-x}');
    expect(problemsOf('users: [{ name: joe, when_env: X }]')).toHaveLength(1);
  });
});

test('the modern sample has one of everything', async () => {
  const { users, groups, grants } = await loadSampleData('modern', {});
  expect(users.every(({ email }) => email !== undefined)).toBe(true);
  expect(users.filter(({ enabled }) => !enabled)).toHaveLength(1);
  expect(users.filter(({ name }) => /[^\p{ASCII}]/u.test(name))).toHaveLength(1);
  expect(groups.length).toBeGreaterThan(3);
  expect(groups.filter(({ members = [] }) => members.length === 0)).toHaveLength(1);
  expect(new Set(grants.map(({ role }) => role))).toEqual(new Set(['admin', 'member', 'reader']));
});
