import { expect, test } from 'vitest';
import { checkDomains } from '../../../src/identities/check/check-domains.ts';
import { parseIdentities } from '../../../src/identities/read/parse-identities.ts';
import { CATALOGUE } from '../../../src/releases/catalogue.ts';
import { findRelease } from '../../../src/releases/find-release.ts';
import { modernRelease } from '../../../src/releases/modern.ts';
import type { Release } from '../../../src/releases/release.ts';

const ALL = `domains: [Corp, { name: Default, description: By default }]
tenants: [{ name: lab, domain: Corp }, { name: web, domain: Default }]
users: [{ name: ann, domain: Corp }, { name: joe, domain: Default }, { name: eve }]
groups: [{ name: ops, domain: Corp }]
`;

function faultsOf(release: Release): readonly string[] {
  const { identities } = parseIdentities([{ file: 'f', text: ALL }]);
  return checkDomains(identities, release).map(
    ({ message, severity, at }) => `${severity} ${at?.line ?? '-'} ${message}`,
  );
}

test.each(['2013.1', '2013.1.1'])('%s holds them in LDAP', (release) => {
  expect(faultsOf(findRelease(release))).toEqual([]);
});

test.each(['grizzly', 'havana', '2015.1'])('%s holds none, and its client makes none', (release) => {
  const faults = faultsOf(findRelease(release));
  expect(faults).toHaveLength(4);
  expect(faults[0]).toContain('neither LDAP nor the command-line client can hold one');
});

test.each(['blog', '2011.3', '2012.1', '2012.2'])('%s knows none at all', (release) => {
  const why = 'this release has no domains';
  expect(faultsOf(findRelease(release))).toEqual([
    `impossible 1 domain "Corp" cannot be made: ${why}`,
    `impossible 3 user "ann" cannot be in domain "Corp": ${why}`,
    `impossible 4 group "ops" cannot be in domain "Corp": ${why}`,
    `impossible 2 tenant "lab" cannot be in domain "Corp": ${why}`,
  ]);
});

test.each(['liberty', 'zed', '2026.1'])(
  '%s has domains and tenants in SQL, and one for all LDAP',
  (release) => {
    expect(faultsOf(findRelease(release))).toEqual([
      expect.stringMatching(/^impossible 3 user "ann" cannot be in domain "Corp": .*configure --domain/),
      expect.stringMatching(/^impossible 4 group "ops" /),
    ]);
  },
);

test('liberty with projects in LDAP has nowhere to put them', () => {
  const liberty = CATALOGUE.find(({ name }) => name === 'liberty');
  if (liberty === undefined) throw new Error('no liberty');
  expect(faultsOf(modernRelease(liberty, { holding: 'all' }))).toHaveLength(4);
});
