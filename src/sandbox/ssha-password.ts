import { createHash, randomBytes } from 'node:crypto';
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
