import type { Finding } from '../finding.ts';
import type { ConfDocument } from '../../keystone-conf/document/document.ts';
import type { OptionValue } from '../../releases/option-history.ts';
import type { Backend } from '../backend.ts';
import { findOptions } from '../../keystone-conf/document/option-value.ts';
import { optionPlace, optionSubject } from '../option-place.ts';

/** What users without the attribute are taken for. */
export const enabledSettings = function* ({
  file,
  doc,
  options,
}: Pick<Backend, 'file' | 'options'> & Partial<Pick<Backend, 'doc'>>): Generator<Finding> {
  const mask = Number(options['user_enabled_mask'] ?? 0);
  const value = textOf(options['user_enabled_default']);
  const place = placeIn(doc) ?? `${file}: [ldap] user_enabled_default = ${value}`;
  const finding = (severity: Finding['severity'], message: string, remedy: string): Finding => ({
    code: 'ENABLED_DEFAULT',
    severity,
    subject: place,
    message,
    remedy,
  });
  const maskText = `${mask}${maskPlace(doc)}`;
  const emulated = options['user_enabled_emulation'] === true;
  if (value === '' || (emulated && mask === 0)) return;
  if (mask === 0 && !/^(?:true|false)$/i.test(value))
    yield finding(
      'error',
      'there is no user_enabled_mask, so that it is neither true nor false; Keystone takes all users without the attribute for disabled',
      'Set user_enabled_default = True; or set user_enabled_mask too, which is 2 for Active Directory.',
    );
  else if (mask > 0 && !/^\d+$/.test(value))
    yield finding(
      'error',
      `user_enabled_mask is ${maskText}, for which it must be a number; reading a user without the attribute ends in HTTP 500`,
      'Set user_enabled_default = 512; it is what Active Directory means. For another directory take the mask out.',
    );
  else if (mask > 0 && (Number(value) & mask) === mask)
    yield finding(
      'warning',
      `it has the bits of user_enabled_mask ${maskText}; Keystone takes every user without the attribute for disabled`,
      `Set user_enabled_default = ${enabledNumber(Number(value), mask)}.`,
    );
};

const textOf = (value: OptionValue = ''): string => String(value);

function placeIn(doc: ConfDocument | undefined): string | undefined {
  const isSet = doc !== undefined && findOptions(doc, 'ldap', 'user_enabled_default').length > 0;
  return isSet ? optionSubject(doc, 'ldap', 'user_enabled_default') : undefined;
}

function maskPlace(doc: ConfDocument | undefined): string {
  return doc === undefined || findOptions(doc, 'ldap', 'user_enabled_mask').length === 0
    ? ''
    : ` (${optionPlace(doc, 'ldap', 'user_enabled_mask')})`;
}

/** 512 is a normal account of Active Directory, of which 51 is a misprint that guides have. */
function enabledNumber(value: number, mask: number): number {
  return mask === 2 && (value & 512) === 0 ? 512 : value & ~mask;
}
