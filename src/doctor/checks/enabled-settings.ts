import type { Finding } from '../finding.ts';
import type { Backend } from '../backend.ts';

/** What users without the attribute are taken for. */
export const enabledSettings = function* ({
  file,
  options,
}: Pick<Backend, 'file' | 'options'>): Generator<Finding> {
  const mask = Number(options['user_enabled_mask'] ?? 0);
  const value = String(options['user_enabled_default'] ?? '');
  const finding = (severity: Finding['severity'], message: string, remedy: string): Finding => ({
    code: 'ENABLED_DEFAULT',
    severity,
    subject: `${file}: [ldap] user_enabled_default = ${value}`,
    message,
    remedy,
  });
  const emulated = options['user_enabled_emulation'] === true;
  if (value === '' || (emulated && mask === 0)) return;
  if (mask === 0 && !/^(?:true|false)$/i.test(value))
    yield finding(
      'error',
      'there is no user_enabled_mask, so that it is neither true nor false; Keystone takes all users without the attribute for disabled',
      'Set user_enabled_mask (2 for Active Directory), or user_enabled_default = True.',
    );
  else if (mask > 0 && !/^\d+$/.test(value))
    yield finding(
      'error',
      `user_enabled_mask is ${mask}, for which it must be a number; reading a user without the attribute ends in HTTP 500`,
      'Set user_enabled_default = 512, as Active Directory means it, or take the mask out.',
    );
  else if (mask > 0 && (Number(value) & mask) === mask)
    yield finding(
      'warning',
      `it has the bits of user_enabled_mask ${mask}; Keystone takes every user without the attribute for disabled`,
      `Set it to ${Number(value) & ~mask}.`,
    );
};
