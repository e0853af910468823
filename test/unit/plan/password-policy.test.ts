import { expect, test } from 'vitest';
import { passwordPolicy } from '../../../src/plan/identities/password-policy.ts';
import { Secret } from '../../../src/secret.ts';

const policy = passwordPolicy('sha512-crypt', { rounds: 1000 });
const stored = (password: Secret): string[] => policy.stored(password).map((hash) => hash.reveal());

test('users who share one password share its hash, which takes long to make', () => {
  const shared = new Secret('keystone-42');
  expect(stored(shared)).toEqual(stored(shared));
});

test('users who happen to have the same password have hashes of their own', () => {
  expect(stored(new Secret('secret'))).not.toEqual(stored(new Secret('secret')));
});
