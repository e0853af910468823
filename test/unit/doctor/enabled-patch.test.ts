import { expect, test } from 'vitest';
import { enabledPatch } from '../../../src/doctor/checks/enabled-patch.ts';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';
import { findRelease } from '../../../src/releases/find-release.ts';
import type { LdapSettings } from '../../../src/releases/layout-options.ts';

function subjects(name: string, options: LdapSettings): readonly string[] {
  const release = findRelease(name);
  const backend = { file: 'keystone.conf', release, releaseName: release.name as ReleaseName, options };
  return [...enabledPatch(backend)].map(({ subject }) => subject.replace('keystone.conf: [ldap] ', ''));
}

const INVERTED = { user_enabled_invert: true, user_attribute_ignore: ['enabled'] };

test.each<[string, LdapSettings, string[]]>([
  ['zed', { user_enabled_attribute: 'employeeType' }, ['user_enabled_attribute = employeeType']],
  ['zed', { user_enabled_default: 'False' }, ['user_enabled_default = False']],
  ['zed', INVERTED, ['user_enabled_invert = true']],
  ['22.0.2-0+deb12u1', INVERTED, ['user_enabled_invert = true']],
  ['22.0.2-0+deb12u6', INVERTED, []],
  ['2026.1', INVERTED, []],
  ['2014.1', INVERTED, []],
  ['zed', { user_enabled_attribute: 'enabled', user_enabled_default: 'True' }, []],
  ['zed', { user_enabled_attribute: 'employeeType', user_enabled_mask: 2 }, []],
  ['zed', { user_enabled_attribute: 'employeeType', user_enabled_emulation: true }, []],
])('%s with %j: %j', (name, options, expected) => {
  expect(subjects(name, options)).toEqual(expected);
});
