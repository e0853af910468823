import { allowOptions, essexOption, ldapOption } from './ldap-option.ts';
import {
  effectiveDefault,
  optionHistory,
  type HistoryDetails,
  type OptionHistory,
} from './option-history.ts';

const OLD = 'tenant_';
const NEW = 'project_';
const MEMBERS_GONE = { removed: 'mitaka' } as const;

/** Up to Icehouse; Juno renamed every one of them and took the old name as an alias until Liberty. */
const TENANT: readonly OptionHistory[] = [
  ldapOption('tenant_tree_dn', 'dn', ['2012.1', undefined]),
  ldapOption('tenant_filter', 'string', ['2013.1', undefined]),
  essexOption('tenant_objectclass', 'string', 'groupOfNames'),
  essexOption('tenant_id_attribute', 'string', 'cn'),
  essexOption('tenant_member_attribute', 'string', 'member'),
  ldapOption('tenant_name_attribute', 'string', ['2012.2', 'ou'], {
    effective: [['2012.1', 'ou']],
    backports: { '2012.1': '2012.1.3' },
  }),
  ldapOption('tenant_desc_attribute', 'string', ['2013.1', 'description'], {
    effective: [
      ['2012.1', 'desc'],
      ['2012.2', 'description'],
    ],
  }),
  ldapOption('tenant_domain_id_attribute', 'string', ['2013.1', 'businessCategory']),
  ldapOption('tenant_enabled_attribute', 'string', ['2013.1', 'enabled']),
  ldapOption('tenant_enabled_emulation', 'boolean', ['2013.1', false]),
  ldapOption('tenant_enabled_emulation_dn', 'dn', ['2013.1', undefined]),
  // Essex sent `enabled`, which no standard class of a tenant allows; Folsom left it out.
  ldapOption('tenant_attribute_ignore', 'list', ['2013.1', []], {
    effective: [
      ['2012.1', []],
      ['2012.2', ['enabled']],
    ],
  }),
  ldapOption('tenant_additional_attribute_mapping', 'list', ['2013.2', []]),
  ...allowOptions('tenant', { since: '2013.1' }),
].map((history): OptionHistory => ({
  ...history,
  ...MEMBERS_GONE,
  renamed: { since: '2014.2', to: NEW + history.name.slice(OLD.length) },
}));

const PROJECT_LIFE: HistoryDetails = { deprecated: 'liberty', ...MEMBERS_GONE };

const PROJECT: readonly OptionHistory[] = [
  ...TENANT.map(({ section, type, renamed, ...old }) =>
    optionHistory(
      [section, renamed?.to ?? old.name],
      type,
      [['2014.2', effectiveDefault({ section, type, ...old }, '2014.1')]],
      PROJECT_LIFE,
    ),
  ),
  // Point releases of Kilo and Liberty had it, and Mitaka, for which it was written, no longer had projects in LDAP.
  ldapOption('project_enabled_emulation_use_group_config', 'boolean', ['mitaka', false], {
    ...MEMBERS_GONE,
    backports: { '2015.1': '2015.1.3', liberty: '8.0.1' },
  }),
];

export const LDAP_PROJECT_OPTIONS: readonly OptionHistory[] = [...TENANT, ...PROJECT];
