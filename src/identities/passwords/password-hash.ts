import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '../../secret.ts';
import { saltFrom, sha512Crypt } from './sha512-crypt.ts';

/** As many as Keystone itself takes: some hundredths of a second for each password. */
const KEYSTONE_ROUNDS = 40_000;
/** The fewest that SHA-512-crypt has, for passwords that everybody may know. */
export const FEWEST_ROUNDS = 1000;

const HASH = /^\$6\$(?:rounds=([1-9]\d{3,8})\$)?([./0-9A-Za-z]{0,16})\$([./0-9A-Za-z]{86})$/;

/**
 * A bare `$6$rounds=…` string with a random salt, as Keystone keeps it from 2011.3 on: without the `{CRYPT}` that would
 * let an LDAP server check it. Fewer rounds make a large seed faster and the hashes easier to guess.
 */
export function hashSha512Crypt(password: Secret, rounds: number = KEYSTONE_ROUNDS): Secret {
  const salt = saltFrom(randomBytes(16));
  const hash = sha512Crypt(Buffer.from(password.reveal(), 'utf8'), salt, rounds);
  return new Secret(`$6$rounds=${rounds}$${salt}$${hash}`);
}

/** Whether this is such a string at all: Keystone's own check fails on any other. */
export function isSha512Crypt(text: string): boolean {
  return HASH.test(text);
}

/** Whether the hash is a bare `$6$` string, with or without rounds, of this password. */
export function verifySha512Crypt(password: Secret, hash: Secret): boolean {
  const [, rounds = '5000', salt, expected] = HASH.exec(hash.reveal()) ?? [];
  if (salt === undefined || expected === undefined) return false;
  const actual = sha512Crypt(Buffer.from(password.reveal(), 'utf8'), salt, Number(rounds));
  return timingSafeEqual(Buffer.from(actual), Buffer.from(expected));
}
