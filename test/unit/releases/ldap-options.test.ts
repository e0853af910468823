import { describe, expect, test } from 'vitest';
import { CATALOGUE, isSince, type ReleaseName } from '../../../src/releases/catalogue.ts';
import {
  findOptionHistory,
  LDAP_OPTIONS,
  ldapOptionsOf,
  optionNameIn,
  optionStatus,
  type OptionStatus,
} from '../../../src/releases/ldap-options.ts';
import type { OptionValue } from '../../../src/releases/option-history.ts';

const defaultOf = (release: ReleaseName, name: string): OptionValue =>
  ldapOptionsOf(release).find((option) => option.name === name)?.default;

/** As counted in the code of each general release. */
const COUNTS: readonly [since: ReleaseName, count: number][] = [
  ['2012.1', 16],
  ['2012.2', 18],
  ['2013.1', 78],
  ['2013.2', 71],
  ['2014.1', 72],
  ['2014.2', 83],
  ['mitaka', 59],
  ['ocata', 52],
  ['2023.2', 53],
];

test.each(CATALOGUE.map(({ name }) => name))('%s registers as many options as its code', (release) => {
  const count = COUNTS.findLast(([since]) => isSince(release, since))?.[1];
  expect(ldapOptionsOf(release)).toHaveLength(count ?? -1);
});

test('no option has two histories', () => {
  expect(new Set(LDAP_OPTIONS.map(({ name }) => name)).size).toBe(LDAP_OPTIONS.length);
});

test.each<[ReleaseName, string, OptionValue]>([
  ['2012.1', 'suffix', 'dc=example,dc=com'],
  ['2012.2', 'suffix', 'cn=example,cn=com'],
  ['2012.1', 'user_objectclass', 'inetOrgPerson'],
  ['2012.1', 'user', undefined],
  ['2012.2', 'user', 'dc=Manager,dc=example,dc=com'],
  ['2013.1', 'user', undefined],
  ['2012.1', 'use_dumb_member', true],
  ['2012.2', 'use_dumb_member', true],
  ['2013.1', 'use_dumb_member', false],
  ['2014.1', 'user_mail_attribute', 'email'],
  ['2014.2', 'user_mail_attribute', 'mail'],
  ['2013.1', 'user_attribute_ignore', ['tenant_id', 'tenants']],
  ['2015.1', 'user_attribute_ignore', ['default_project_id', 'tenants']],
  ['2026.1', 'user_attribute_ignore', ['default_project_id']],
  ['2014.2', 'project_attribute_ignore', []],
  ['2014.2', 'project_name_attribute', 'ou'],
  ['liberty', 'use_pool', false],
  ['mitaka', 'use_pool', true],
])('%s: %s is %j where nothing sets it', (release, name, value) => {
  expect(defaultOf(release, name)).toEqual(value);
});

test('what the code did before an option existed', () => {
  const [ignore, roleName] = ['user_attribute_ignore', 'role_name_attribute'].map(
    (name) => findOptionHistory('ldap', name)?.effective,
  );
  expect(ignore).toEqual([['2012.1', ['tenant_id', 'enabled', 'tenants']]]);
  expect(roleName).toEqual([['2012.1', 'cn']]);
});

test.each<[ReleaseName, string, OptionStatus]>([
  ['zed', 'url', { status: 'known', deprecated: false }],
  ['newton', 'use_dumb_member', { status: 'known', deprecated: true }],
  ['mitaka', 'user_attribute_ignore', { status: 'known', deprecated: false }],
  ['newton', 'user_attribute_ignore', { status: 'known', deprecated: true }],
  ['ocata', 'user_attribute_ignore', { status: 'known', deprecated: false }],
  ['ocata', 'use_dumb_member', { status: 'removed', in: 'ocata' }],
  ['2014.1', 'tenant_tree_dn', { status: 'known', deprecated: false }],
  ['liberty', 'tenant_tree_dn', { status: 'alias', to: 'project_tree_dn' }],
  ['mitaka', 'tenant_tree_dn', { status: 'removed', in: 'mitaka' }],
  ['liberty', 'project_tree_dn', { status: 'known', deprecated: true }],
  ['2014.1', 'project_tree_dn', { status: 'not yet', since: '2014.2' }],
  ['zed', 'randomize_urls', { status: 'backported', from: '22.0.2' }],
  ['yoga', 'randomize_urls', { status: 'not yet', since: '2023.2' }],
  ['2015.1', 'project_enabled_emulation_use_group_config', { status: 'backported', from: '2015.1.3' }],
  ['mitaka', 'project_enabled_emulation_use_group_config', { status: 'removed', in: 'mitaka' }],
  ['zed', 'user_tree', { status: 'unknown', nearest: 'user_tree_dn' }],
  ['zed', 'user_mail', { status: 'unknown', nearest: 'user_mail_attribute' }],
  ['zed', 'user_object_class', { status: 'unknown', nearest: 'user_objectclass' }],
  ['zed', 'URL', { status: 'unknown', nearest: 'url' }],
  ['2012.1', 'backend_entities', { status: 'unknown', nearest: undefined }],
])('%s: %s', (release, name, status) => {
  expect(optionStatus(release, name)).toEqual(status);
});

describe('options outside [ldap]', () => {
  test.each<[ReleaseName, string, string, OptionStatus]>([
    ['2013.1', 'identity', 'domain_config_dir', { status: 'not yet', since: '2013.2' }],
    ['rocky', 'DEFAULT', 'member_role_id', { status: 'known', deprecated: true }],
    ['stein', 'DEFAULT', 'member_role_id', { status: 'removed', in: 'stein' }],
  ])('%s: [%s] %s', (release, section, name, status) => {
    expect(optionStatus(release, name, section)).toEqual(status);
  });
});

test.each<[ReleaseName, string, string]>([
  ['2014.1', 'project_tree_dn', 'tenant_tree_dn'],
  ['2014.1', 'tenant_tree_dn', 'tenant_tree_dn'],
  ['2014.2', 'tenant_tree_dn', 'project_tree_dn'],
  ['zed', 'user_tree_dn', 'user_tree_dn'],
])('in %s %s is called %s', (release, name, expected) => {
  expect(optionNameIn(release, name)).toBe(expected);
});
