import { expect, test } from 'vitest';
import { KeystoneLdapError } from '../../../src/errors.ts';
import { NO_IDENTITIES, type Identities } from '../../../src/identities/identities.ts';
import { parseIdentities } from '../../../src/identities/read/parse-identities.ts';
import { positionOf } from '../../../src/identities/read/source.ts';
import { SQL_LISTS } from '../../../src/identities/sql/sql-part.ts';

const parse = (...texts: readonly string[]): Identities =>
  parseIdentities(texts.map((text, index) => ({ file: `${index + 1}.yaml`, text }))).identities;

/** Each problem as compilers write it. */
function problemsOf(...texts: readonly string[]): string[] {
  try {
    parse(...texts);
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    expect(error.code).toBe('INPUT_INVALID');
    return error.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  }
  return [];
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

test('everything that can be said', () => {
  const identities = parse(
    lines(
      'tenants:',
      '  - customer-x',
      '  - name: project-y',
      '    id: 7d3f',
      '    description: Project Y, phase 2',
      '    enabled: false',
      '    members: [joe]',
      'users:',
      '  - { name: joe, id: 5c1a, password: "#secret", email: joe@example.com, enabled: True, tenant: customer-x }',
      'roles: [Admin, { name: barista, description: Makes coffee, service: coffee }]',
      'grants:',
      '  - { role: Admin, user: joe }',
      '  - { role: barista, user: joe, tenant: project-y }',
      'remarks: [Kept from the old system.]',
    ),
  );
  expect(identities).toMatchObject({
    tenants: [
      { name: 'customer-x', enabled: true },
      {
        name: 'project-y',
        id: '7d3f',
        description: 'Project Y, phase 2',
        enabled: false,
        members: ['joe'],
      },
    ],
    users: [{ name: 'joe', id: '5c1a', email: 'joe@example.com', enabled: true, tenant: 'customer-x' }],
    roles: [{ name: 'Admin' }, { name: 'barista', description: 'Makes coffee', service: 'coffee' }],
    grants: [
      { role: 'Admin', user: 'joe' },
      { role: 'barista', user: 'joe', tenant: 'project-y' },
    ],
    remarks: ['Kept from the old system.'],
  });
  expect(identities.users[0]?.password?.reveal()).toBe('#secret');
  expect(identities.tenants[0]).not.toHaveProperty('id');
  expect(identities).not.toHaveProperty('sql');
});

test('the SQL part, in the order of its lists', () => {
  const { sql } = parse(
    lines(
      'tenants: [x]',
      'users: [{ name: joe, tenant: x }]',
      'sql:',
      '  endpoint_templates:',
      '    - region: R',
      '      service: nova',
      '      public_url: http://p/%tenant_id%',
      '      admin_url: http://a',
      '      internal_url: http://i',
      '      global: true',
      '      version_list: http://l',
      '  services: [{ name: nova, type: compute, description: Compute }]',
      '  tokens: [{ token: 000999, user: joe, expires: 2012-02-29T23:59 }]',
      '  endpoints: [{ tenant: x, template: 1 }]',
      '  credentials: [{ user: joe, type: EC2, key: "k:1", secret: s3, tenant: x }]',
    ),
  );
  expect(sql).toMatchObject({
    order: ['endpointTemplates', 'services', 'tokens', 'endpoints', 'credentials'],
    services: [{ name: 'nova', type: 'compute', description: 'Compute' }],
    endpointTemplates: [
      {
        region: 'R',
        service: 'nova',
        publicUrl: 'http://p/%tenant_id%',
        adminUrl: 'http://a',
        internalUrl: 'http://i',
        enabled: true,
        global: true,
        versionList: 'http://l',
      },
    ],
    tokens: [{ user: 'joe', expires: '2012-02-29T23:59' }],
    endpoints: [{ tenant: 'x', template: 1 }],
    credentials: [{ user: 'joe', type: 'EC2', key: 'k:1', tenant: 'x' }],
  });
  expect(sql?.tokens[0]?.token.reveal()).toBe('000999');
  expect(sql?.credentials[0]?.secret.reveal()).toBe('s3');
});

test.each([
  ['0000', '0000'],
  ['0x10', '0x10'],
  ['1e3', '1e3'],
  ['TRUE', 'TRUE'],
  ['no', 'no'],
  ['null', 'null'],
  ['~', '~'],
  ['2011-08-12', '2011-08-12'],
  ["'0000'", '0000'],
  ['"tab-less"', 'tab-less'],
  ['ANOTHER:TENANT', 'ANOTHER:TENANT'],
  ['!!str 0000', '0000'],
  ['a#b', 'a#b'],
])('the name %s is the text that stands there', (written, name) => {
  expect(parse(`tenants: [${written}]`).tenants.map((tenant) => tenant.name)).toEqual([name]);
  expect(parse(`tenants:\n  - name: ${written}\n`).tenants.map((tenant) => tenant.name)).toEqual([name]);
});

test.each([
  '',
  '# nothing\n',
  '---\n',
  'tenants:\nusers:\nroles:\ngrants:\nsql:\nremarks:\n',
  'tenants: []\n',
])('nothing said in %j is nothing wrong', (text) => {
  expect(parse(text)).toEqual(NO_IDENTITIES);
});

test('anchors, aliases and merge keys', () => {
  const { users, tenants } = parse(
    lines(
      'tenants: [&x customer-x, y, z]',
      'users:',
      '  - &joe { name: joe, tenant: *x, enabled: false, email: a@b }',
      '  - { <<: *joe, name: jim, tenant: y }',
      '  - { name: jan, <<: [{ tenant: z }, *joe] }',
      '  - &self { name: sam, <<: *self }',
    ),
  );
  expect(tenants).toHaveLength(3);
  expect(users).toMatchObject([
    { name: 'joe', tenant: 'customer-x', enabled: false, email: 'a@b' },
    { name: 'jim', tenant: 'y', enabled: false, email: 'a@b' },
    { name: 'jan', tenant: 'z', enabled: false, email: 'a@b' },
    { name: 'sam', enabled: true },
  ]);
});

test('a merge repeated without end is read once', () => {
  const levels = Array.from(
    { length: 40 },
    (_, n) => `  - &l${n + 1} { <<: [*l${n}, *l${n}], name: u${n + 1} }`,
  );
  expect(parse(lines('users:', '  - &l0 { name: u0 }', ...levels)).users).toHaveLength(41);
});

test('a chain of merges, each of the one before, takes linear time and no recursion', () => {
  const length = 20_000;
  const links = Array.from({ length }, (_, n) => `  - &l${n + 1} { <<: *l${n}, name: u${n + 1} }`);
  const { users } = parse(lines('users:', '  - &l0 { name: u0, email: a@b }', ...links));
  expect(users).toHaveLength(length + 1);
  expect(users.at(-1)).toMatchObject({ name: `u${length}`, email: 'a@b' });
});

test('every value knows where it stands', () => {
  const { tenants, users } = parse(
    lines(
      'tenants:',
      '  - name: x',
      '    members:',
      '      - joe',
      '  - y',
      'users: [{ name: joe, tenant: y }]',
    ),
  );
  const places = [
    tenants[0] && positionOf(tenants[0]),
    tenants[0] && positionOf(tenants[0], 'name'),
    tenants[0] && positionOf(tenants[0], 'members[0]'),
    tenants[1] && positionOf(tenants[1], 'name'),
    users[0] && positionOf(users[0], 'tenant'),
    users[0] && positionOf(users[0], 'email'),
  ].map((at) => `${at?.file}:${at?.line}:${at?.column}`);
  expect(places).toEqual([
    '1.yaml:2:5',
    '1.yaml:2:11',
    '1.yaml:4:9',
    '1.yaml:5:5',
    '1.yaml:6:30',
    '1.yaml:6:9',
  ]);
});

interface Case {
  readonly what: string;
  readonly text: string;
  readonly problems: readonly string[];
}

const SHAPE: readonly Case[] = [
  {
    what: 'an unknown key at the top',
    text: 'tenant: [x]\n',
    problems: ['1.yaml:1:1: unknown key "tenant"; did you mean "tenants"?'],
  },
  {
    what: 'an unknown key that resembles none',
    text: 'colour: red\n',
    problems: [
      '1.yaml:1:1: unknown key "colour"; known here: domains, tenants, users, roles, groups, grants, sql, remarks, member_mode, reset_passwords',
    ],
  },
  {
    what: 'unknown keys in an item',
    text: 'users:\n  - name: joe\n    passwd: s\n    mail: a@b\n',
    problems: [
      '1.yaml:3:5: unknown key "passwd"; did you mean "password"?',
      '1.yaml:4:5: unknown key "mail"; did you mean "email"?',
    ],
  },
  {
    what: 'an unknown key in the SQL part',
    text: 'sql:\n  endpointTemplates: []\n',
    problems: ['1.yaml:2:3: unknown key "endpointTemplates"; did you mean "endpoint_templates"?'],
  },
  {
    what: 'a list at the top',
    text: '- x\n',
    problems: [
      '1.yaml:1:1: the file must be a mapping with the keys domains, tenants, users, roles, groups, grants, sql, remarks, member_mode, reset_passwords',
    ],
  },
  { what: 'a text for a list', text: 'tenants: x\n', problems: ['1.yaml:1:10: "tenants" must be a list'] },
  {
    what: 'a mapping for a list',
    text: 'users:\n  joe: {}\n',
    problems: ['1.yaml:2:3: "users" must be a list'],
  },
  {
    what: 'a list for the SQL part',
    text: 'sql: [x]\n',
    problems: ['1.yaml:1:6: "sql" must be a mapping of lists'],
  },
  {
    what: 'a user as text',
    text: 'users: [joe]\n',
    problems: ['1.yaml:1:9: a user is written as a mapping'],
  },
  {
    what: 'a list for a tenant',
    text: 'tenants: [[x]]\n',
    problems: ['1.yaml:1:11: a tenant is written as a mapping or as its name'],
  },
  {
    what: 'missing names',
    text: 'tenants:\n  - enabled: true\nusers:\n  - { email: a@b }\nroles: [{}]\n',
    problems: [
      '1.yaml:2:5: a tenant needs "name"',
      '1.yaml:4:5: a user needs "name"',
      '1.yaml:5:9: a role needs "name"',
    ],
  },
  {
    what: 'missing parts of a grant',
    text: 'grants:\n  - tenant: x\n',
    problems: ['1.yaml:2:5: a grant needs "role"'],
  },
  {
    what: 'empty texts',
    text: 'tenants:\n  - ""\n  -\n  - name:\n  - { name: a, description: "" }\n',
    problems: [
      '1.yaml:2:5: a tenant is empty',
      '1.yaml:3:4: a tenant is empty',
      '1.yaml:4:10: "name" is empty; leave the key out or give it a value',
      '1.yaml:5:29: "description" is empty',
    ],
  },
  {
    what: 'line breaks and NUL',
    text: 'tenants: ["a\\nb"]\nusers:\n  - name: "a\\0"\n    password: |\n      x\n',
    problems: [
      '1.yaml:1:11: a tenant holds a line break or another control character',
      '1.yaml:3:11: "name" holds a line break or another control character',
      '1.yaml:4:15: "password" holds a line break or another control character',
    ],
  },
  {
    what: 'values of another type',
    text: lines(
      'tenants: [{ name: [x] }, { name: b, enabled: yes, members: joe }]',
      'users: [{ name: c, password: { a: b } }]',
      'remarks: text',
    ),
    problems: [
      '1.yaml:1:19: "name" must be text',
      '1.yaml:1:46: "enabled" must be true or false',
      '1.yaml:1:60: "members" must be a list of texts',
      '1.yaml:2:30: "password" must be text',
      '1.yaml:3:10: "remarks" must be a list of texts',
    ],
  },
  {
    what: 'values of SQL rows',
    text: lines(
      'tenants: [x]',
      'users: [{ name: joe }]',
      'sql:',
      '  tokens:',
      '    - { token: t1, user: joe, expires: 2011-02-29T00:00 }',
      '    - { token: t2, user: joe, expires: tomorrow }',
      '    - { token: t3, user: joe }',
      '  endpoints: [{ tenant: x, template: 0 }, { tenant: x, template: one }]',
      '  credentials: [{ user: joe, type: EC2 }]',
      '  endpoint_templates: [{ region: R, service: s, public_url: u }]',
    ),
    problems: [
      '1.yaml:5:40: "expires" must be a UTC time to the minute, such as 2015-02-05T00:00',
      '1.yaml:6:40: "expires" must be a UTC time to the minute, such as 2015-02-05T00:00',
      '1.yaml:7:7: a token needs "expires"',
      '1.yaml:8:38: "template" must be a whole number from 1',
      '1.yaml:8:66: "template" must be a whole number from 1',
      '1.yaml:9:17: a credential needs "key"',
      '1.yaml:9:17: a credential needs "secret"',
      '1.yaml:10:24: an endpoint template needs "admin_url"',
      '1.yaml:10:24: an endpoint template needs "internal_url"',
    ],
  },
  {
    what: 'what lies below something else than organizational units',
    text: `users:
  - { name: a, below: 'ou=Berlin,ou=Research' }
  - { name: b, below: Berlin }
  - { name: c, below: 'cn=Berlin' }
  - { name: d, below: 'ou=Berlin+cn=x' }
groups: [{ name: g, below: 'ou=a,,' }]
`,
    problems: ['3:23', '4:23', '5:23', '6:28'].map(
      (at) =>
        `1.yaml:${at}: "below" must be organizational units, the lowest first, such as ou=Berlin,ou=Research`,
    ),
  },
  {
    what: 'domains that nothing declares, and namesakes in two',
    text: `domains: [Corp]
users: [{ name: a, domain: Corp }, { name: a }, { name: b, domain: Core }, { name: c, domain: Default }]
tenants: [{ name: t, domain: Croup }]
groups: [{ name: g, domain: Other }]
`,
    problems: [
      '1.yaml:2:36: user "a" is declared twice, first at 1.yaml:2:9; it cannot be distinguished from the entry of the same name in another domain',
      '1.yaml:2:68: domain "Core" is not declared; did you mean "Corp"?',
      '1.yaml:3:30: domain "Croup" is not declared; did you mean "Corp"?',
      '1.yaml:4:29: domain "Other" is not declared',
    ],
  },
  {
    what: 'a variable that nothing expands for a password',
    text: "users:\n  - { name: joe, password: '${JOE}' }\n  - { name: jim, password: '$JIM' }\n",
    problems: ['1.yaml:2:28: ${JOE} would be the password itself: write "password_env: JOE" for a variable'],
  },
  {
    what: 'several passwords for a user',
    text: 'users:\n  - { name: joe, password: x, password_file: y }\n',
    problems: [
      '1.yaml:2:5: a user has one of "password", "password_hash", "password_file" and "password_env"',
    ],
  },
];

const YAML_FAULTS: readonly Case[] = [
  {
    what: 'a key twice',
    text: 'tenants: [x]\ntenants: [y]\n',
    problems: ['1.yaml:2:1: this key stands here a second time'],
  },
  {
    what: 'two documents',
    text: 'tenants: [x]\n---\ntenants: [y]\n',
    problems: ['1.yaml:2:1: a second document begins here; write one document in each file'],
  },
  {
    what: 'a password that begins with a reserved character',
    text: 'users:\n  - name: joe\n    password: @secret\n',
    problems: [
      '1.yaml:3:15: YAML: text cannot begin with this character; put text with special characters in quotes',
    ],
  },
  {
    what: 'a password that begins with an asterisk',
    text: 'users:\n  - name: joe\n    password: *secret\n',
    problems: ['1.yaml:3:15: this alias names no anchor above it; put text that begins with * in quotes'],
  },
  {
    what: 'a password that begins with an exclamation mark',
    text: 'users:\n  - name: joe\n    password: !secret x\n',
    problems: [
      '1.yaml:3:15: YAML: unknown tag; put text with special characters in quotes, also text that begins with !',
    ],
  },
  {
    what: 'a password with a colon and a space',
    text: 'users:\n  - name: joe\n    password: secret: very\n',
    problems: ['1.yaml:3:15: YAML: a second ": " in one line; put text with special characters in quotes'],
  },
  {
    what: 'a password after a block indicator',
    text: 'users:\n  - name: joe\n    password: |secret\n',
    problems: ['1.yaml:3:16: YAML: Block scalar header includes extra characters'],
  },
  {
    what: 'an unknown escape',
    text: 'users:\n  - name: joe\n    password: "se\\cret"\n',
    problems: ['1.yaml:3:18: YAML: no such escape in "…"; double the backslash or use \'…\''],
  },
  {
    what: 'a bracket that never closes',
    text: 'tenants: [x\nusers: []\n',
    problems: [
      '1.yaml:2:1: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  },
  {
    what: 'a tab',
    text: 'tenants:\n\t- x\n',
    problems: ['1.yaml:2:1: YAML: Tabs are not allowed as indentation'],
  },
  {
    what: 'a directive',
    text: '%SECRET x\n---\ntenants: [x]\n',
    problems: ['1.yaml:1:1: YAML: unknown directive'],
  },
  {
    what: 'a merge of text',
    text: 'users:\n  - { name: joe, <<: text }\n',
    problems: ['1.yaml:2:22: << can merge mappings only'],
  },
  { what: 'a list as a key', text: '? [a]\n: x\n', problems: ['1.yaml:1:3: a key must be plain text'] },
];

test.each([...SHAPE, ...YAML_FAULTS])('$what', ({ text, problems }) => {
  expect(problemsOf(text)).toEqual(problems);
});

const REFERENCES: readonly Case[] = [
  {
    what: 'undeclared names, wherever they stand',
    text: lines(
      'tenants: [customer-x, { name: y, members: [joe, jo] }]',
      'users: [{ name: joe, tenant: custmer-x }]',
      'roles: [Admin]',
      'grants:',
      '  - { role: admin, user: joe, tenant: z }',
      '  - { role: Admin, user: nobody }',
      'sql:',
      '  tokens: [{ token: t, user: jim, tenant: Y, expires: 2012-01-01T00:00 }]',
      '  endpoints: [{ tenant: w, template: 1 }]',
      '  credentials: [{ user: u, type: EC2, key: k, secret: s, tenant: v }]',
    ),
    problems: [
      '1.yaml:1:49: user "jo" is not declared; did you mean "joe"?',
      '1.yaml:2:30: tenant "custmer-x" is not declared; did you mean "customer-x"?',
      '1.yaml:5:13: role "admin" is not declared; did you mean "Admin"?',
      '1.yaml:5:39: tenant "z" is not declared',
      '1.yaml:6:26: user "nobody" is not declared',
      '1.yaml:8:30: user "jim" is not declared',
      '1.yaml:8:43: tenant "Y" is not declared; did you mean "y"?',
      '1.yaml:9:25: tenant "w" is not declared',
      '1.yaml:10:25: user "u" is not declared',
      '1.yaml:10:66: tenant "v" is not declared',
    ],
  },
  {
    what: 'things declared twice',
    text: lines(
      'tenants: [x, { name: x, description: other }]',
      'users: [{ name: joe }, { name: joe }]',
      'roles: [Admin, Admin, Admin]',
      'grants:',
      '  - { role: Admin, user: joe }',
      '  - { role: Admin, user: joe, tenant: x }',
      '  - { user: joe, role: Admin }',
      'sql:',
      '  services: [{ name: s }, { name: s, type: t }]',
      '  tokens:',
      '    - { token: secret, user: joe, expires: 2012-01-01T00:00 }',
      '    - { token: secret, user: joe, expires: 2012-01-02T00:00 }',
    ),
    problems: [
      '1.yaml:1:14: tenant "x" is declared twice, first at 1.yaml:1:11',
      '1.yaml:2:24: user "joe" is declared twice, first at 1.yaml:2:9',
      '1.yaml:3:16: role "Admin" is declared twice, first at 1.yaml:3:9',
      '1.yaml:3:23: role "Admin" is declared twice, first at 1.yaml:3:9',
      '1.yaml:7:5: the grant of role "Admin" to user "joe" is declared twice, first at 1.yaml:5:5',
      '1.yaml:9:27: service "s" is declared twice, first at 1.yaml:9:14',
      '1.yaml:12:7: this token of user "joe" is declared twice, first at 1.yaml:11:7',
    ],
  },
];

test.each(REFERENCES)('$what', ({ text, problems }) => {
  expect(problemsOf(text)).toEqual(problems);
});

test('faults of all kinds are reported at once, in the order of the files and lines', () => {
  expect(
    problemsOf('grants: [{ role: a, user: b, x: y }]\nroles: [r]\n', 'roles: [r]\nusers: [{ nam: joe }]\n'),
  ).toEqual([
    '1.yaml:1:18: role "a" is not declared',
    '1.yaml:1:27: user "b" is not declared',
    '1.yaml:1:30: unknown key "x"; known here: role, user, group, tenant',
    '2.yaml:1:9: role "r" is declared twice, first at 1.yaml:2:9',
    '2.yaml:2:9: a user needs "name"',
    '2.yaml:2:11: unknown key "nam"; did you mean "name"?',
  ]);
});

test('files may name what others declare', () => {
  const identities = parse(
    'tenants: [x]\nsql: { services: [{ name: a }], tokens: [] }\nremarks: [one]\n',
    'users: [{ name: joe, tenant: x }]\nsql: { credentials: [], services: [{ name: b }] }\nremarks: [two]\n',
  );
  expect(identities.users).toMatchObject([{ name: 'joe', tenant: 'x' }]);
  expect(identities.remarks).toEqual(['one', 'two']);
  expect(identities.sql?.services.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(identities.sql?.order).toEqual(['services', 'tokens', 'credentials']);
  expect(SQL_LISTS).toEqual(expect.arrayContaining([...(identities.sql?.order ?? [])]));
});

test('where one file is no YAML, names of the others are not called undeclared', () => {
  expect(problemsOf('tenants: [x\n', 'users: [{ name: joe, tenant: x, y: z }]\n')).toEqual([
    '1.yaml:2:1: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    '2.yaml:1:33: unknown key "y"; known here: name, id, password, password_hash, password_file, password_env, reset_password, email, enabled, tenant, description, domain, below',
  ]);
});
