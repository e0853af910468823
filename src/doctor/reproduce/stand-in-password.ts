import { isSha512Crypt } from '../../identities/passwords/password-hash.ts';
import { readByKeystone } from '../../identities/check/number-like.ts';

const HASH = `$6$report$${'x'.repeat(86)}`;

/** Another password that is stored in the same form: what Keystone makes of the form is what findings are about. */
export function standInPassword(stored: string): string {
  if (isSha512Crypt(stored)) return HASH;
  const scheme = /^(?:\{[A-Za-z0-9./_-]+\}|\$\w+\$)(?=.)/s.exec(stored)?.[0];
  if (scheme !== undefined) return `${scheme}report`;
  if (readByKeystone(stored) !== undefined) return '1';
  return /\P{ASCII}/u.test(stored) ? 'repört' : 'report';
}
