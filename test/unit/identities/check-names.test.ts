import { describe, expect, test } from 'vitest';
import { KeystoneLdapError } from '../../../src/errors.ts';
import { checkNames } from '../../../src/identities/check/check-names.ts';
import { divideIdentities } from '../../../src/identities/entries/divide-identities.ts';
import { loadSampleData } from '../../../src/identities/read/load-sample-data.ts';
import { refuseUnsafeNames, type NameFault } from '../../../src/identities/check/name-fault.ts';
import { parseIdentities } from '../../../src/identities/read/parse-identities.ts';
import { findRelease, RELEASES, treesBelow } from '../../../src/releases/find-release.ts';
import type { NameRules, Trees } from '../../../src/releases/release.ts';

interface Where {
  readonly release?: string;
  readonly trees?: Partial<Trees>;
  readonly suffix?: string;
  readonly rules?: Partial<NameRules>;
}

function faultsOf(text: string, where: Where = {}): NameFault[] {
  const { release: name = '2011.3', trees = {}, suffix = 'dc=example,dc=com', rules = {} } = where;
  const { identities } = parseIdentities([{ file: 'i.yaml', text }]);
  const release = findRelease(name);
  const context = {
    ...release,
    nameRules: { ...release.nameRules, ...rules },
    trees: treesBelow(release, suffix, trees),
  };
  return [...checkNames(identities, context)];
}

/** Without the remark on missing passwords, which most of the short examples would get. */
const codesOf = (text: string, where?: Where): string[] =>
  faultsOf(text, where)
    .filter(({ code }) => code !== 'PASSWORD_MISSING')
    .map(({ code, severity, at }) => `${severity} ${code} ${at?.line ?? '-'}:${at?.column ?? '-'}`);

describe('one user name', () => {
  test.each([
    ['blog', 'a,b', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', 'a,b', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', 'a+b', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', 'a=b', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', 'a"b', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', 'a<b', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', 'a(b)', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', '#a', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', ' a', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', 'a ', 'unsafe NAME_BREAKS_LISTINGS 1:17'],
    ['2011.3', 'a*b', 'unsafe NAME_LOSES_ACCESS 1:17'],
    ['2011.3', 'a\\b', 'unsafe NAME_LOSES_ACCESS 1:17'],
    ['blog', 'josé', 'unsafe NAME_NOT_ASCII 1:17'],
    ['2011.3', 'josé', 'unsafe NAME_NOT_ASCII 1:17'],
    ['essex-1', 'josé', 'unsafe NAME_NOT_ASCII 1:17'],
    ['essex-3', 'josé', 'unsafe NAME_NOT_ASCII 1:17'],
    ['2011.3', '0042', 'unsafe ID_NUMERIC 1:17'],
    ['2011.3', '1e3', 'unsafe ID_NUMERIC 1:17'],
    ['2011.3', '42', 'remark ID_NUMERIC 1:17'],
    ['essex-3', '0042', 'remark NAME_READ_AS_NUMBER 1:17'],
    ['essex-1', 'TRUE', 'remark NAME_READ_AS_NUMBER 1:17'],
    ['2011.3', '  ', 'impossible NAME_EMPTY 1:17'],
  ])('%s: %j is %s', (release, name, expected) => {
    expect(codesOf(`users: [{ name: '${name}' }]`, { release })).toEqual([expected]);
  });

  test.each([
    ['blog', '0042'],
    ['blog', 'joe@example.com'],
    ['2011.3', 'a b'],
    ['2011.3', 'a#b'],
    ['2011.3', 'DOMAIN/joe'],
    ['2011.3', 'TRUE'],
    ['essex-1', 'a,b+c(d)*e\\f'],
    ['essex-3', '#a'],
  ])('%s: %j is fine', (release, name) => {
    expect(codesOf(`users: [{ name: '${name}' }]`, { release })).toEqual([]);
  });
});

test.each([
  ['a tenant may be called what a user may not', "tenants: ['a,b(c)*']\nroles: ['#r=x']", {}, []],
  ['tenants are in SQL too', "tenants: ['0000']", {}, ['unsafe ID_NUMERIC 1:11']],
  ['roles are not', "roles: ['0000']", {}, []],
  ['tenants beyond ASCII', 'tenants: [münchen]', {}, ['unsafe NAME_NOT_ASCII 1:11']],
  ['roles beyond ASCII', 'roles: [größe]', { release: 'blog' }, ['unsafe NAME_NOT_ASCII 1:9']],
  [
    'names that differ in case are one entry',
    'users: [{ name: joe }, { name: Joe }]',
    {},
    ['impossible NAME_EQUAL_IN_LDAP 1:32'],
  ],
  [
    'names that differ in spaces are one entry',
    'tenants: [a b, a  b]',
    { release: 'blog' },
    ['impossible NAME_EQUAL_IN_LDAP 1:16'],
  ],
  [
    'with ids of their own they are two, of which one is never found',
    'users: [{ name: joe }, { name: Joe }]',
    { release: 'essex-3' },
    ['unsafe NAME_EQUAL_IN_LDAP 1:32'],
  ],
  [
    'roles have no other id than the name',
    'roles: [admin, Admin]',
    { release: 'essex-3' },
    ['impossible NAME_EQUAL_IN_LDAP 1:16'],
  ],
  [
    'a tenant and a role in one tree',
    'tenants: [Admin]\nroles: [admin]',
    {},
    ['impossible NAME_SHARED_IN_TREE 2:9'],
  ],
  [
    'a tenant and a role in trees of their own',
    'tenants: [Admin]\nroles: [admin]',
    { trees: { role: 'ou=Roles,dc=example,dc=com' } },
    [],
  ],
  [
    'a tenant with an id of its own and a role in one tree',
    'tenants: [Admin]\nroles: [Admin]',
    { release: 'essex-1' },
    [],
  ],
  [
    'a tenant whose id is the name of a role',
    'tenants: [{ name: x, id: Admin }]\nroles: [Admin]',
    { release: 'essex-1' },
    ['impossible NAME_SHARED_IN_TREE 2:9'],
  ],
  ['a user and a tenant in one tree', 'tenants: [x]\nusers: [{ name: x }]', {}, []],
  [
    'a user and a tenant in one tree, where both are named by cn',
    'tenants: [x]\nusers: [{ name: x }]',
    { release: 'blog', trees: { user: 'OU=groups, DC=example,DC=com' } },
    ['impossible NAME_SHARED_IN_TREE 2:17'],
  ],
  [
    'an id in a release that has none',
    'users: [{ name: joe, id: 5c1a }, { name: jim, id: jim }]',
    {},
    ['impossible ID_IS_NOT_NAME 1:17'],
  ],
  [
    'an id twice',
    'users: [{ name: joe, id: ab }, { name: jim, id: AB }]',
    { release: 'essex-3' },
    ['impossible ID_TAKEN 1:49'],
  ],
  [
    'a default tenant and a membership, where a role gives access as well',
    'tenants: [x, { name: y, members: [joe] }]\nusers: [{ name: joe, tenant: x }]',
    {},
    ['unsafe TWO_DEFAULT_TENANTS 1:35'],
  ],
  [
    'two memberships and no default tenant',
    'tenants: [{ name: x, members: [joe] }, { name: y, members: [joe] }]\nusers: [{ name: joe }]',
    { release: 'essex-3' },
    ['unsafe TWO_DEFAULT_TENANTS 1:61'],
  ],
  [
    'one tenant said twice is one',
    'tenants: [{ name: x, members: [joe] }]\nusers: [{ name: joe, tenant: x }]',
    {},
    [],
  ],
  [
    'a grant without membership, where only members have access',
    'tenants: [x, y]\nusers: [{ name: joe, tenant: x }]\nroles: [r]\ngrants:\n  - { role: r, user: joe }\n  - { role: r, user: joe, tenant: x }\n  - { role: r, user: joe, tenant: y }',
    { release: 'blog' },
    ['remark GRANT_WITHOUT_ACCESS 7:5'],
  ],
  [
    'values that come back as numbers',
    "tenants: [{ name: x, description: '0123' }]\nusers: [{ name: joe, email: '42' }]\nroles: [{ name: r, description: TRUE }]",
    {},
    [
      'remark VALUE_READ_AS_NUMBER 1:35',
      'remark VALUE_READ_AS_NUMBER 2:29',
      'remark VALUE_READ_AS_NUMBER 3:33',
    ],
  ],
  [
    'values that the directory refuses',
    'users: [{ name: joe, email: josé@example.com }]\nroles: [{ name: r, service: café, description: café }]',
    {},
    ['impossible VALUE_NOT_ASCII 1:29', 'impossible VALUE_NOT_ASCII 2:29'],
  ],
  [
    'a suffix that breaks every filter',
    'tenants: [x]',
    { suffix: 'o=Acme\\, Inc' },
    ['remark TREE_BREAKS_LISTINGS -:-'],
  ],
] as const)('%s', (_, text, where, expected) => {
  expect(codesOf(text, where)).toEqual(expected);
});

const OWN_IDS =
  "tenants: [{ name: x, id: '007' }]\nusers: [{ name: joe, id: 'a,b' }, { name: jim, id: '42', tenant: x }]";
const TWO_TENANTS = 'tenants: [x, { name: y, members: [joe] }]\nusers: [{ name: joe, tenant: x }]';

test.each([
  [
    'an id of its own goes into filters and SQL as a name does',
    OWN_IDS,
    { release: 'essex-3', rules: { userDnInFilter: true, integerColumns: true } },
    ['unsafe ID_NUMERIC 1:26', 'unsafe NAME_BREAKS_LISTINGS 2:26', 'remark ID_NUMERIC 2:52'],
  ],
  [
    'unless the release is said to mind neither',
    OWN_IDS,
    { release: 'essex-3', rules: { userDnInFilter: false, integerColumns: false } },
    [],
  ],
  [
    'two default tenants may be worth a remark only',
    TWO_TENANTS,
    { release: 'blog', rules: { oneDefaultTenant: false } },
    ['remark TWO_DEFAULT_TENANTS 1:35'],
  ],
] as const)('rules are data: %s', (_, text, where, expected) => {
  expect(codesOf(text, where)).toEqual(expected);
});

test('a user without a password is remarked on', () => {
  expect(faultsOf('users: [{ name: joe }]').map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'remark PASSWORD_MISSING',
  ]);
});

test('messages name the subject, the reason and what would happen', () => {
  const messages = faultsOf(
    "tenants: ['0042', x, { name: y, members: [joe] }]\nusers: [{ name: joe, tenant: x }, { name: 'a,b+c' }, { name: jóe }]\nroles: [X]\n",
  ).map(({ message }) => message);
  expect(messages).toEqual([
    'role "X" would be the same entry as tenant "x" (i.yaml:1:19)',
    `tenant "0042" has a number as its id, and Keystone's SQL keeps tenant ids in INTEGER columns: its tokens would be those of tenant "42"`,
    `user "a,b+c" has ',' '+' in its DN, which Keystone puts into search filters as it is: listing all users would fail`,
    'user "jóe" is not ASCII: Keystone answers logins that involve it with HTTP 500',
    'user "joe" has no password: a login ends with HTTP 500 instead of a refusal',
    'user "a,b+c" has no password: a login ends with HTTP 500 instead of a refusal',
    'user "jóe" has no password: a login ends with HTTP 500 instead of a refusal',
    'user "joe" is a member of "x", "y": its default tenant is whichever the server returns first; grant a role in the others instead',
  ]);
});

test.each(RELEASES)('$name lives with its own sample data', async (release) => {
  const context = { ...release, trees: treesBelow(release, 'dc=example,dc=com') };
  const { held } = divideIdentities(await loadSampleData(release.name), release.layout);
  const faults = checkNames(held, context);
  const remarks = release.name === 'blog' ? ['remark GRANT_WITHOUT_ACCESS'] : [];
  expect(faults.map(({ code, severity }) => `${severity} ${code}`)).toEqual(remarks);
});

test('2011.3 does not live with the sample data of the blog', async () => {
  const release = findRelease('2011.3');
  const context = { ...release, trees: treesBelow(release, 'dc=example,dc=com') };
  const faults = checkNames(await loadSampleData('blog'), context);
  expect(faults.map(({ severity, at }) => `${severity} ${at?.line ?? ''}`)).toEqual(['remark 6', 'unsafe 9']);
});

describe('refusing', () => {
  const fault = (severity: NameFault['severity']): NameFault => {
    const at = { file: 'f', line: 1, column: 2 };
    return { code: 'NAME_NOT_ASCII', severity, message: `it is ${severity}`, at };
  };
  const refused = (faults: readonly NameFault[], allowUnsafe: boolean): unknown => {
    try {
      refuseUnsafeNames(faults, allowUnsafe);
    } catch (error) {
      if (!(error instanceof KeystoneLdapError)) throw error;
      return { code: error.code, hint: error.hint, problems: error.problems.map(({ message }) => message) };
    }
    return 'let through';
  };
  const [impossible, unsafe, remark] = [fault('impossible'), fault('unsafe'), fault('remark')];
  const hint = 'Change them, or insist with --allow-unsafe-names.';

  test.each([
    ['remarks forbid nothing', [remark], false, 'let through'],
    ['unsafe names can be insisted on', [unsafe, remark], true, 'let through'],
    ['unsafe names', [unsafe, remark], false, { code: 'UNSAFE_NAME', hint, problems: ['it is unsafe'] }],
    [
      'impossible ones cannot be insisted on',
      [impossible, unsafe, remark],
      true,
      { code: 'UNSAFE_NAME', hint: 'Change them.', problems: ['it is impossible'] },
    ],
    [
      'both',
      [impossible, unsafe, remark],
      false,
      { code: 'UNSAFE_NAME', hint: 'Change them.', problems: ['it is impossible', 'it is unsafe'] },
    ],
  ])('%s', (_, faults, allowUnsafe, expected) => {
    expect(refused(faults, allowUnsafe)).toEqual(expected);
  });
});
