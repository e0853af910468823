import { hashOf } from '../hash-of.ts';

/** `{SSHA}…` and its like, bare crypt(3) strings, and `{SASL}`, behind which a name stands. */
const HASHED =
  /^(?:\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2[^}]*|ARGON2[^}]*|BCRYPT|SASL)\}|\$(?:1|2[abxy]?|5|6|7|y|gy|argon2\w*)\$)./i;

/** Whether a value of `userPassword` is a hash: whoever reads it still has to guess the password. */
export function isHashedPassword(value: string): boolean {
  return HASHED.test(value);
}

/** What stands for a password in a digest: a digest of clear text would be guessed in no time. */
export function passwordMark(value: string): string {
  return isHashedPassword(value) ? value : '(clear)';
}

export function passwordDigest(values: readonly string[]): string {
  return hashOf('sha256', JSON.stringify(values.map(passwordMark).sort()));
}
