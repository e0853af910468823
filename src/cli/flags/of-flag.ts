import { KeystoneLdapError } from '../../errors.ts';
import { findRelease } from '../../releases/find-release.ts';
import type { Release } from '../../releases/release.ts';

/** What `read` makes of the value of a flag. @throws `USAGE` that names the flag */
export function ofFlag<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    const { message, hint, problems } = error;
    throw new KeystoneLdapError('USAGE', `${flag}: ${message}`, {
      hint,
      problems,
      cause: error,
    });
  }
}

/** The release that a flag names. @throws `USAGE` that names the flag, with the nearest name */
export function requireRelease(name: string, flag = '--release'): Release {
  return ofFlag(flag, () => findRelease(name));
}
