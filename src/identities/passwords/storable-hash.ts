import type { PasswordForm } from '../../releases/release.ts';
import { Secret } from '../../secret.ts';

/**
 * The value to store for a password that is hashed already: a server compares `{SCHEME}` values at a bind, and knows a
 * bare `$6$` as `{CRYPT}`; a release that compares by itself knows a bare `$6$` only. `undefined` where it could not check it.
 */
export function storableHash(hash: Secret | undefined, form: PasswordForm): Secret | undefined {
  if (hash === undefined || form === 'compared') return undefined;
  const bare = /^(?:\{CRYPT\})?(\$6\$.+)$/i.exec(hash.reveal())?.[1];
  if (form === 'sha512-crypt') return bare === undefined ? undefined : new Secret(bare);
  if (bare !== undefined) return new Secret(`{CRYPT}${bare}`);
  return /^\{[^}]+\}./.test(hash.reveal()) ? hash : undefined;
}
