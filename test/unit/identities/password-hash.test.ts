import { expect, test } from 'vitest';
import { hashSha512Crypt, verifySha512Crypt } from '../../../src/identities/passwords/password-hash.ts';
import { Secret } from '../../../src/secret.ts';

const verify = (password: string, hash: string): boolean =>
  verifySha512Crypt(new Secret(password), new Secret(hash));

test('a hash fits its password only, and two hashes of one password differ', () => {
  const [first, second] = [1, 2].map(() => hashSha512Crypt(new Secret('secrete'), 1000).reveal());
  expect(first).toMatch(/^\$6\$rounds=1000\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
  expect(first).not.toBe(second);
  expect(verify('secrete', first ?? '')).toBe(true);
  expect(verify('Secrete', first ?? '')).toBe(false);
});

test('the default is what Keystone itself writes', () => {
  expect(hashSha512Crypt(new Secret('secrete')).reveal()).toMatch(/^\$6\$rounds=40000\$/);
});

const HASH = 'svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1';

test.each([
  ['without rounds there are 5000', `$6$saltstring$${HASH}`, true],
  ['with the default spelt out', `$6$rounds=5000$saltstring$${HASH}`, true],
  ['other rounds', `$6$rounds=5001$saltstring$${HASH}`, false],
  ['fewer rounds than the scheme allows', `$6$rounds=10$saltstring$${HASH}`, false],
  ['another salt', `$6$saltstrinh$${HASH}`, false],
  ['with an LDAP scheme, which Keystone cannot read', `{CRYPT}$6$saltstring$${HASH}`, false],
  ['another scheme', `$5$saltstring$${HASH.slice(0, 43)}`, false],
  ['clear text', 'Hello world!', false],
  ['cut off', `$6$saltstring$${HASH.slice(0, 85)}`, false],
  ['nothing', '', false],
])('%s', (_, hash, expected) => {
  expect(verify('Hello world!', hash)).toBe(expected);
});
