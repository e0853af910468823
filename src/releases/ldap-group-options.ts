import { allowOptions, ldapOption } from './ldap-option.ts';
import type { OptionHistory } from './option-history.ts';

export const LDAP_GROUP_OPTIONS: readonly OptionHistory[] = [
  ldapOption('group_tree_dn', 'dn', ['2013.1', undefined]),
  ldapOption('group_filter', 'string', ['2013.1', undefined]),
  ldapOption('group_objectclass', 'string', ['2013.1', 'groupOfNames']),
  ldapOption('group_id_attribute', 'string', ['2013.1', 'cn']),
  ldapOption('group_name_attribute', 'string', ['2013.1', 'ou']),
  ldapOption('group_member_attribute', 'string', ['2013.1', 'member']),
  ldapOption('group_members_are_ids', 'boolean', ['mitaka', false]),
  ldapOption('group_desc_attribute', 'string', ['2013.1', 'description']),
  ldapOption('group_domain_id_attribute', 'string', ['2013.1', 'businessCategory'], { removed: '2013.2' }),
  ldapOption('group_attribute_ignore', 'list', ['2013.1', []], {
    deprecated: 'newton',
    undeprecated: 'ocata',
  }),
  ldapOption('group_additional_attribute_mapping', 'list', ['2013.2', []]),
  ldapOption('group_ad_nesting', 'boolean', ['ocata', false], { backports: { newton: '10.0.1' } }),
  ...allowOptions('group', { since: '2013.1', deprecated: 'mitaka', removed: 'ocata' }),
];
