import { expect, test } from 'vitest';
import { ENABLED_AS_BOOLEAN, hasChange, ID_READ_BY_DN } from '../../../src/releases/code-change.ts';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';
import { findRelease } from '../../../src/releases/find-release.ts';
import { optionStatus } from '../../../src/releases/ldap-options.ts';

/** The version of a release that was asked for by this name, and whether it has the change. */
function has(name: string, change = ENABLED_AS_BOOLEAN): boolean | undefined {
  const { name: release, version } = findRelease(name);
  return hasChange(change, { release: release as ReleaseName, version });
}

test.each([
  ['yoga', false],
  ['zed', undefined],
  ['22.0.2', undefined],
  ['22.0.2-0+deb12u1', false],
  ['22.0.2-0+deb12u2', true],
  ['2:22.0.2-0+deb12u10', true],
  ['22.0.2-0ubuntu1', undefined],
  ['2024.1', undefined],
  ['25.0.0', undefined],
  ['26.1.0', false],
  ['26.1.1', true],
  ['2024.2', undefined],
  ['27.0.0', undefined],
  ['27.0.0-3+deb13u3', true],
  ['27.0.1', true],
  ['28.0.0', false],
  ['28.0.1-1', true],
  ['2026.1', true],
  ['29.0.0', true],
  ['30.0.0-3', true],
])('%s has the fix of OSSA-2026-007: %s', (name, expected) => {
  expect(has(name)).toBe(expected);
});

test.each([
  ['13.0.2', 'rdn'],
  ['13.0.3', 'id'],
  ['14.1.0', 'rdn'],
  ['14.2.0', 'id'],
  ['15.0.0', 'rdn'],
  ['15.0.1', 'id'],
  ['stein', 'id'],
  ['pike', 'rdn'],
  ['train', 'id'],
])('%s finds the id behind a DN by %s', (name, lookup) => {
  expect(findRelease(name).layout.lookup).toBe(lookup);
  expect(has(name, ID_READ_BY_DN)).not.toBe(lookup === 'rdn');
});

test.each([
  ['zed', 'backported'],
  ['22.0.1', 'backported'],
  ['22.0.2', 'known'],
  ['22.0.2-0+deb12u6', 'known'],
  ['23.0.1', 'backported'],
  ['23.0.2', 'known'],
  ['21.0.1', 'not yet'],
  ['2023.2', 'known'],
])('randomize_urls in %s: %s', (name, status) => {
  const { name: release, version } = findRelease(name);
  expect(optionStatus(release as ReleaseName, 'randomize_urls', 'ldap', version).status).toBe(status);
});

test('a series has no version, a point release of it has one', () => {
  expect(findRelease('zed').version).toBeUndefined();
  expect(findRelease('22').version).toBeUndefined();
  expect(findRelease('2013.1.2').version).toBeUndefined();
  expect(findRelease('2:22.0.2-0+deb12u6')).toMatchObject({ name: 'zed', version: '22.0.2-0+deb12u6' });
});
