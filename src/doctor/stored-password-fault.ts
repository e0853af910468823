import { isSha512Crypt } from '../identities/passwords/password-hash.ts';
import { readByKeystone } from '../identities/check/number-like.ts';
import type { PasswordForm } from '../releases/release.ts';

/**
 * Why no password fits what is stored, and what Keystone answers to a login then: a clause. `undefined` where one may
 * fit, and for releases that bind. Never with the value itself. Measured with 2011.3, essex-1 and essex-3.
 */
export function storedPasswordFault(stored: string, form: PasswordForm): string | undefined {
  if (form === 'sha512-crypt')
    return isSha512Crypt(stored)
      ? undefined
      : `is not a bare $6$ hash${schemeOf(stored)}; logins fail with HTTP 500`;
  if (form !== 'compared') return undefined;
  const read = readByKeystone(stored);
  if (read !== undefined) return `is read by Keystone as ${read}, which is no text; every login is refused`;
  if (/\P{ASCII}/u.test(stored))
    return 'is not ASCII, and Keystone compares bytes with text; every login is refused';
  if (!HASHED.test(stored)) return undefined;
  return `is hashed${hashedBy(stored)}, and Keystone compares it with the password as text; every login is refused`;
}

/** The clause above about a hash where text is compared. */
export const IS_HASHED = / is hashed\b/;

const HASHED = /^(?:\{[A-Za-z0-9./_-]+\}|\$[1256]\$)./s;

const SCHEME = /^\{[A-Za-z0-9-]+\}/;

/** The storage scheme in front of a value. */
function schemeOf(stored: string): string {
  const scheme = SCHEME.exec(stored)?.[0];
  return scheme === undefined ? '' : ` but ${scheme}, perhaps hashed by the server`;
}

function hashedBy(stored: string): string {
  const scheme = SCHEME.exec(stored)?.[0];
  return scheme === undefined ? '' : ` (${scheme}, perhaps by the server)`;
}
