import { allowOptions, essexOption, ldapOption } from './ldap-option.ts';
import { optionHistory, type OptionHistory } from './option-history.ts';

const ENABLED: readonly OptionHistory[] = [
  ldapOption('user_enabled_attribute', 'string', ['2013.1', 'enabled']),
  ldapOption('user_enabled_invert', 'boolean', ['2014.2', false]),
  ldapOption('user_enabled_mask', 'integer', ['2013.1', 0], { limits: { since: 'liberty', minimum: 0 } }),
  ldapOption('user_enabled_default', 'string', ['2013.1', 'True']),
  ldapOption('user_enabled_emulation', 'boolean', ['2013.1', false]),
  ldapOption('user_enabled_emulation_dn', 'dn', ['2013.1', undefined]),
  ldapOption('user_enabled_emulation_use_group_config', 'boolean', ['mitaka', false], {
    backports: { '2015.1': '2015.1.3', liberty: '8.0.1' },
  }),
];

const ATTRIBUTES: readonly OptionHistory[] = [
  essexOption('user_id_attribute', 'string', 'cn'),
  ldapOption('user_name_attribute', 'string', ['2012.2', 'sn'], {
    effective: [['2012.1', 'sn']],
    backports: { '2012.1': '2012.1.3' },
  }),
  ldapOption('user_description_attribute', 'string', ['mitaka', 'description'], {
    effective: [['2012.1', 'description']],
  }),
  // Essex sent the field under its own name, Folsom as mail, and the option began with Essex's choice.
  optionHistory(
    ['ldap', 'user_mail_attribute'],
    'string',
    [
      ['2013.1', 'email'],
      ['2014.2', 'mail'],
    ],
    {
      effective: [
        ['2012.1', 'email'],
        ['2012.2', 'mail'],
      ],
    },
  ),
  ldapOption('user_pass_attribute', 'string', ['2013.1', 'userPassword'], {
    effective: [['2012.1', 'userPassword']],
  }),
  ldapOption('user_default_project_id_attribute', 'string', ['2013.2', undefined]),
  ldapOption('user_domain_id_attribute', 'string', ['2013.1', 'businessCategory'], { removed: '2013.2' }),
  optionHistory(
    ['ldap', 'user_attribute_ignore'],
    'list',
    [
      ['2013.1', ['tenant_id', 'tenants']],
      ['2013.2', ['default_project_id', 'tenants']],
      ['liberty', ['default_project_id']],
    ],
    {
      effective: [['2012.1', ['tenant_id', 'enabled', 'tenants']]],
      deprecated: 'newton',
      undeprecated: 'ocata',
    },
  ),
  ldapOption('user_additional_attribute_mapping', 'list', ['2013.2', []]),
];

export const LDAP_USER_OPTIONS: readonly OptionHistory[] = [
  ldapOption('user_tree_dn', 'dn', ['2012.1', undefined]),
  ldapOption('user_filter', 'string', ['2013.1', undefined]),
  essexOption('user_objectclass', 'string', 'inetOrgPerson'),
  ...ATTRIBUTES,
  ...ENABLED,
  ...allowOptions('user', { since: '2013.1', deprecated: 'mitaka', removed: 'ocata' }),
];
