import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '../secret.ts';

/** A password nobody has chosen, for a server that nobody keeps. */
export function randomPassword(): Secret {
  return new Secret(randomBytes(18).toString('base64url'));
}

/** The `{SSHA}` form of slappasswd(8): quick to check, which is what a throw-away server wants. */
export function sshaPassword(password: Secret): string {
  const salt = randomBytes(8);
  const digest = createHash('sha1').update(password.reveal()).update(salt).digest();
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
}

/** Whether an `{SSHA}` value, or one of its relatives of SHA-1 without salt, is of this password. */
export function verifySshaPassword(password: Secret, hash: Secret): boolean {
  const encoded = /^\{S?SHA\}([A-Za-z0-9+/]+=*)$/i.exec(hash.reveal())?.[1];
  if (encoded === undefined) return false;
  const bytes = Buffer.from(encoded, 'base64');
  const [expected, salt] = [bytes.subarray(0, SHA1_BYTES), bytes.subarray(SHA1_BYTES)];
  const digest = createHash('sha1').update(password.reveal()).update(salt).digest();
  return expected.length === SHA1_BYTES && timingSafeEqual(digest, expected);
}

const SHA1_BYTES = 20;
