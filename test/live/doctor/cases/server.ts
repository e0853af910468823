import { readText } from '../../../../src/files.ts';
import { shippedSchemaFiles } from '../../../../src/schema/shipped-schema.ts';
import { addEntries } from '../../../support/add-entries.ts';
import { loadLdif } from '../../../support/load-ldif.ts';
import type { DoctorCase } from '../../../support/doctor/examine.ts';
import {
  ACCOUNT,
  AUTH,
  group,
  GROUPS,
  MANAGED,
  READ,
  SUFFIX,
  user,
  USERS,
} from '../../../support/doctor/sound-keystone.ts';

export const SERVER_CASES: readonly DoctorCase[] = [
  {
    name: 'use_tls with ldaps://',
    certificate: {},
    ldap: { url: '{ldaps}' },
    expected: [['TLS_SETTINGS', 'error', 'it cannot go with ldaps://127.0.0.1', 'Set use_tls = false;']],
  },
  {
    name: 'TLS without a CA, where the release wants one',
    release: '2026.1',
    certificate: {},
    ldap: { tls_cacertfile: undefined },
    expected: [['TLS_SETTINGS', 'error', 'it is missing, and so is tls_cacertdir']],
  },
  {
    name: 'a CA that is not there',
    ldap: { use_tls: 'true', tls_cacertfile: '/nonexistent.pem' },
    expected: [['TLS_SETTINGS', 'error', 'there is no file /nonexistent.pem']],
  },
  {
    name: 'a folder of CAs that is not there',
    ldap: { use_tls: 'true', tls_cacertdir: '/nonexistent' },
    expected: [['TLS_SETTINGS', 'error', 'there is no folder /nonexistent']],
  },
  {
    name: 'TLS that takes any certificate',
    certificate: { names: 'another.example.com' },
    ldap: { tls_req_cert: 'never' },
    expected: [['TLS_UNCHECKED', 'warning', 'Keystone takes any certificate']],
  },
  {
    name: 'passwords that go unencrypted to another machine, of which nobody knows',
    ldap: { url: '{uri},ldap://ldap.invalid' },
    expected: [
      ['IN_CLEAR', 'warning', 'unencrypted to ldap://ldap.invalid'],
      ['SERVER_UNREACHABLE', 'warning', 'Cannot bind to ldap://ldap.invalid'],
    ],
  },
  {
    name: 'no server',
    ldap: { url: 'ldap://127.0.0.1:1' },
    expected: [['SERVER_UNREACHABLE', 'error', 'nothing listens there']],
  },
  {
    name: 'no address',
    ldap: { url: '' },
    expected: [['SERVER_UNREACHABLE', 'error', '"" is not an LDAP URI']],
  },
  {
    name: 'a wrong password of the account',
    ldap: { password: 'wrong' },
    expected: [['BIND_FAILS', 'error', 'wrong password']],
  },
  {
    name: 'a server without TLS',
    ldap: { use_tls: 'true' },
    expected: [['TLS_FAILS', 'error', 'Cannot start TLS']],
  },
  {
    name: 'a certificate of an unknown CA',
    certificate: {},
    ldap: { tls_cacertfile: undefined },
    expected: [
      [
        'CERTIFICATE_UNTRUSTED',
        'error',
        'It shows CN=localhost for IP Address:127.0.0.1, issued by CN=keystone-ldap sandbox CA',
      ],
    ],
  },
  {
    name: 'a certificate for another name',
    certificate: { names: 'ldap.example.com' },
    expected: [['CERTIFICATE_NAME', 'error', 'It shows CN=localhost for DNS:ldap.example.com']],
  },
  {
    name: 'a certificate that has expired',
    certificate: { days: -1 },
    expected: [['CERTIFICATE_EXPIRED', 'error', 'valid until']],
  },
  {
    name: 'a certificate that expires soon',
    certificate: { days: 5 },
    expected: [['CERTIFICATE_EXPIRES', 'warning', 'from then on Keystone does not connect']],
  },
  {
    name: 'a bind without a password that succeeds',
    tuning: { global: { olcAllows: ['bind_anon_cred', 'bind_anon_dn'] } },
    expected: [['EMPTY_PASSWORD_BINDS', 'warning', 'Keystone refuses an empty password itself']],
  },
  {
    name: 'users whom everybody can list',
    database: { olcAccess: [MANAGED, AUTH, 'to * by * read'] },
    expected: [['ANONYMOUS_READS', 'warning', `uid=alice,${USERS}`]],
  },
  {
    name: 'an account that can write',
    database: { olcAccess: [MANAGED, AUTH, `to * by dn.exact="${ACCOUNT}" write by * none`] },
    expected: [
      ['ACCOUNT_CAN_WRITE', 'warning', `it may change description of ${USERS}; description of uid=alice`],
    ],
  },
  {
    name: 'an account that cannot read what it must',
    ldap: { user_name_attribute: 'sn' },
    database: {
      olcAccess: [MANAGED, AUTH, 'to attrs=sn by * none', READ],
      olcDbIndex: ['objectClass,cn,sn,uid,member eq'],
    },
    expected: [
      ['ATTRIBUTE_HIDDEN', 'error', 'inetOrgPerson demands it'],
      ['ENTRY_NO_NAME', 'warning', 'without sn'],
    ],
  },
  {
    name: 'an attribute that the server does not know',
    ldap: { user_enabled_attribute: 'isAllowed' },
    expected: [['SCHEMA_MISSING', 'error', 'the server does not know it']],
  },
  {
    name: 'an id attribute in another spelling',
    ldap: { user_id_attribute: 'UID' },
    expected: [['ATTRIBUTE_SPELLING', 'error', 'the server spells it uid']],
  },
  {
    name: 'an id attribute in another spelling, and a group in a group',
    ldap: { user_id_attribute: 'CN' },
    entries: [group('nest', [`uid=alice,${USERS}`, `cn=staff,${GROUPS}`])],
    expected: [['ATTRIBUTE_SPELLING', 'error', 'the server spells it cn']],
  },
  {
    name: 'an id attribute that the server computes',
    ldap: { user_id_attribute: 'entryUUID' },
    database: { olcDbIndex: ['objectClass,cn,uid,member,entryUUID eq'] },
    expected: [
      ['MEMBERS_FAIL', 'error', 'HTTP 404: Keystone does not get entryUUID', 'Decide on another user_id'],
    ],
  },
  {
    name: 'an id attribute that the server computes, and a group in a group',
    ldap: { user_id_attribute: 'entryUUID' },
    database: { olcDbIndex: ['objectClass,cn,uid,member,entryUUID eq'] },
    entries: [group('nest', [`uid=alice,${USERS}`, `cn=staff,${GROUPS}`])],
    expected: [
      ['MEMBER_NESTED', 'error', `cn=staff,${GROUPS}`],
      ['MEMBERS_FAIL', 'error', 'HTTP 404', 'Decide on another user_id_attribute'],
    ],
  },
  {
    name: "Keystone's schema of 2011",
    breakIt: async (_, { server }) =>
      loadLdif(server.ldapiUri, await readText(shippedSchemaFiles('2011.3').ldif)),
    argv: ({ conf, server }) => [
      ...['--keystone-conf', conf, '--config-uri', server.ldapiUri],
      ...['--severity', 'info'],
    ],
    expected: [
      ['SCHEMA_LEFTOVER', 'info', 'no entry has its object classes'],
      // What else this keystone.conf leaves to be said.
      ['CACHE_OFF', 'info', ''],
      ['DATABASE_SQLITE', 'info', ''],
    ],
  },
  {
    name: "Keystone's schema of 2011, with an entry that has a class of it",
    breakIt: async (_, { server }) => {
      await loadLdif(server.ldapiUri, await readText(shippedSchemaFiles('2011.3').ldif));
      await addEntries(server, [
        user('old', { objectClass: ['inetOrgPerson', 'keystoneUser'], keystoneEnabled: ['TRUE'] }, SUFFIX),
      ]);
    },
    expected: [['SCHEMA_LEFTOVER', 'warning', `1: uid=old,${SUFFIX}`]],
  },
  {
    name: 'a tree that is not there',
    ldap: { group_tree_dn: `ou=None,${SUFFIX}` },
    expected: [['TREE_MISSING', 'error', 'Keystone finds no group at all']],
  },
  {
    name: 'groups of another class',
    ldap: { group_objectclass: 'groupOfUniqueNames', group_member_attribute: 'uniqueMember' },
    database: { olcDbIndex: ['objectClass,cn,uid,uniqueMember eq'] },
    expected: [['TREE_EMPTY', 'warning', 'there is none with the class and the filter']],
  },
  {
    name: 'users further down than Keystone looks',
    ldap: { user_tree_dn: SUFFIX },
    expected: [['TREE_EMPTY', 'error', `uid=alice,${USERS} is further down`]],
  },
  {
    name: 'a referral among the users',
    entries: [
      {
        dn: `ou=far,${USERS}`,
        attributes: {
          objectClass: ['referral', 'extensibleObject'],
          ou: ['far'],
          ref: ['ldap://far.invalid/ou=far'],
        },
      },
    ],
    expected: [['REFERRAL', 'warning', 'ldap://far.invalid/ou=far']],
  },
  {
    name: 'a list that is cut, with paging or without',
    tuning: { global: { olcSizeLimit: ['1'] } },
    database: { olcLimits: [] },
    ldap: { page_size: '1' },
    expected: [
      ['LIST_CUT', 'error', 'the server gives this identity only 1 of them'],
      ['PAGING_USELESS', 'warning', 'paging does not lift it'],
    ],
  },
  {
    // A search that is slow enough would be chance: this overlay ends the one that comes upon the entry as slapd does.
    name: 'a list that takes the server too long',
    tuning: {
      modules: ['retcode'],
      entries: [
        {
          dn: 'olcOverlay={0}retcode,olcDatabase={1}mdb,cn=config',
          attributes: {
            objectClass: ['olcOverlayConfig', 'olcRetcodeConfig'],
            olcOverlay: ['{0}retcode'],
            olcRetcodeParent: ['ou=codes,dc=nonexistent'],
            olcRetcodeInDir: ['TRUE'],
          },
        },
      ],
    },
    entries: [
      user('slow', { objectClass: ['inetOrgPerson', 'errAuxObject'], errCode: ['3'], errOp: ['search'] }),
    ],
    expected: [['LIST_CUT', 'error', 'the server ends so long a search']],
  },
  {
    name: 'searches without an index',
    database: { olcDbIndex: ['objectClass eq', 'cn pres,sub'] },
    expected: [['INDEX_MISSING', 'warning', 'no equality index for uid, cn, member']],
  },
];
