import { writeFile } from 'node:fs/promises';
import type { DoctorCase } from '../../../support/doctor/examine.ts';
import {
  folder,
  group,
  GROUPS,
  ldapSection,
  SUFFIX,
  user,
  USERS,
} from '../../../support/doctor/sound-keystone.ts';

const ALICE = `uid=alice,${USERS}`;
const INDEXED = { olcDbIndex: ['objectClass,cn,uid,member,uniqueMember,memberUid,employeeType,mail eq'] };

/** keystone.conf whose `[identity] driver` says something else. */
const withDriver =
  (driver: string): NonNullable<DoctorCase['breakIt']> =>
  (_, { conf, server }) =>
    writeFile(conf, `[identity]\ndriver = ${driver}\n${ldapSection(server)}`);

const uniqueGroup = (cn: string) =>
  group(cn, [], { objectClass: ['groupOfUniqueNames'], member: [], uniqueMember: [ALICE] });

const filter = (value: string, remedy: string): DoctorCase => ({
  name: `user_filter = ${value}`,
  ldap: { user_filter: value },
  expected: [['CONF_UNREADABLE_VALUE', 'error', 'keystone.conf:12: [ldap] user_filter: ', remedy]],
});

/** What people's own files had in them, and what helps: not more than the cause, with the line and the value. */
export const ADVICE_CASES: readonly DoctorCase[] = [
  {
    name: 'a class path as the driver, which the release cannot load',
    breakIt: withDriver('keystone.identity.backends.ldap.Identity'),
    expected: [['CONF_UNREADABLE_VALUE', 'error', 'keystone.conf:2: [identity] driver', 'Set driver = ldap']],
  },
  {
    name: 'a short name as the driver, which an old release cannot load',
    release: '2014.1',
    breakIt: withDriver('ldap\n[assignment]\ndriver = keystone.assignment.backends.sql.Assignment'),
    expected: [
      [
        'CONF_UNREADABLE_VALUE',
        'error',
        'keystone.conf:2: [identity] driver',
        'Set driver = keystone.identity.backends.ldap.Identity',
      ],
    ],
  },
  ...['ldap   //tells keystone that the backend is LDAP', 'ldap  # LDAP', 'LDAP'].map(
    (driver): DoctorCase => ({
      name: `driver = ${driver}`,
      breakIt: withDriver(driver),
      expected: [['CONF_BACKENDS', 'error', `:2: [identity] driver = ${driver}: `, 'Set driver = ldap in']],
    }),
  ),
  ...['keystone_ldap.core.Identity', 'hybrid'].map((driver): DoctorCase => ({
    name: `a driver of somebody else: ${driver}`,
    breakIt: withDriver(driver),
    expected: [['CONF_BACKENDS', 'error', 'is not known here', 'Decide which driver is meant']],
  })),
  {
    name: 'everybody disabled, because what is inverted has no default',
    ldap: { user_enabled_attribute: undefined, user_enabled_invert: 'true' },
    expected: [
      ['EVERYBODY_DISABLED', 'error', 'all 2 are disabled: 2 have no', 'Set user_enabled_default = False'],
    ],
  },
  {
    name: 'everybody disabled by the default',
    release: '2026.1',
    ldap: { user_enabled_attribute: undefined, user_enabled_default: 'false' },
    expected: [
      [
        'EVERYBODY_DISABLED',
        'error',
        ':11: [ldap] user_enabled_default = false',
        'Set user_enabled_default = True',
      ],
    ],
  },
  {
    name: 'a tree of users in typographic quotes',
    ldap: { user_tree_dn: `“${USERS}”` },
    expected: [
      ['CONF_UNREADABLE_VALUE', 'error', ':12: [ldap] user_tree_dn: ', `Set user_tree_dn = ${USERS};`],
    ],
  },
  {
    name: 'a tree of groups that is not a DN',
    ldap: { group_tree_dn: 'the groups' },
    expected: [['CONF_UNREADABLE_VALUE', 'error', ':12: [ldap] group_tree_dn: ', 'decide which entry']],
  },
  filter('(&(mail=*)(sn=alice)', 'Correct user_filter'),
  filter('uid=*', 'Set user_filter = (uid=*).'),
  filter('((mail=*))', 'Correct user_filter'),
  filter('(&(mail=*)(sn=alice)))', 'Correct user_filter'),
  filter('None', 'Correct user_filter'),
  {
    name: 'a filter with blanks, and two filters side by side, which libldap takes',
    ldap: { user_filter: '( & (uid=*) (cn=*) )', group_filter: '(cn=*)(member=*)' },
    expected: [],
  },
  {
    name: 'groupOfUniqueNames with the default attribute of members',
    ldap: { group_objectclass: 'groupOfUniqueNames' },
    entries: [uniqueGroup('admins')],
    expected: [
      [
        'MEMBER_ATTRIBUTE',
        'error',
        'the only group has no member (groupOfUniqueNames does not allow it; the members are in uniqueMember)',
        'Set group_member_attribute = uniqueMember.',
      ],
    ],
    database: INDEXED,
  },
  {
    name: 'posixGroup with ids, and the default attribute of members',
    ldap: { group_objectclass: 'posixGroup', group_members_are_ids: 'true' },
    entries: [
      group('posix', [], { objectClass: ['posixGroup'], gidNumber: ['7'], memberUid: ['alice'], member: [] }),
    ],
    database: INDEXED,
    expected: [['MEMBER_ATTRIBUTE', 'error', 'in memberUid', 'Set group_member_attribute = memberUid.']],
  },
  {
    name: 'groupOfNames with memberUid',
    ldap: { group_member_attribute: 'memberUid', group_members_are_ids: 'true' },
    database: INDEXED,
    expected: [
      [
        'MEMBER_ATTRIBUTE',
        'error',
        'groupOfNames does not allow it',
        'Set group_member_attribute = member and group_members_are_ids = False.',
      ],
    ],
  },
  {
    name: 'people whom the filter leaves out of the cloud',
    ldap: { user_filter: '(employeeType=TRUE)' },
    expected: [],
  },
  {
    name: 'a group within a group, which has no id',
    entries: [group('inner', [ALICE]), group('outer', [ALICE, `cn=inner,${GROUPS}`])],
    expected: [['MEMBER_NESTED', 'error', `1: cn=inner,${GROUPS} in cn=outer`, 'Decide whether']],
  },
  {
    name: 'a member that is there and has no id',
    entries: [
      { dn: `cn=noid,${USERS}`, attributes: { objectClass: ['person'], cn: ['noid'], sn: ['noid'] } },
      group('mixed', [ALICE, `cn=noid,${USERS}`]),
    ],
    expected: [['MEMBER_LEFT_OUT', 'error', `1: cn=noid,${USERS} in cn=mixed`, 'Decide which attribute']],
  },
  {
    name: 'a class of users that nothing defines, without what follows from it',
    ldap: { user_objectclass: 'MyOrgPerson' },
    expected: [
      ['SCHEMA_MISSING', 'error', ':12: [ldap] user_objectclass = MyOrgPerson', 'Correct user_objectclass'],
    ],
  },
  {
    name: 'attributes that the server does not know, each by what follows from it',
    ldap: {
      user_enabled_attribute: 'accountControll',
      group_name_attribute: 'Group',
      user_mail_attribute: 'a@b',
    },
    expected: [
      ['SCHEMA_MISSING', 'error', 'all users are found'],
      ['SCHEMA_MISSING', 'error', 'Keystone finds no group', 'Correct group_name_attribute'],
      ['SCHEMA_MISSING', 'warning', 'no user has an e-mail address'],
      // That the groups have none of it follows.
    ],
  },
  {
    name: 'a misprint of 512 with a mask',
    ldap: { user_enabled_attribute: 'departmentNumber', user_enabled_mask: '2', user_enabled_default: '51' },
    expected: [['ENABLED_DEFAULT', 'error', ' = 51', 'Set user_enabled_default = 512.']],
  },
  {
    name: 'a tree in no database of the server',
    ldap: { user_tree_dn: 'ou=Users,dc=example,dc=org' },
    expected: [['TREE_MISSING', 'error', `which holds ${SUFFIX}`, 'Correct user_tree_dn: decide']],
  },
  {
    name: 'no suffix',
    ldap: { suffix: undefined, user_tree_dn: USERS },
    expected: [['TREE_MISSING', 'error', 'suffix is not set either', `Set suffix = ${SUFFIX}.`]],
  },
  {
    name: 'a tree with a misprint in the middle',
    ldap: { group_tree_dn: `ou=Groups,ou=Clowd,${SUFFIX}` },
    expected: [['TREE_MISSING', 'error', `the nearest entry above it is ${SUFFIX}`, 'Correct group_tree_dn']],
  },
  {
    name: 'a tree that is not there yet',
    ldap: { group_tree_dn: `ou=Teams,${USERS}` },
    expected: [
      [
        'TREE_MISSING',
        'error',
        `does not exist below ${USERS}`,
        'Run "keystone-ldap init -H ldap://127.0.0.1:',
      ],
    ],
  },
  {
    name: 'a tree with a misprint',
    ldap: { user_tree_dn: `ou=User,${SUFFIX}` },
    expected: [
      [
        'TREE_MISSING',
        'error',
        `does not exist below ${SUFFIX}`,
        `Correct user_tree_dn (did you mean ${USERS}?): decide`,
      ],
    ],
  },
  {
    name: 'a tree by another name than that of the entries',
    ldap: { group_tree_dn: `ou=Teams,${SUFFIX}` },
    entries: [group('more', [ALICE])],
    expected: [
      [
        'TREE_MISSING',
        'error',
        `does not exist below ${SUFFIX}`,
        `Decide whether group_tree_dn is to name ${GROUPS}, which holds entries`,
      ],
    ],
  },
  {
    name: 'StartTLS with ldaps:// as a second address',
    certificate: {},
    ldap: { url: '{uri},{ldaps}' },
    expected: [['TLS_SETTINGS', 'warning', 'which fails at ldaps://127.0.0.1', 'Decide which form']],
  },
  {
    name: 'every option at its default',
    ldap: {
      ...{ use_pool: 'False', pool_size: '10', pool_retry_max: '3', pool_retry_delay: '0.1' },
      ...{ pool_connection_timeout: '-1', pool_connection_lifetime: '600', use_auth_pool: 'False' },
      ...{ auth_pool_size: '100', auth_pool_connection_lifetime: '60', user_enabled_default: 'True' },
    },
    expected: [],
  },
  {
    name: 'people further down, whom query_scope leaves out',
    entries: [
      folder(`ou=More,${USERS}`),
      user('deep', {}, `ou=More,${USERS}`),
      group('far', [ALICE, `uid=deep,ou=More,${USERS}`]),
    ],
    expected: [],
  },
];
