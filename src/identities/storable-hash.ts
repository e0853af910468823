import type { PasswordForm } from '../releases/release.ts';
import { Secret } from '../secret.ts';

/**
 * The value to store for a password that is hashed already: the server compares its own schemes at a bind, but a release
 * that compares by itself knows a bare `$6$` only.
 */
export function storableHash(hash: Secret | undefined, form: PasswordForm): Secret | undefined {
  if (hash === undefined || form !== 'sha512-crypt') return hash;
  const bare = /^\{CRYPT\}(\$6\$.+)$/i.exec(hash.reveal())?.[1];
  return bare === undefined ? undefined : new Secret(bare);
}
