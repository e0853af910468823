import fc, { type Arbitrary } from 'fast-check';
import type { TwinCase } from './twin-case.ts';

type Options = TwinCase['options'];

const USERS = 'ou=Users,dc=example,dc=com';
const GROUPS = 'ou=UserGroups,dc=example,dc=com';

const CONNECTION: Options = {
  url: '@URI@',
  user: 'cn=admin,dc=example,dc=com',
  password: '@PASSWORD@',
  suffix: 'dc=example,dc=com',
};

/** Settings with which most directories work. */
const LAYOUTS: readonly Options[] = [
  {},
  { user_id_attribute: 'cn', user_name_attribute: 'cn', group_name_attribute: 'cn' },
  { user_id_attribute: 'uid', user_name_attribute: 'uid', group_name_attribute: 'cn' },
  { user_id_attribute: 'uid', user_name_attribute: 'mail', group_name_attribute: 'cn', query_scope: 'sub' },
  {
    ...{ user_id_attribute: 'uid', user_name_attribute: 'uid', group_name_attribute: 'cn' },
    ...{
      group_objectclass: 'posixGroup',
      group_member_attribute: 'memberUid',
      group_members_are_ids: 'true',
    },
  },
  {
    ...{ user_id_attribute: 'cn', group_name_attribute: 'cn' },
    ...{ group_objectclass: 'groupOfUniqueNames', group_member_attribute: 'uniqueMember' },
  },
];

const BOOLEANS = ['true', 'false', 'True', 'on', '0', 'maybe', ''];
const ATTRIBUTES = [
  'cn',
  'uid',
  'sn',
  'mail',
  'ou',
  'description',
  'CN',
  'Uid',
  'surname',
  'entryUUID',
  'nosuch',
  'no such',
  '',
];
const FILTERS = [
  ...[
    '(cn=*)',
    '(objectClass=inetOrgPerson)',
    '(|(cn=alice)(uid=bob))',
    '(!(cn=alice))',
    '(sn=S*)',
    '(cn=*a*)',
  ],
  ...[
    '( cn=alice )',
    '( & (cn=*) (sn=*) )',
    '(&(cn=*)  (sn=*))',
    ' (cn=*)',
    '(cn=*)(sn=*)',
    '(cn = alice)',
    '(cn= alice)',
  ],
  ...[
    '(cn=alice',
    'cn=alice',
    'cn=alice)',
    '(cn=alice))',
    '((cn=alice))',
    '()',
    '(&)',
    '(|)',
    '(!)',
    '(cn)',
    '(=x)',
    '(cn=)',
  ],
  ...[
    '(cn=a\\2ab)',
    '(cn=a\\,b)',
    '(cn=\\zz)',
    '(cn>=b)',
    '(cn~=alice)',
    '(cn:=alice)',
    '(cn:caseExactMatch:=alice)',
  ],
  ...[
    '(nosuch=x)',
    '(!(nosuch=x))',
    '(no_such=x)',
    '(cn=**)',
    '(cn=*a**b*)',
    '(cn;lang-en=alice)',
    '(2.5.4.3=alice)',
    '(&(cn=*)(!(sn=x)(uid=y)))',
  ],
  ...[
    '(memberOf=cn=x)',
    '(cn=(alice))',
    '(!(cn=a)(cn=b))',
    '"(cn=alice)"',
    '(cn:dn:=alice)',
    '(:caseExactMatch:=alice)',
    '',
  ],
];
const DNS = [
  ...[
    USERS,
    GROUPS,
    'ou=Deep,ou=Users,dc=example,dc=com',
    'dc=example,dc=com',
    'ou=Nowhere,dc=example,dc=com',
    '',
  ],
  ...[
    'OU=users, DC=Example , dc=com',
    'ou=Users;dc=example;dc=com',
    '"ou=Users,dc=example,dc=com"',
    'dc=other,dc=org',
  ],
  ...[
    'no dn',
    'ou=Users,',
    ',ou=Users',
    'ou=Users,dc',
    '“ou=Users”,dc=example,dc=com',
    'ou=Us<ers,dc=example,dc=com',
    'ou=Users,dc=example,,dc=com',
  ],
];
const NUMBERS = ['0', '1', '2', '3', '-1', '10', 'x', ''];

/** Values of each option, the usual ones first. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  user_tree_dn: DNS,
  user_filter: FILTERS,
  user_objectclass: [
    'inetOrgPerson',
    'person',
    'INETORGPERSON',
    'account',
    '*',
    'top',
    'nosuch',
    'no such',
    '',
    'x)(cn=*',
  ],
  user_id_attribute: ATTRIBUTES,
  user_name_attribute: ATTRIBUTES,
  user_description_attribute: ['description', 'cn', '', 'nosuch'],
  user_mail_attribute: ['mail', 'cn', '', '*', 'nosuch'],
  user_pass_attribute: ['userPassword', '', 'cn'],
  user_enabled_attribute: [
    'enabled',
    'accountLocked',
    'accountControl',
    'description',
    'Enabled',
    'nosuch',
    '',
  ],
  user_enabled_invert: BOOLEANS,
  user_enabled_mask: ['0', '2', '1', '512', '514', '-1', 'x', ''],
  user_enabled_default: ['True', 'False', 'true', 'TRUE', '512', '514', '0', '1', 'yes', ' 7', ''],
  user_attribute_ignore: [
    'default_project_id',
    'enabled',
    'name',
    'name,enabled',
    ' enabled , x',
    'Enabled',
    'email',
    ',',
    '',
  ],
  user_default_project_id_attribute: ['description', '', 'nosuch'],
  user_enabled_emulation: ['true', 'true', 'true', ...BOOLEANS],
  user_enabled_emulation_dn: [
    `cn=enabled_users,${USERS}`,
    `cn=enabled,${GROUPS}`,
    `CN=Enabled, ${GROUPS}`,
    ...DNS,
  ],
  user_enabled_emulation_use_group_config: BOOLEANS,
  user_additional_attribute_mapping: ['cn:name', 'cn', 'a:b:c', 'description:name,mail:email', ''],
  group_tree_dn: DNS,
  group_filter: FILTERS,
  group_objectclass: [
    'groupOfNames',
    'posixGroup',
    'groupOfUniqueNames',
    'organizationalRole',
    'GroupOfNames',
    '*',
    'nosuch',
    '',
  ],
  group_id_attribute: ATTRIBUTES,
  group_name_attribute: ATTRIBUTES,
  group_member_attribute: [
    'member',
    'uniqueMember',
    'memberUid',
    'roleOccupant',
    'Member',
    'nosuch',
    'no such',
    '',
  ],
  group_members_are_ids: BOOLEANS,
  group_desc_attribute: ['description', '', 'nosuch'],
  group_attribute_ignore: ['name', 'description', ''],
  group_additional_attribute_mapping: ['cn:name', 'x', ''],
  group_ad_nesting: BOOLEANS,
  query_scope: ['one', 'sub', 'sub', 'SUB', 'base', ''],
  page_size: ['0', '1', '2', '100', '-1', 'x', ''],
  alias_dereferencing: ['default', 'never', 'always', 'searching', 'finding', 'Always', ''],
  chase_referrals: BOOLEANS,
  url: [
    ...[
      '@URI@',
      '@URI@,@URI@',
      '@URI@ @URI@',
      '@URI@/',
      'ldap://127.0.0.1:1,@URI@',
      'ldap://127.0.0.1:1 @URI@',
      '@URI@, ',
      ', @URI@',
    ],
    ...[
      'ldap://127.0.0.1:1',
      'http://127.0.0.1:1',
      '127.0.0.1:1',
      '"@URI@"',
      '@URI@,http://127.0.0.1:1',
      'ldap://',
    ],
  ],
  randomize_urls: BOOLEANS,
  user: [
    'cn=admin,dc=example,dc=com',
    '',
    'cn=nobody,dc=example,dc=com',
    'admin',
    '"cn=admin,dc=example,dc=com"',
  ],
  password: ['@PASSWORD@', '', 'wrong', '"@PASSWORD@"', '$x', '$user', "'@PASSWORD@"],
  suffix: ['dc=example,dc=com', '', 'dc=other,dc=org', 'DC=Example, DC=com', 'none', '$user_tree_dn'],
  debug_level: ['0', '-1', '-2', 'x', ''],
  connection_timeout: ['-1', '0', '5', '1', '-2', 'x', ''],
  use_pool: BOOLEANS,
  pool_size: NUMBERS,
  pool_retry_max: NUMBERS,
  pool_retry_delay: ['0.1', '0', '-1', 'nan', 'x', ''],
  pool_connection_timeout: ['-1', '5', '0', '1', '-2', 'x', ''],
  pool_connection_lifetime: ['600', '1', '0', 'x', ''],
  use_auth_pool: BOOLEANS,
  auth_pool_size: NUMBERS,
  auth_pool_connection_lifetime: ['60', '0', 'x', ''],
  no_such_option: ['x'],
};

/** Earlier values of a list are drawn more often, so that most configurations work. */
const valueOf = (values: readonly string[]): Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...values.slice(0, 3)) },
    { weight: 2, arbitrary: fc.constantFrom(...values) },
  );

const settings = Object.entries(VALUES).map(([name, values]) =>
  valueOf(values).map((value) => [name, value] as const),
);

export const arbitraryOptions: Arbitrary<Options> = fc
  .record({
    layout: fc.constantFrom(...LAYOUTS),
    changes: fc.array(fc.oneof(...settings), { maxLength: 5 }),
  })
  .map(({ layout, changes }) => ({ ...CONNECTION, ...layout, ...Object.fromEntries(changes) }));

export const soundOptions: Arbitrary<Options> = fc
  .constantFrom(...LAYOUTS)
  .map((layout) => ({ ...CONNECTION, ...layout }));
