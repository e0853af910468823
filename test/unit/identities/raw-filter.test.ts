import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonRdnValue, rawFilterEffect } from '../../../src/identities/check/raw-filter.ts';

test.each([
  ['joe', 'joe'],
  ['a,b', 'a\\,b'],
  ['a+b"c<d>e;f=g\\h', 'a\\+b\\"c\\<d\\>e\\;f\\=g\\\\h'],
  ['#a', '\\#a'],
  ['a#', 'a#'],
  [' a b ', '\\ a b\\ '],
  ['a(b*c)', 'a(b*c)'],
])('python-ldap escapes %j in an RDN as %j', (value, escaped) => {
  expect(pythonRdnValue(value)).toBe(escaped);
});

// Each measured by searching a real slapd for (member=<dn>).
test.each([
  ['cn=joe,dc=example,dc=com', undefined],
  ["cn=a'b~c&d|e!f/g@h[i]:j,dc=example,dc=com", undefined],
  ['cn=a#b,dc=example,dc=com', undefined],
  ['cn=a  b,dc=example,dc=com', undefined],
  ['cn=é,dc=example,dc=com', undefined],
  ['cn=a\\28b,dc=example,dc=com', undefined],
  ['cn=a\\,b,dc=example,dc=com', 'refused'],
  ['cn=a\\=b,dc=example,dc=com', 'refused'],
  ['cn=a\\<b,dc=example,dc=com', 'refused'],
  ['cn=a\\;b,dc=example,dc=com', 'refused'],
  ['cn=a\\ ,dc=example,dc=com', 'refused'],
  ['cn=a(b,dc=example,dc=com', 'refused'],
  ['cn=a)b,dc=example,dc=com', 'refused'],
  ['cn=a*b,dc=example,dc=com', 'finds nothing'],
  ['cn=a\\\\b,dc=example,dc=com', 'finds nothing'],
  ['cn=\\\\2a,dc=example,dc=com', 'finds nothing'],
  ['ou=Users,o=Acme\\, Inc', 'refused'],
  ['ou=Users,o=Acme\\2C Inc', 'finds nothing'],
] as const)('a filter with %j as it is: %s', (dn, effect) => {
  expect(rawFilterEffect(dn)).toBe(effect);
});

test('names of letters, digits and harmless signs are always found', () => {
  const harmless = fc.stringMatching(/^[a-zA-Z0-9_.@/&|!~:-]+$/);
  fc.assert(
    fc.property(harmless, (name) => {
      expect(rawFilterEffect(`uid=${pythonRdnValue(name)},ou=Users`)).toBeUndefined();
    }),
  );
});

test('no name with a character that must be escaped is ever found', () => {
  const special = fc.stringMatching(/^[\\,+"<>;=()*]$/);
  fc.assert(
    fc.property(fc.string(), special, fc.string(), (before, character, after) => {
      expect(rawFilterEffect(`uid=${pythonRdnValue(`${before}${character}${after}`)}`)).toBeDefined();
    }),
  );
});
