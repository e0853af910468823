import type { PasswordForm } from './release.ts';

/** Whether Keystone reads stored passwords and compares them itself, instead of a bind as the user. */
export function readsPassword(form: PasswordForm): boolean {
  return form === 'sha512-crypt' || form === 'compared';
}
