import { allowOptions, essexOption, ldapOption, type WriteOptionLife } from './ldap-option.ts';
import type { OptionHistory } from './option-history.ts';

const LIFE = { deprecated: 'liberty', removed: 'mitaka' } as const;

const ROLE: readonly OptionHistory[] = [
  ldapOption('role_tree_dn', 'dn', ['2012.1', undefined], LIFE),
  ldapOption('role_filter', 'string', ['2013.1', undefined], LIFE),
  essexOption('role_objectclass', 'string', 'organizationalRole', LIFE),
  essexOption('role_id_attribute', 'string', 'cn', LIFE),
  // A second value of cn held the name until it got an attribute of its own.
  ldapOption('role_name_attribute', 'string', ['2013.1', 'ou'], { ...LIFE, effective: [['2012.1', 'cn']] }),
  essexOption('role_member_attribute', 'string', 'roleOccupant', LIFE),
  ldapOption('role_attribute_ignore', 'list', ['2013.1', []], LIFE),
  ldapOption('role_additional_attribute_mapping', 'list', ['2013.2', []], LIFE),
  ...allowOptions('role', { since: '2013.1', ...LIFE }),
];

const GRIZZLY: WriteOptionLife = { since: '2013.1', removed: '2013.2' };
const { since, ...GONE } = GRIZZLY;

/** Grizzly alone kept domains in LDAP. */
const DOMAIN: readonly OptionHistory[] = [
  ldapOption('domain_tree_dn', 'dn', [since, undefined], GONE),
  ldapOption('domain_filter', 'string', [since, undefined], GONE),
  ldapOption('domain_objectclass', 'string', [since, 'groupOfNames'], GONE),
  ldapOption('domain_id_attribute', 'string', [since, 'cn'], GONE),
  ldapOption('domain_name_attribute', 'string', [since, 'ou'], GONE),
  ldapOption('domain_member_attribute', 'string', [since, 'member'], GONE),
  ldapOption('domain_desc_attribute', 'string', [since, 'description'], GONE),
  ldapOption('domain_enabled_attribute', 'string', [since, 'enabled'], GONE),
  ldapOption('domain_enabled_emulation', 'boolean', [since, false], GONE),
  ldapOption('domain_enabled_emulation_dn', 'dn', [since, undefined], GONE),
  ldapOption('domain_attribute_ignore', 'list', [since, []], GONE),
  ...allowOptions('domain', GRIZZLY),
];

export const LDAP_ROLE_OPTIONS: readonly OptionHistory[] = [...ROLE, ...DOMAIN];
