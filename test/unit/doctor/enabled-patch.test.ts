import { describe, expect, test } from 'vitest';
import { enabledPatch, enabledPatchOfValues } from '../../../src/doctor/checks/enabled-patch.ts';
import { isEnabledBy } from '../../../src/identities/entries/enabled-value.ts';
import { findInCatalogue } from '../../../src/releases/catalogue.ts';
import type { LdapSettings } from '../../../src/releases/layout-options.ts';
import { modernRelease } from '../../../src/releases/modern.ts';

function backendOf(name: string, options: LdapSettings) {
  const entry = findInCatalogue(name);
  if (entry === undefined) throw new Error(name);
  // What this project sets up emulates, which no other option says.
  const settings = { user_enabled_emulation: false, ...options };
  const release = modernRelease(entry, { options: settings });
  return { file: 'keystone.conf', release, releaseName: entry.name, options };
}

const INVERTED = { user_enabled_invert: true, user_attribute_ignore: ['enabled'] };

test.each<[string, LdapSettings, string[]]>([
  ['zed', { user_enabled_default: 'False' }, ['user_enabled_default = False']],
  ['zed', INVERTED, ['user_enabled_invert = true']],
  ['22.0.2-0+deb12u1', INVERTED, ['user_enabled_invert = true']],
  ['22.0.2-0+deb12u6', INVERTED, []],
  ['2026.1', INVERTED, []],
  ['2014.1', INVERTED, []],
  ['zed', { user_enabled_attribute: 'enabled', user_enabled_default: 'True' }, []],
])('%s with %j: %j', (name, options, expected) => {
  const found = [...enabledPatch(backendOf(name, options))];
  expect(found.map(({ subject }) => subject.replace('keystone.conf: [ldap] ', ''))).toEqual(expected);
});

describe('a user with the attribute', () => {
  const OWN = {};
  const OTHER = { user_enabled_attribute: 'employeeType' };
  test.each<[string, LdapSettings, string, string | undefined]>([
    ['zed', OTHER, 'TRUE', 'info'],
    ['zed', OWN, 'FALSE', 'info'],
    ['zed', OWN, '1', undefined],
    ['22.0.2-0+deb12u1', OWN, 'FALSE', 'error'],
    ['22.0.2-0+deb12u6', OWN, 'FALSE', undefined],
    ['yoga', OWN, 'TRUE', 'error'],
    ['train', OWN, 'TRUE', undefined],
    ['train', OTHER, 'TRUE', 'error'],
    ['pike', OTHER, 'TRUE', 'warning'],
    ['2014.2', OTHER, 'TRUE', undefined],
    ['2026.2', OTHER, 'TRUE', undefined],
    ['zed', { ...OTHER, user_enabled_mask: 2 }, '2', undefined],
    ['zed', { ...OTHER, user_enabled_invert: true }, 'TRUE', undefined],
    ['zed', { ...OTHER, user_enabled_emulation: true }, 'TRUE', undefined],
  ])('of %s with %j and the value %s: %s', async (name, options, value, severity) => {
    const check = enabledPatchOfValues({ backend: backendOf(name, options) });
    const attribute = options['user_enabled_attribute'] ?? 'enabled';
    check.see({ dn: 'cn=alice', attributes: { [String(attribute)]: [value] } });
    check.see({ dn: 'cn=bob', attributes: {} });
    const found: unknown[] = [];
    for await (const finding of check.findings()) found.push(finding.severity);
    expect(found).toEqual(severity === undefined ? [] : [severity]);
  });
});

describe('who is enabled', () => {
  const DISABLED_BY_DEFAULT = { user_enabled_default: 'False' };
  test.each<[string, LdapSettings, string | undefined, boolean]>([
    // With the fix, or where nobody knows: one word counts.
    ...(['22.0.2-0+deb12u6', '2026.2', 'zed'] as const).flatMap(
      (name): [string, LdapSettings, string | undefined, boolean][] => [
        [name, {}, 'FALSE', false],
        [name, {}, 'yes', false],
        [name, {}, 'true', true],
        [name, {}, '7', true],
        [name, DISABLED_BY_DEFAULT, undefined, false],
      ],
    ),
    // Without it all words are true, and the default does not count.
    ...(['22.0.2-0+deb12u1', 'ussuri', '26.1.0'] as const).flatMap(
      (name): [string, LdapSettings, string | undefined, boolean][] => [
        [name, {}, 'FALSE', true],
        [name, {}, '0', false],
        [name, { user_enabled_attribute: 'employeeType' }, '0', true],
        [name, DISABLED_BY_DEFAULT, undefined, true],
        [name, { user_enabled_invert: true }, 'TRUE', false],
        [name, { user_enabled_invert: true }, undefined, false],
      ],
    ),
    // With Python 2 an attribute of the name enabled still has its two words.
    ['queens', {}, 'FALSE', false],
    ['queens', {}, 'false', true],
    ['queens', { user_enabled_attribute: 'employeeType' }, 'FALSE', true],
    // Juno and before read them of any attribute.
    ['2014.1', { user_enabled_attribute: 'employeeType' }, 'FALSE', false],
    ['2014.1', { user_enabled_attribute: 'employeeType' }, '0', false],
    ['2014.1', { user_enabled_attribute: 'employeeType' }, 'false', true],
    ['2014.1', DISABLED_BY_DEFAULT, undefined, true],
  ])('for %s with %j and the value %s: %s', (name, options, value, expected) => {
    const { enabled } = backendOf(name, options).release.layout.user;
    const form = enabled.kind === 'always' ? enabled.unlessRead : enabled;
    const attribute = String(options['user_enabled_attribute'] ?? 'enabled');
    const entry = { dn: 'cn=alice', attributes: value === undefined ? {} : { [attribute]: [value] } };
    expect(form?.kind === 'attribute' ? isEnabledBy(form, entry) : form === undefined).toBe(expected);
  });
});
