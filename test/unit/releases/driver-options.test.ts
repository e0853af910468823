import { expect, test } from 'vitest';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';
import { defaultTree, treeOptionOf, treeSection } from '../../../src/releases/default-trees.ts';
import {
  driverKind,
  driverOption,
  isLoadable,
  ldapSections,
  servingSection,
  type DriverOption,
  type DriverSection,
} from '../../../src/releases/driver-options.ts';

type Row = readonly [ReleaseName, DriverSection, DriverOption['ldap'], DriverOption['sql'], unknown];

test.each<Row>([
  [
    '2012.1',
    'identity',
    'keystone.identity.backends.ldap.Identity',
    'keystone.identity.backends.sql.Identity',
    'none',
  ],
  [
    '2013.1',
    'identity',
    'keystone.identity.backends.ldap.Identity',
    'keystone.identity.backends.sql.Identity',
    'sql',
  ],
  [
    '2013.2',
    'assignment',
    'keystone.assignment.backends.ldap.Assignment',
    'keystone.assignment.backends.sql.Assignment',
    { follows: 'identity' },
  ],
  [
    '2015.1',
    'resource',
    'keystone.resource.backends.ldap.Resource',
    'keystone.resource.backends.sql.Resource',
    { follows: 'assignment' },
  ],
  [
    '2015.1',
    'role',
    'keystone.assignment.role_backends.ldap.Role',
    'keystone.assignment.role_backends.sql.Role',
    { follows: 'assignment' },
  ],
  ['liberty', 'identity', 'ldap', 'sql', 'sql'],
  ['liberty', 'assignment', 'ldap', 'sql', { follows: 'identity' }],
  ['mitaka', 'assignment', undefined, 'sql', 'sql'],
  ['2026.1', 'identity', 'ldap', 'sql', 'sql'],
])('%s [%s] driver', (release, section, ldap, sql, unset) => {
  expect(driverOption(release, section)).toMatchObject({ ldap, sql, unset });
});

test('sections that a release does not have', () => {
  expect(driverOption('2013.1', 'assignment')).toBeUndefined();
  expect(driverOption('2014.2', 'role')).toBeUndefined();
  expect(servingSection('2013.1', 'role')).toBe('identity');
  expect(servingSection('2014.2', 'role')).toBe('assignment');
  expect(servingSection('2015.1', 'role')).toBe('role');
});

test('what LDAP can serve', () => {
  expect(ldapSections('2012.2')).toEqual(['identity']);
  expect(ldapSections('2014.1')).toEqual(['identity', 'assignment']);
  expect(ldapSections('liberty')).toEqual(['identity', 'assignment', 'resource', 'role']);
  expect(ldapSections('newton')).toEqual(['identity']);
});

test('LDAP as the store of grants was deprecated in Kilo, of projects in Liberty', () => {
  const deprecated = (release: ReleaseName) =>
    ldapSections(release).filter((section) => driverOption(release, section)?.ldapDeprecated);
  expect([deprecated('2014.2'), deprecated('2015.1'), deprecated('liberty')]).toEqual([
    [],
    ['assignment'],
    ['assignment', 'resource'],
  ]);
});

test.each([
  ['identity', 'ldap', 'ldap'],
  ['identity', 'keystone.identity.backends.ldap.Identity', 'ldap'],
  ['identity', 'keystone.assignment.backends.ldap.Assignment', 'other'],
  ['role', 'keystone.assignment.role_backends.sql.Role', 'sql'],
  ['identity', 'keystone.identity.backends.kvs.Identity', 'other'],
] as const)('[%s] driver = %s is %s', (section, written, kind) => {
  expect(driverKind(section, written)).toBe(kind);
});

test.each<[ReleaseName, boolean, boolean]>([
  ['2015.1', true, false],
  ['liberty', true, true],
  ['ocata', true, true],
  ['pike', false, true],
])('%s loads class paths: %s, short names: %s', (release, classPaths, shortNames) => {
  const option = driverOption(release, 'identity');
  expect(option && isLoadable(option, 'keystone.identity.backends.ldap.Identity')).toBe(classPaths);
  expect(option && isLoadable(option, 'ldap')).toBe(shortNames);
});

test('trees', () => {
  expect(defaultTree('2012.1', 'user', 'dc=a')).toBe('dc=a,ou=Users');
  expect(defaultTree('2012.2', 'project', 'dc=a')).toBe('ou=Groups,dc=a');
  expect(defaultTree('zed', 'group', 'dc=a')).toBe('ou=UserGroups,dc=a');
  expect([treeOptionOf('2014.1', 'project'), treeOptionOf('2014.2', 'project')]).toEqual([
    'tenant_tree_dn',
    'project_tree_dn',
  ]);
  expect([treeSection('2014.1', 'project'), treeSection('2015.1', 'project')]).toEqual([
    'assignment',
    'resource',
  ]);
});
