import type { DoctorCase } from '../../../support/doctor/examine.ts';
import { folder, group, GROUPS, MANAGED, READ, user, USERS } from '../../../support/doctor/sound-keystone.ts';
import { writeBytes } from '../../../support/write-bytes.ts';

const ALICE = `uid=alice,${USERS}`;
const ENABLED = `cn=enabled_users,${USERS}`;
const SEES_PASSWORDS = [MANAGED, 'to attrs=userPassword by anonymous auth by * break', READ];

export const ENTRY_CASES: readonly DoctorCase[] = [
  {
    name: 'a user without an id',
    entries: [
      { dn: `cn=noid,${USERS}`, attributes: { objectClass: ['inetOrgPerson'], cn: ['noid'], sn: ['noid'] } },
    ],
    expected: [['ENTRY_NO_ID', 'warning', `1: cn=noid,${USERS}; Keystone does not see them`]],
  },
  {
    name: 'ids that are no text',
    ldap: { user_id_attribute: 'audio' },
    database: { olcDbIndex: ['objectClass,cn,uid,member eq'] },
    breakIt: async (_, { server }) => {
      await writeBytes(server, ALICE, 'audio', Buffer.from('00112233445566778899aabbccddeeff', 'hex'));
      await writeBytes(server, `uid=bob,${USERS}`, 'audio', Buffer.from('bob'));
    },
    expected: [['ID_BINARY', 'error', `1: ${ALICE}; Keystone shows 16 bytes as a GUID`]],
  },
  {
    name: 'ids that are no text, in a release that makes nothing of them',
    release: 'train',
    ldap: { user_id_attribute: 'audio' },
    breakIt: async (_, { server }) => {
      await writeBytes(server, ALICE, 'audio', Buffer.from('00112233445566778899aabbccddeeff', 'hex'));
      await writeBytes(server, `uid=bob,${USERS}`, 'audio', Buffer.from('bob'));
    },
    expected: [
      ['ID_BINARY', 'error', `1: ${ALICE}; Keystone fails at listing the users`],
      // No Train has the fix.
      ['ENABLED_PATCH', 'error', 'user_enabled_attribute = employeeType'],
    ],
  },
  {
    name: 'a group without a name',
    ldap: { group_name_attribute: 'ou' },
    database: { olcDbIndex: ['objectClass,cn,uid,member,ou eq'] },
    expected: [['ENTRY_NO_NAME', 'warning', 'without ou (group_name_attribute)']],
  },
  {
    name: 'an id with two values',
    entries: [user('carl', { uid: ['carl', 'karl'] })],
    expected: [['ID_SEVERAL', 'warning', `more than one uid have 1: uid=carl,${USERS}`]],
  },
  {
    name: 'a name that two users have',
    ldap: { user_name_attribute: 'cn' },
    entries: [user('al', { cn: ['ALICE'] })],
    expected: [['NAME_AMBIGUOUS', 'error', `1: ALICE (${ALICE}; uid=al,${USERS})`]],
  },
  {
    name: 'an id that two users have',
    ldap: { query_scope: 'sub' },
    entries: [folder(`ou=More,${USERS}`), user('alice', {}, `ou=More,${USERS}`)],
    expected: [['ID_AMBIGUOUS', 'error', 'treats them as one user, with the roles of all']],
  },
  {
    name: 'an id of more than 64 characters',
    entries: [user('l'.repeat(65))],
    expected: [['ID_TOO_LONG', 'error', 'their logins end in HTTP 500']],
  },
  {
    name: 'an id with a slash',
    entries: [user('a/b')],
    expected: [['ID_SLASH', 'warning', 'cannot stand in an address']],
  },
  {
    name: 'a name of more than 255 characters',
    ldap: { user_name_attribute: 'cn' },
    entries: [user('long', { cn: ['n'.repeat(256)] })],
    expected: [['NAME_TOO_LONG', 'error', `1: uid=long,${USERS}`]],
  },
  {
    name: 'an enabled that is no truth value',
    entries: [user('dora', { employeeType: ['yes'] })],
    expected: [
      ['ENABLED_NOT_BOOLEAN', 'error', `it is not always TRUE or FALSE, but for 1: uid=dora,${USERS} (yes)`],
    ],
  },
  {
    name: 'a group of those who are enabled that is not there',
    ldap: { user_enabled_emulation: 'true' },
    expected: [
      [
        'ENABLED_GROUP_MISSING',
        'error',
        'keystone.conf:12: [ldap] user_enabled_emulation = true), which is not there',
      ],
    ],
  },
  {
    name: 'a group of those who are enabled with others in it',
    ldap: { user_enabled_emulation: 'true' },
    entries: [{ ...group('enabled_users', [ALICE, `uid=gone,${USERS}`]), dn: ENABLED }],
    expected: [['ENABLED_MEMBER_UNKNOWN', 'warning', `1: uid=gone,${USERS}; they enable nobody`]],
  },
  {
    name: 'members that are no ids',
    ldap: { group_members_are_ids: 'true' },
    expected: [
      ['MEMBERS_FORM', 'error', 'these member values are DNs, though group_members_are_ids is on: 2'],
    ],
  },
  {
    name: 'a posixGroup whose members are taken for DNs',
    ldap: { group_objectclass: 'posixGroup', group_member_attribute: 'memberUid' },
    database: { olcDbIndex: ['objectClass,cn,uid,memberUid eq'] },
    entries: [
      group('posix', [], { objectClass: ['posixGroup'], gidNumber: ['7'], memberUid: ['alice'], member: [] }),
    ],
    // That the option is missing beside the class is the same.
    expected: [
      [
        'MEMBERS_FORM',
        'error',
        `these member values are not DNs: 1: alice in cn=posix,${GROUPS}; listing the users of such a group ends in HTTP 500`,
        'Set group_members_are_ids = True',
      ],
    ],
  },
  {
    name: 'a member that does not exist any more',
    entries: [group('old', [ALICE, `uid=gone,${USERS}`])],
    expected: [['MEMBER_UNKNOWN', 'warning', `1: uid=gone,${USERS} in cn=old`]],
  },
  {
    name: 'a member outside of the tree',
    entries: [group('far', [ALICE, 'uid=alice,ou=Elsewhere,dc=example,dc=com'])],
    expected: [
      ['MEMBER_OUTSIDE', 'warning', 'Keystone takes each for the user of its tree with the same id'],
    ],
  },
  {
    name: 'a member outside of the tree whose id nobody in it has',
    entries: [group('far', [ALICE, 'uid=zoe,ou=Elsewhere,dc=example,dc=com'])],
    expected: [['MEMBER_OUTSIDE', 'warning', 'not below']],
  },
  {
    name: 'a group of those who are enabled of another class',
    ldap: { user_enabled_emulation: 'true' },
    entries: [
      {
        dn: ENABLED,
        attributes: { objectClass: ['groupOfUniqueNames'], cn: ['enabled_users'], uniqueMember: [ALICE] },
      },
    ],
    expected: [['ENABLED_GROUP_MISSING', 'error', 'whose members are in uniqueMember']],
  },
  {
    name: 'a group of those who are enabled that is like other groups',
    ldap: {
      user_enabled_emulation: 'true',
      group_objectclass: 'groupOfUniqueNames',
      group_member_attribute: 'uniqueMember',
    },
    database: { olcDbIndex: ['objectClass,cn,uid,uniqueMember eq'] },
    entries: [
      group('unique', [], { objectClass: ['groupOfUniqueNames'], uniqueMember: [ALICE], member: [] }),
      {
        dn: ENABLED,
        attributes: { objectClass: ['groupOfUniqueNames'], cn: ['enabled_users'], uniqueMember: [ALICE] },
      },
    ],
    expected: [['ENABLED_GROUP_MISSING', 'error', 'whose members are in uniqueMember']],
  },
  {
    name: 'a member in another spelling',
    entries: [group('loud', ['uid=ALICE,ou=users,dc=example,dc=com'])],
    expected: [['MEMBER_SPELLING', 'warning', '1: uid=ALICE,ou=users,dc=example,dc=com in cn=loud']],
  },
  {
    name: 'what is left of use_dumb_member',
    entries: [group('dumb', [ALICE, 'cn=dumb,dc=nonexistent'])],
    expected: [['MEMBER_PLACEHOLDER', 'error', 'listing the members of such a group ends in HTTP 500']],
  },
  {
    name: 'a password in clear',
    database: { olcAccess: SEES_PASSWORDS },
    entries: [user('erna', { userPassword: ['top secret'] })],
    expected: [
      ['PASSWORD_CLEAR', 'warning', `1: uid=erna,${USERS}`],
      ['PASSWORD_READABLE', 'warning', '3: '],
    ],
  },
];
