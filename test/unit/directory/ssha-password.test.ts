import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/secret.ts';
import { randomPassword, sshaPassword } from '../../../src/directory/ssha-password.ts';

test('sshaPassword is the SHA-1 of password and salt, followed by the salt', () => {
  const bytes = Buffer.from(sshaPassword(new Secret('pässword')).replace(/^\{SSHA\}/, ''), 'base64');
  const [digest, salt] = [bytes.subarray(0, 20), bytes.subarray(20)];
  expect(salt).toHaveLength(8);
  expect(createHash('sha1').update('pässword').update(salt).digest()).toEqual(digest);
});

test('random passwords differ and need no quoting', () => {
  const [a, b] = [randomPassword().reveal(), randomPassword().reveal()];
  expect(a).not.toBe(b);
  expect(a).toMatch(/^[A-Za-z0-9_-]{24}$/);
});
