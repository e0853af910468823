import type { ConfEdit } from './document/conf-edit.ts';
import { LDAP_BACKEND } from './legacy/legacy-options.ts';

/** The account, where entries are, and who is enabled. */
const DELICATE = /^(?:ldap_)?(?:user|password|suffix)$|_tree_dn$|_enabled_|^user_attribute_ignore$/;

/**
 * The edits by which Keystone gets another account, other trees or other rules of who is enabled: those of a setting
 * that the file has, and all of this kind if a Keystone uses LDAP with the file already.
 */
export function replacedSettings(edits: readonly ConfEdit[], isUsed: boolean): readonly ConfEdit[] {
  return edits.filter(
    ({ section, option, from }) =>
      (section === 'ldap' || section === LDAP_BACKEND) &&
      DELICATE.test(option) &&
      (isUsed || from !== undefined),
  );
}
