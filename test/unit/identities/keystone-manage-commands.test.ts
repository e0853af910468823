import { describe, expect, test } from 'vitest';
import {
  describeCommand,
  formatShellCommands,
  sqlCommands,
  type CommandOptions,
} from '../../../src/identities/sql/keystone-manage-commands.ts';
import { loadSampleData } from '../../../src/identities/read/load-sample-data.ts';
import { parseIdentities } from '../../../src/identities/read/parse-identities.ts';
import { NO_IDENTITIES } from '../../../src/identities/identities.ts';
import { undoable } from '../../../src/identities/sql/undoable.ts';
import { clientOf } from '../../../src/releases/client-kind.ts';
import { findRelease } from '../../../src/releases/find-release.ts';
import { EMPTY_SQL_PART as EMPTY, type SqlPart } from '../../../src/identities/sql/sql-part.ts';

const TEMPLATE = { region: 'R', service: 's', public_url: 'p', admin_url: 'a', internal_url: 'i' };

function sqlOf(sql: object): SqlPart {
  // JSON is YAML.
  const text = JSON.stringify({ tenants: ['x'], users: [{ name: 'joe' }, { name: '-joe' }], sql });
  return parseIdentities([{ file: 'f', text }]).identities.sql ?? EMPTY;
}

const ALL = {
  configFile: '-c before',
  typedServices: true,
  credentials: true,
  unscopedTokens: true,
} as const;

const linesOf = (sql: SqlPart, options?: CommandOptions): string[] =>
  formatShellCommands(sqlCommands(sql, { style: ALL, ...options }))
    .trimEnd()
    .split('\n')
    .slice(3);

test.each([
  ['a service', { services: [{ name: 's' }] }, "service add s ''"],
  ['with a type', { services: [{ name: 's', type: 't' }] }, 'service add s t'],
  ['with a description only', { services: [{ name: 's', description: 'a b' }] }, "service add s '' 'a b'"],
  ['an endpoint template', { endpoint_templates: [TEMPLATE] }, 'endpointTemplates add R s p a i 1 0'],
  [
    'disabled and global',
    { endpoint_templates: [{ ...TEMPLATE, enabled: false, global: true }] },
    'endpointTemplates add R s p a i 0 1',
  ],
  [
    'with a version list only',
    { endpoint_templates: [{ ...TEMPLATE, version_list: 'l' }] },
    "endpointTemplates add R s p a i 1 0 '' l",
  ],
  [
    'a token',
    { tokens: [{ token: '0009', user: 'joe', tenant: 'x', expires: '2015-02-05T00:00' }] },
    'token add 0009 joe x 2015-02-05T00:00',
  ],
  [
    'without a tenant',
    { tokens: [{ token: 't', user: 'joe', expires: '2015-02-05T00:00' }] },
    "token add t joe '' 2015-02-05T00:00",
  ],
  ['an endpoint', { endpoints: [{ tenant: 'x', template: 12 }] }, 'endpoint add x 12'],
  [
    'a credential',
    { credentials: [{ user: 'joe', type: 'EC2', key: 'k:1', secret: 's', tenant: 'x' }] },
    'credentials add joe EC2 k:1 s x',
  ],
  [
    'a credential without a tenant',
    { credentials: [{ user: 'joe', type: 'EC2', key: 'k', secret: 's' }] },
    'credentials add joe EC2 k s',
  ],
  [
    'a word that looks like an option',
    { credentials: [{ user: '-joe', type: 'EC2', key: 'k', secret: 's' }] },
    '-- credentials add -joe EC2 k s',
  ],
])('%s', (_, sql, line) => {
  expect(linesOf(sqlOf(sql))).toEqual([`keystone-manage ${line}`]);
});

test('the program and its configuration file', () => {
  const options = { executable: '/opt/key stone/bin/keystone-manage', configFile: '/etc/keystone.conf' };
  expect(linesOf(sqlOf({ services: [{ name: 's' }] }), options)).toEqual([
    "'/opt/key stone/bin/keystone-manage' -c /etc/keystone.conf service add s ''",
  ]);
});

test('the script stops at the first failure and is empty where nothing is in SQL', () => {
  const [shebang, , ...rest] = formatShellCommands(sqlCommands(EMPTY)).split('\n');
  expect([shebang, ...rest]).toEqual(['#!/bin/sh', 'set -e', '']);
});

test('tokens and secrets are shown by the script only', () => {
  const commands = sqlCommands(
    sqlOf({
      tokens: [{ token: 'tok-1', user: 'joe', expires: '2015-02-05T00:00' }],
      credentials: [{ user: 'joe', type: 'EC2', key: 'k', secret: 'sec-2' }],
    }),
    { style: ALL },
  );
  expect(commands.map(describeCommand)).toEqual([
    "keystone-manage token add *** joe '' 2015-02-05T00:00",
    'keystone-manage credentials add joe EC2 k ***',
  ]);
  expect(JSON.stringify(commands)).not.toMatch(/tok-1|sec-2/);
});

describe('sample data', () => {
  const linesOfRelease = async (release: string): Promise<string[]> => {
    const { sql = EMPTY } = await loadSampleData(release);
    const style = findRelease(release).legacy?.manage ?? ALL;
    return linesOf(sql, { style }).map((line) => line.replace('keystone-manage ', ''));
  };

  const SERVICES = [
    "service add exampleservice 'example type' 'example description'",
    "service add swift object-store 'Swift-compatible service'",
    "service add cdn object-store 'Swift-compatible service'",
    "service add nova compute 'OpenStack Compute Service'",
    "service add nova_compat compute 'OpenStack Compute Service'",
    "service add glance image 'OpenStack Image Service'",
    "service add identity identity 'OpenStack Identity Service'",
  ];
  const SWIFT =
    'http://swift.publicinternets.com/v1/AUTH_%tenant_id% http://swift.admin-nets.local:8080/ http://127.0.0.1:8080/v1/AUTH_%tenant_id% 1 0';
  const V10 =
    'http://nova.publicinternets.com/v1.0/ http://127.0.0.1:8774/v1.0 http://localhost:8774/v1.0 1 0';
  const V11 =
    'http://nova.publicinternets.com/v1.1/ http://127.0.0.1:8774/v1.1 http://localhost:8774/v1.1 1 0';
  const GLANCE =
    'http://glance.publicinternets.com/v1.1/%tenant_id% http://nova.admin-nets.local/v1.1/%tenant_id% http://127.0.0.1:9292/v1.1/%tenant_id% 1 0';
  const CDN =
    'http://cdn.publicinternets.com/v1.1/%tenant_id% http://cdn.admin-nets.local/v1.1/%tenant_id% http://127.0.0.1:7777/v1.1/%tenant_id% 1 0';
  const VERSION = ' 1.1 http://127.0.0.1:7777/ http://127.0.0.1:7777/v1.1';
  const identity = (port: number): string =>
    `identity http://keystone.publicinternets.com/v2.0 http://127.0.0.1:${port}/v2.0 http://127.0.0.1:5000/v2.0 1 1`;
  const templates = (rows: readonly string[]): string[] =>
    rows.map((row) => `endpointTemplates add RegionOne ${row}`);
  const FIRST = [`swift ${SWIFT}`, `nova_compat ${V10}`, `nova ${V11}`, `glance ${GLANCE}`, `cdn ${CDN}`];
  const SECOND = [`swift ${SWIFT}`, `nova ${V10}`, `nova_compat ${V11}`, `glance ${GLANCE}`, `cdn ${CDN}`];
  const tokens = (tenant: string, ofAdmins: string): string[] => [
    `token add 887665443383838 joeuser ${tenant} 2012-02-05T00:00`,
    `token add 999888777666 admin ${ofAdmins} 2015-02-05T00:00`,
    `token add 111222333444 serviceadmin ${ofAdmins} 2015-02-05T00:00`,
    `token add 000999 admin ${tenant} 2010-02-05T00:00`,
    `token add 999888777 disabled ${tenant} 2015-02-05T00:00`,
  ];
  const endpoints = (tenant: string): string[] => [1, 2, 3, 4, 5].map((id) => `endpoint add ${tenant} ${id}`);
  const CREDENTIALS = ['credentials add admin EC2 admin:admin admin customer-x'];

  test('blog: services last, and templates of services that are not there', async () => {
    const second = [
      `object_store ${SWIFT}`,
      `compute ${V10}`,
      `compute_v1 ${V11}`,
      `image ${GLANCE}`,
      `cdn ${CDN}`,
    ];
    expect(await linesOfRelease('blog')).toEqual([
      ...templates([...FIRST, ...second, identity(5001)]),
      ...tokens('1234', '1234'),
      ...endpoints('1234'),
      'service add exampleservice',
    ]);
  });

  test('2011.3', async () => {
    expect(await linesOfRelease('2011.3')).toEqual([
      ...SERVICES,
      ...templates([...FIRST, ...SECOND, identity(35357)]),
      ...tokens('customer-x', 'customer-x'),
      ...endpoints('customer-x'),
      ...CREDENTIALS,
    ]);
  });

  test.each(['essex-1', 'essex-2'])('%s: the version of a template', async (release) => {
    const first = FIRST.map((row) => (row.startsWith('cdn ') ? `${row}${VERSION}` : row));
    expect(await linesOfRelease(release)).toEqual([
      ...SERVICES,
      ...templates([...first, ...SECOND, identity(35357)]),
      ...tokens('customer-x', 'customer-x'),
      ...endpoints('customer-x'),
      ...CREDENTIALS,
    ]);
  });

  test.each(['2012-01-20', 'essex-3'])(
    '%s: coffee and tea first, tokens without a tenant, glance without one in its URLs',
    async (release) => {
      const withoutTenant = (row: string): string =>
        row.startsWith('glance ') ? row.replaceAll('%tenant_id%', '') : row;
      const first = FIRST.map((row) => (row.startsWith('cdn ') ? `${row}${VERSION}` : row));
      expect(await linesOfRelease(release)).toEqual([
        "service add coffee 'coffee service' 'coffee service'",
        "service add tea 'tea house' 'tea house'",
        ...SERVICES,
        ...templates([...first.map(withoutTenant), ...SECOND.map(withoutTenant), identity(35357)]),
        ...tokens('customer-x', "''"),
        ...endpoints('customer-x'),
        ...CREDENTIALS,
      ]);
    },
  );
});

describe('how the release is called', () => {
  const sql = sqlOf({
    services: [
      { name: 's', type: 't' },
      { name: '-x', type: 't' },
    ],
    tokens: [{ token: 't', user: 'joe', expires: '2015-02-05T00:00' }],
    credentials: [{ user: 'joe', type: 'EC2', key: 'k', secret: 's' }],
  });
  const before = ['-c /k.conf service add s t', '-c /k.conf -- service add -x t'];
  const token = "token add t joe '' 2015-02-05T00:00";
  const credential = 'credentials add joe EC2 k s';

  test.each([
    ['blog', [...before, `-c /k.conf ${token}`]],
    ['2011.3', [...before, `-c /k.conf ${credential}`]],
    ['essex-1', [...before, `-c /k.conf ${credential}`]],
    ['essex-2', [...before, `-c /k.conf ${credential}`]],
    ['2012-01-20', [...before, `-c /k.conf ${token}`, `-c /k.conf ${credential}`]],
    [
      'essex-3',
      [
        'service add s t --config-file /k.conf',
        'service add --config-file /k.conf -- -x t',
        `${token} --config-file /k.conf`,
        `${credential} --config-file /k.conf`,
      ],
    ],
  ])('%s', (release, expected) => {
    const style = findRelease(release).legacy?.manage;
    expect(style).toBeDefined();
    expect(linesOf(sql, { configFile: '/k.conf', ...(style && { style }) })).toEqual(
      expected.map((line) => `keystone-manage ${line}`),
    );
  });

  test.each([
    ['blog', ['credentials: this release has no command that adds them.']],
    ['2011.3', ['tokens without a tenant (1): this release fails at them.']],
    ['essex-2', ['tokens without a tenant (1): this release fails at them.']],
    ['essex-3', []],
  ])('%s says what it cannot be told', (release, notes) => {
    expect(undoable(NO_IDENTITIES, sql, clientOf(release))).toEqual(notes);
  });
});
