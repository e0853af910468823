import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Edit, Session } from '../../src/directory/session.ts';
import { VERIFY_CODES, type Finding, type FindingCode } from '../../src/doctor/finding.ts';
import { packageFile, readText } from '../../src/files.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import { shippedSchemaFiles } from '../../src/schema/shipped-schema.ts';
import { Secret } from '../../src/secret.ts';
import { verify } from '../../src/doctor/verify.ts';
import { NO_IDENTITIES } from '../../src/identities/identities.ts';
import { describeLive } from '../support/describe-live.ts';
import { carryOut, remedyKind } from '../support/doctor/carry-out.ts';
import { loadLdif } from '../support/load-ldif.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { HASH_CLEARTEXT } from '../support/hash-cleartext.ts';
import { asManager, seededSandbox } from '../support/seeded-sandbox.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const USERS = 'ou=Users,dc=example,dc=com';
const GROUPS = 'ou=Groups,dc=example,dc=com';
const DUMB = 'cn=dumb,dc=nonexistent';
const JOEUSER = `uid=joeuser,${USERS}`;
const CUSTOMER = `cn=customer-x,${GROUPS}`;
const ANOTHER = `cn=ANOTHER:TENANT,${GROUPS}`;

const SEED = 'keystone-ldap seed';
const CONFIGURE = 'keystone-ldap configure';

/** A code, its severity, what it is about, and a part of the remedy. */
type Expected = readonly [FindingCode, Finding['severity'], subject: string, remedy: string];

interface Case {
  readonly name: string;
  /** 2011.3 unless told. */
  readonly release?: string;
  /** Identities to seed and look for instead of the sample data. */
  readonly identities?: string;
  readonly tuning?: SandboxOptions['tuning'];
  /** `schema`: nothing is there but this schema. */
  readonly before?: 'seed' | 'init' | { readonly schema: 'blog' | '2011.3' | undefined };
  readonly breakIt?: (session: Session, server: Sandbox) => Promise<void>;
  readonly argv?: readonly string[];
  /** Whether the identities are looked for, or only counted. */
  readonly sought?: false;
  /** Verifies by keystone.conf, changed like this. */
  readonly conf?: (text: string) => string;
  /** Verifies as an account that is not the rootdn. */
  readonly asService?: boolean;
  readonly expected: readonly Expected[];
}

function edit(dn: string, operation: Edit['operation'], attribute: string, ...values: string[]) {
  return (session: Session) => session.modify(dn, [{ operation, attribute, values }]);
}

const remove = (dn: string) => (session: Session) => session.delete(dn);

function replaceBy(dn: string, attributes: Readonly<Record<string, readonly string[]>>) {
  return async (session: Session) => {
    await session.delete(dn);
    await session.add({ dn, attributes });
  };
}

const swap = (from: string, to: string) => (text: string) => {
  expect(text).toContain(from);
  return text.replace(from, () => to);
};

/** An account such as Keystone's own, which may do what the rules of the server let it. */
const SERVICE = { dn: 'cn=keystone,dc=example,dc=com', password: new Secret('service-7301') };

async function addService(session: Session): Promise<void> {
  const attributes = {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: ['keystone'],
    userPassword: [sshaPassword(SERVICE.password)],
  };
  await session.add({ dn: SERVICE.dn, attributes });
}

const PASSWORDS_FOR_THE_SERVICE: SandboxOptions['tuning'] = {
  database: {
    olcAccess: [
      `to attrs=userPassword by dn.exact="${SERVICE.dn}" read by anonymous auth by * manage`,
      'to * by * manage',
    ],
  },
};

const OWN = `tenants:
  - { name: lab, description: The lab, members: [bob] }
users:
  - { name: alice, email: alice@example.com, tenant: lab, password: secrete }
  - { name: bob, password: secrete }
roles:
  - { name: auditor, description: Reads, service: coffee }
grants:
  - { role: auditor, user: alice }
  - { role: auditor, user: bob, tenant: lab }
`;

const MODERN = `users:
  - { name: alice, password: secrete }
  - { name: bob, password: secrete }
groups:
  - { name: staff, members: [alice, bob] }
`;

const SCHEMA_2011_3 = [
  ...['keystoneEnabled', 'keystoneTenant', 'keystoneRole', 'serviceId'].map(
    (name, at) => `attribute type ${name} (1.3.6.1.3.1.666.667.3.${at + 1})`,
  ),
  ...['keystoneUidObject', 'keystoneUser', 'keystoneRole', 'keystoneTenant', 'keystoneTenantRole'].map(
    (name, at) => `object class ${name} (1.3.6.1.3.1.666.667.4.${at + 1})`,
  ),
];

const CASES: readonly Case[] = [
  {
    name: 'an empty server without the schema',
    before: { schema: undefined },
    sought: false,
    expected: [
      ...SCHEMA_2011_3.map((subject): Expected => [
        'SCHEMA_MISSING',
        'error',
        subject,
        'keystone-ldap init --release 2011.3',
      ]),
      ['TREE_MISSING', 'error', `user tree ${USERS}`, 'keystone-ldap init'],
      ['TREE_MISSING', 'error', `tenant tree ${GROUPS}`, 'keystone-ldap init'],
    ],
  },
  {
    name: 'the schema of another release',
    before: { schema: 'blog' },
    sought: false,
    expected: [
      ...SCHEMA_2011_3.slice(4, 8).map((subject): Expected => [
        'SCHEMA_DIFFERS',
        'error',
        subject,
        'keystone-ldap schema diff 2011.3',
      ]),
      ['SCHEMA_DIFFERS', 'error', SCHEMA_2011_3[8] ?? '', '--replace-schema'],
      ['TREE_MISSING', 'error', `user tree ${USERS}`, 'keystone-ldap init'],
      ['TREE_MISSING', 'error', `tenant tree ${GROUPS}`, 'keystone-ldap init'],
    ],
  },
  {
    name: 'a tree that was deleted',
    before: 'init',
    sought: false,
    breakIt: remove(GROUPS),
    expected: [
      ['TREE_MISSING', 'error', `tenant tree ${GROUPS}`, 'keystone-ldap init'],
      ['TOO_FEW_USERS', 'error', `users below ${USERS}`, 'correct user_tree_dn'],
    ],
  },
  {
    name: 'a user who was deleted and is still a member',
    breakIt: remove(JOEUSER),
    expected: [
      ['MEMBER_UNKNOWN', 'error', 'tenant customer-x', 'Decide whether the entry is gone'],
      ['USER_MISSING', 'error', 'user joeuser', SEED],
    ],
  },
  {
    name: 'a tenant that was deleted',
    breakIt: remove(`cn=project-y,${GROUPS}`),
    expected: [['TENANT_MISSING', 'error', 'tenant project-y', SEED]],
  },
  {
    name: 'a role that was deleted',
    breakIt: remove(`cn=Member,${GROUPS}`),
    expected: [
      ['ROLE_ENTRY_MISSING', 'error', `roles in tenants below ${GROUPS}`, 'make it again'],
      ['ROLE_MISSING', 'error', 'role Member', SEED],
    ],
  },
  {
    name: 'a role in a tenant, taken from the user',
    breakIt: edit(`cn=Member,${CUSTOMER}`, 'delete', 'member', JOEUSER),
    expected: [['GRANT_MISSING', 'error', 'role Member of user joeuser in tenant customer-x', SEED]],
  },
  {
    name: 'a role in a tenant that nobody has',
    breakIt: remove(`cn=Admin,${ANOTHER}`),
    expected: [['GRANT_MISSING', 'error', 'role Admin of user joeadmin in tenant ANOTHER:TENANT', SEED]],
  },
  {
    name: 'a role held everywhere, taken from the user',
    breakIt: edit(`cn=Admin,${GROUPS}`, 'delete', 'member', `uid=admin,${USERS}`),
    expected: [['GRANT_MISSING', 'error', 'role Admin of user admin everywhere', SEED]],
  },
  {
    name: 'access to a tenant that is not the default one, taken from the user',
    identities: OWN,
    breakIt: edit(`cn=lab,${GROUPS}`, 'delete', 'member', `uid=bob,${USERS}`),
    expected: [['GRANT_MISSING', 'error', 'access of user bob to tenant lab', SEED]],
  },
  {
    name: 'a tenant without its class',
    breakIt: replaceBy(`cn=project-y,${GROUPS}`, {
      objectClass: ['groupOfNames'],
      cn: ['project-y'],
      member: [DUMB],
    }),
    expected: [['OTHER_KIND', 'error', 'tenant project-y', '--tenant-tree-dn']],
  },
  {
    name: 'a user without its class',
    breakIt: replaceBy(`uid=admin,${USERS}`, { objectClass: ['account'], uid: ['admin'] }),
    // A role that is held everywhere may have a member without a user.
    expected: [['OTHER_KIND', 'error', 'user admin', 'rename or remove that entry']],
  },
  {
    name: 'roles without their class, here and in a tenant',
    breakIt: async (session) => {
      const attributes = { objectClass: ['organizationalRole'], cn: ['Member'] };
      await replaceBy(`cn=Member,${GROUPS}`, attributes)(session);
      await replaceBy(`cn=Member,${CUSTOMER}`, attributes)(session);
    },
    expected: [
      ['OTHER_KIND', 'error', 'role Member', '--role-tree-dn'],
      ['OTHER_KIND', 'error', 'role Member of user joeuser in tenant customer-x', 'rename or remove'],
    ],
  },
  {
    name: 'two users of one name',
    release: 'essex-1',
    breakIt: async (session) => {
      const attributes = {
        objectClass: ['keystoneUidObject', 'keystoneUser'],
        uid: ['other'],
        keystoneName: ['JoeUser'],
        keystoneEnabled: ['TRUE'],
      };
      await session.add({ dn: `uid=other,${USERS}`, attributes });
    },
    expected: [['NAME_AMBIGUOUS', 'error', 'user joeuser', 'delete or rename the others.']],
  },
  {
    name: 'a user who was disabled, and a tenant that was enabled',
    breakIt: async (session) => {
      await edit(JOEUSER, 'replace', 'keystoneEnabled', 'FALSE')(session);
      await edit(`cn=project-y,${GROUPS}`, 'replace', 'keystoneEnabled', 'TRUE')(session);
    },
    expected: [
      ['ENABLED_DIFFERS', 'error', 'tenant project-y', SEED],
      ['ENABLED_DIFFERS', 'error', 'user joeuser', SEED],
    ],
  },
  {
    name: 'other descriptions, mail and service',
    identities: OWN,
    breakIt: async (session) => {
      await edit(`cn=lab,${GROUPS}`, 'replace', 'description', 'The old lab')(session);
      await edit(`uid=alice,${USERS}`, 'delete', 'mail')(session);
      await edit(`cn=auditor,${GROUPS}`, 'delete', 'description')(session);
      await edit(`cn=auditor,${GROUPS}`, 'replace', 'serviceId', 'tea')(session);
    },
    expected: [
      ['ATTRIBUTE_DIFFERS', 'warning', 'tenant lab', SEED],
      ['ATTRIBUTE_DIFFERS', 'warning', 'user alice', SEED],
      ['ATTRIBUTE_DIFFERS', 'warning', 'role auditor', SEED],
      ['ATTRIBUTE_DIFFERS', 'warning', 'role auditor', SEED],
    ],
  },
  {
    name: 'no default tenant',
    breakIt: edit(CUSTOMER, 'delete', 'member', JOEUSER),
    expected: [['DEFAULT_TENANT_DIFFERS', 'error', 'user joeuser', SEED]],
  },
  {
    name: 'another default tenant',
    breakIt: async (session) => {
      await edit(CUSTOMER, 'delete', 'member', JOEUSER)(session);
      await edit(ANOTHER, 'add', 'member', JOEUSER)(session);
    },
    expected: [
      ['DEFAULT_TENANT_DIFFERS', 'error', 'user joeuser', `${JOEUSER} may be no member of ${ANOTHER}`],
    ],
  },
  {
    name: 'two default tenants',
    breakIt: edit(ANOTHER, 'add', 'member', JOEUSER),
    expected: [['DEFAULT_TENANT_DIFFERS', 'warning', 'user joeuser', 'roles in them']],
  },
  {
    name: 'two default tenants where roles give no access',
    release: 'blog',
    breakIt: edit(ANOTHER, 'add', 'member', `cn=joeuser,${USERS}`),
    expected: [['DEFAULT_TENANT_DIFFERS', 'warning', 'user joeuser', 'Decide which membership is to stay']],
  },
  {
    name: 'members that are no users',
    breakIt: async (session) => {
      await edit(ANOTHER, 'add', 'member', `uid=gone,${USERS}`)(session);
      await edit(`cn=Member,${GROUPS}`, 'replace', 'member', 'cn=Dumb,dc=nonexistent')(session);
    },
    expected: [
      // But not that of the role, which is held everywhere.
      ['MEMBER_UNKNOWN', 'error', 'tenant ANOTHER:TENANT', 'Decide whether the entry is gone'],
    ],
  },
  {
    name: 'a user without a password',
    breakIt: edit(JOEUSER, 'delete', 'userPassword'),
    expected: [['PASSWORD_MISSING', 'error', 'user joeuser', '--reset-passwords']],
  },
  {
    name: 'a user without a password who would bind',
    release: 'blog',
    breakIt: edit(`cn=joeuser,${USERS}`, 'delete', 'userPassword'),
    expected: [['PASSWORD_MISSING', 'error', 'user joeuser', '--reset-passwords']],
  },
  {
    name: 'passwords that the account of Keystone may not read',
    asService: true,
    expected: ['joeuser', 'joeadmin', 'admin', 'serviceadmin', 'disabled'].map((user): Expected => [
      'PASSWORD_UNREADABLE',
      'error',
      `user ${user}`,
      'who may read userPassword',
    ]),
  },
  {
    name: 'passwords that nobody needs to read',
    release: 'blog',
    asService: true,
    expected: [],
  },
  {
    name: 'passwords that the account of Keystone may read',
    asService: true,
    tuning: PASSWORDS_FOR_THE_SERVICE,
    expected: [],
  },
  {
    name: 'a password with a scheme, and one in clear text',
    breakIt: async (session) => {
      await edit(JOEUSER, 'replace', 'userPassword', sshaPassword(new Secret('x')))(session);
      await edit(`uid=admin,${USERS}`, 'replace', 'userPassword', 'secrete')(session);
    },
    expected: [
      ['PASSWORD_FORM', 'error', 'user joeuser', 'ppolicy_hash_cleartext'],
      ['PASSWORD_FORM', 'error', 'user admin', '--reset-passwords'],
    ],
  },
  {
    name: 'a server that hashes clear text',
    tuning: HASH_CLEARTEXT,
    expected: ['joeuser', 'joeadmin', 'admin', 'serviceadmin', 'disabled'].map((user): Expected => [
      'PASSWORD_FORM',
      'error',
      `user ${user}`,
      'ppolicy_hash_cleartext',
    ]),
  },
  {
    name: 'more users than the server gives to the account',
    tuning: PASSWORDS_FOR_THE_SERVICE,
    asService: true,
    breakIt: async (session) => {
      const names = Array.from({ length: 501 }, (_, at) => `user${at}`);
      await Promise.all(
        names.map((name) =>
          session.add({
            dn: `uid=${name},${USERS}`,
            attributes: {
              objectClass: ['keystoneUidObject', 'keystoneUser'],
              uid: [name],
              keystoneEnabled: ['TRUE'],
            },
          }),
        ),
      );
    },
    expected: [['LIST_CUT', 'error', `users below ${USERS}`, 'olcLimits']],
  },
  {
    name: 'the default domain gone, and a user and a group in no domain or another',
    release: '2013.1',
    identities: MODERN,
    before: 'init',
    breakIt: async (session) => {
      await session.delete('cn=default,ou=Domains,dc=example,dc=com');
      await edit(`cn=bob,${USERS}`, 'delete', 'businessCategory')(session);
      const group = 'cn=staff,ou=UserGroups,dc=example,dc=com';
      await edit(group, 'replace', 'businessCategory', 'c0ffee')(session);
    },
    expected: [
      ['DOMAIN_MISSING', 'error', 'domain Default', SEED],
      ['DOMAIN_DIFFERS', 'error', 'user bob', SEED],
      ['DOMAIN_DIFFERS', 'error', 'group staff', SEED],
    ],
  },
  {
    name: 'nobody whom Keystone lists',
    release: 'zed',
    before: 'init',
    sought: false,
    expected: [['TOO_FEW_USERS', 'error', `users below ${USERS}`, 'correct user_tree_dn']],
  },
  {
    name: 'groups whose members Keystone does not look at',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    sought: false,
    conf: (text) => text.replace(/^\[ldap\]$/m, '[ldap]\ngroup_member_attribute = seeAlso'),
    expected: [
      [
        'MEMBER_ATTRIBUTE',
        'error',
        'CONF:10: [ldap] group_member_attribute = seeAlso',
        'Set group_member_attribute = member.',
      ],
    ],
  },
  {
    name: 'nested groups on a server without the rule for them',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    sought: false,
    conf: (text) => text.replace(/^\[ldap\]$/m, '[ldap]\ngroup_ad_nesting = true'),
    expected: [
      [
        'GROUPS_EMPTY',
        'error',
        'groups below ou=UserGroups,dc=example,dc=com',
        'Set group_ad_nesting = false, unless the server is Active Directory',
      ],
    ],
  },
  {
    name: 'a server that sends fewer users at once than in pages',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    sought: false,
    tuning: { database: { olcLimits: ['* size=1 size.prtotal=unlimited'] } },
    conf: (text) =>
      text
        .replace(/^user = .*$/m, `user = ${SERVICE.dn}`)
        .replace(/^password = .*$/m, `password = ${SERVICE.password.reveal()}`),
    asService: true,
    expected: [['LIST_CUT', 'error', `users below ${USERS}`, 'olcLimits']],
  },
  {
    name: 'groups at a member of which Keystone fails',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    sought: false,
    breakIt: edit('cn=staff,ou=UserGroups,dc=example,dc=com', 'add', 'member', `uid=gone,${USERS}`),
    expected: [
      [
        'MEMBER_UNKNOWN',
        'error',
        'member of groups below ou=UserGroups,dc=example,dc=com',
        'If the entry is gone, remove the value',
      ],
    ],
  },
  {
    name: 'a user who keeps Keystone from listing any',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    sought: false,
    conf: (text) =>
      text
        .replace(/^user_enabled_emulation.*$/m, '')
        .replace(
          /^\[ldap\]$/m,
          '[ldap]\nuser_enabled_mask = 2\nuser_enabled_default = 512\nuser_enabled_attribute = sn',
        ),
    expected: [['LIST_FAILS', 'error', `users below ${USERS}`, 'Decide how to correct the option']],
  },
  {
    name: 'enabled emulated by a group that is not there',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    conf: (text) => text,
    breakIt: remove(`cn=enabled_users,${USERS}`),
    expected: [
      ['ENABLED_DIFFERS', 'error', 'user alice', SEED],
      ['ENABLED_DIFFERS', 'error', 'user bob', SEED],
      ['ENABLED_GROUP_MISSING', 'error', `cn=enabled_users,${USERS}`, 'add the group with these users'],
    ],
  },
  {
    name: 'a mask for enabled without a number for who lacks it',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    conf: swap('[ldap]\n', '[ldap]\nuser_enabled_mask = 2\n'),
    expected: [['ENABLED_DEFAULT', 'error', 'CONF: [ldap] user_enabled_default = True', '512']],
  },
  {
    name: 'a group that is gone',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    breakIt: remove('cn=staff,ou=UserGroups,dc=example,dc=com'),
    expected: [['GROUP_MISSING', 'error', 'group staff', SEED]],
  },
  {
    name: 'a user who is in a group no more, and a member who is no user',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    breakIt: async (session) => {
      const group = 'cn=staff,ou=UserGroups,dc=example,dc=com';
      await edit(group, 'add', 'member', `cn=gone,${USERS}`)(session);
      await edit(group, 'delete', 'member', `cn=bob,${USERS}`)(session);
    },
    expected: [
      ['MEMBERSHIP_MISSING', 'error', 'user bob in group staff', SEED],
      ['MEMBER_UNKNOWN', 'warning', 'group staff', 'Decide whether the entry is gone'],
    ],
  },
  {
    name: 'a user who is not in the group of the enabled',
    release: 'zed',
    identities: MODERN,
    before: 'init',
    breakIt: edit(`cn=enabled_users,${USERS}`, 'delete', 'member', `cn=bob,${USERS}`),
    expected: [['ENABLED_DIFFERS', 'error', 'user bob', SEED]],
  },
  {
    name: 'an option that the release does not know',
    release: 'zed',
    conf: (text) => text.replace('[ldap]\n', '[ldap]\nuse_dumb_member = True\n'),
    expected: [['CONF_OPTION', 'warning', 'CONF:10', 'correct the option or remove it']],
  },
  {
    name: 'a driver that is not LDAP',
    release: 'zed',
    conf: (text) => text.replace(/^driver = ldap/m, 'driver = sql'),
    expected: [['CONF_BACKENDS', 'error', 'CONF:7: [identity] driver = sql', 'Decide whether']],
  },
  {
    name: 'an id attribute in another spelling than that of the server',
    release: 'zed',
    argv: ['--map', 'user_id_attribute=CN'],
    expected: [['ATTRIBUTE_SPELLING', 'warning', 'user_id_attribute CN', 'Set user_id_attribute = cn.']],
  },
  {
    name: 'a value outside the choices of its option',
    release: 'zed',
    conf: (text) => text.replace('[ldap]\n', '[ldap]\nquery_scope = all\n'),
    expected: [['CONF_UNREADABLE_VALUE', 'error', 'CONF:10', 'Decide what the value']],
  },
  {
    name: 'a login with a wrong password',
    argv: ['--login', 'joeuser'],
    expected: [['LOGIN_FAILS', 'error', 'user joeuser (uid=joeuser)', 'Find out whether the password']],
  },
  {
    name: 'a login of a user who is not there',
    argv: ['--login', 'nobody'],
    expected: [['LOGIN_FAILS', 'error', 'user nobody', 'Find out by which name']],
  },
  {
    name: 'a login of a user who is disabled',
    release: 'zed',
    identities: 'users:\n  - { name: dora, password: secrete, enabled: false }\n',
    sought: false,
    argv: ['--login', 'dora', '--map', 'user_enabled_emulation=true'],
    expected: [
      ['EVERYBODY_DISABLED', 'error', `user tree ${USERS}`, 'Decide who is enabled'],
      ['LOGIN_FAILS', 'error', 'user dora (cn=dora)', 'Decide whether this user is to log in'],
    ],
  },
  {
    name: 'a keystone.conf that was never configured',
    conf: (text) => text.replace(/\n\[keystone\.backends\.ldap\][^]*/, ''),
    expected: [
      ['CONF_UNREADABLE_VALUE', 'error', 'CONF', CONFIGURE],
      ['CONF_UNREADABLE_VALUE', 'error', 'CONF', CONFIGURE],
      ['CONF_UNREADABLE_VALUE', 'error', 'CONF', CONFIGURE],
    ],
  },
  {
    name: 'a value that the parser replaces',
    conf: (text) => text.replace(/ldap_password = .*/, 'ldap_password = %(home)s'),
    expected: [['CONF_UNREADABLE_VALUE', 'error', 'CONF:82', 'Decide what that line is to say']],
  },
  {
    name: 'lines that the parser cannot read',
    conf: (text) => `stray\n${text}\nstray\n`,
    expected: [
      ['CONF_UNREADABLE_VALUE', 'error', 'CONF:1', 'Decide what that line is to say'],
      ['CONF_UNREADABLE_VALUE', 'error', 'CONF:85', 'Decide what that line is to say'],
    ],
  },
  {
    name: 'a password that is not that of the account',
    conf: (text) => text.replace(/ldap_password = .*/, 'ldap_password = wrong'),
    expected: [['BIND_FAILS', 'error', 'CONF: cn=admin,dc=example,dc=com', 'Decide which account']],
  },
  {
    name: 'backends without LDAP',
    conf: swap('sqlalchemy,keystone.backends.ldap', 'sqlalchemy'),
    expected: [['CONF_BACKENDS', 'error', 'CONF: [DEFAULT] backends', CONFIGURE]],
  },
  {
    name: 'backends with a blank',
    conf: swap('sqlalchemy,keystone.backends.ldap', 'sqlalchemy, keystone.backends.ldap'),
    expected: [['CONF_BACKENDS', 'error', 'CONF: [DEFAULT] backends', CONFIGURE]],
  },
  {
    name: 'backends with LDAP first',
    conf: swap(
      'keystone.backends.sqlalchemy,keystone.backends.ldap',
      'keystone.backends.ldap,keystone.backends.sqlalchemy',
    ),
    expected: [['CONF_BACKENDS', 'error', 'CONF: [DEFAULT] backends', CONFIGURE]],
  },
  {
    name: 'entities that SQL lists still, and tokens that nothing stores',
    conf: swap(
      "['Endpoints', 'Role',\n                    'Credentials', 'EndpointTemplates', 'Token',",
      "['User',",
    ),
    expected: [
      ['CONF_SQL_ENTITIES', 'warning', 'CONF: backend_entities', CONFIGURE],
      ['CONF_SQL_ENTITIES', 'warning', 'CONF: backend_entities', 'Decide what stores tokens'],
    ],
  },
  {
    name: 'trees that the release does not read',
    release: 'essex-3',
    conf: (text) =>
      `${text}user_tree_dn = ou=People,dc=example,dc=com\nrole_tree_dn = OU=groups, dc=example,dc=com\n`,
    expected: [['CONF_TREES', 'error', 'CONF: user_tree_dn', `it keeps users in ${USERS}`]],
  },
];

interface Provoked {
  readonly server: Sandbox;
  readonly session: Session;
  readonly conf: string;
  readonly verify: () => Promise<{ readonly exitCode: number; readonly findings: readonly Finding[] }>;
}

/** Two findings of one code about one subject differ by what is to be done. */
const keyOf = ({ code, subject, remedy }: Finding): string =>
  `${code} ${subject.replace(/:\d+$/, '')} ${remedy}`;

describeLive('each finding', (slapd) => {
  /** Brings a case about; `look` sees it. */
  async function provoke(its: Case, look: (provoked: Provoked) => Promise<void>): Promise<void> {
    const { release = '2011.3', before = its.identities === undefined ? 'seed' : 'init', tuning } = its;
    await using server =
      typeof before === 'object'
        ? await startSandbox({ slapd, tuning })
        : await seededSandbox(release, { slapd, tuning, seed: before === 'seed' });
    if (typeof before === 'object' && before.schema !== undefined)
      await loadLdif(server.ldapiUri, await readText(shippedSchemaFiles(before.schema).ldif));
    const folder = DisposableFolder.ofTest().path;
    const file = join(folder, 'identities.yaml');
    const own = its.identities === undefined ? [] : ['--file', file];
    const usual = its.identities === undefined ? ['--sample'] : own;
    const sought = its.sought === false ? [] : usual;
    if (its.identities !== undefined) {
      await writeFile(file, its.identities);
      expect(await runCliAsAdmin(server, ['seed', '--release', release, ...own])).toMatchObject({
        exitCode: 0,
      });
    }
    const conf = join(folder, 'keystone.conf');
    if (its.conf !== undefined) {
      const shipped = findRelease(release).conf.kind === 'legacy' ? release : 'modern';
      await copyFile(packageFile(`fixtures/keystone-conf/${shipped}.conf`), conf);
      const argv = ['configure', '--release', release, '--keystone-conf', conf];
      expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
      await writeFile(conf, its.conf(await readFile(conf, 'utf8')));
    }
    await using session = await asManager(server);
    if (its.asService === true) await addService(session);
    await its.breakIt?.(session, server);
    const argv = ['verify', '--json', '--release', release, ...sought, ...(its.argv ?? [])];
    const account = its.asService === true ? SERVICE : { dn: server.bindDn, password: server.password };
    const verify: Provoked['verify'] = async () => {
      const result = await runCli(its.conf === undefined ? argv : [...argv, '--keystone-conf', conf], {
        env: {
          KEYSTONE_LDAP_URI: server.uri,
          KEYSTONE_LDAP_BIND_DN: account.dn,
          KEYSTONE_LDAP_PASSWORD: account.password.reveal(),
          KEYSTONE_LDAP_SUFFIX: server.suffix,
          KEYSTONE_LDAP_LOGIN_PASSWORD: 'wrong-7301',
        },
      });
      expect(result.stdout + result.stderr).not.toContain(account.password.reveal());
      expect(result.stdout + result.stderr).not.toContain('$6$rounds');
      const { findings } = JSON.parse(result.stdout) as { findings: readonly Finding[] };
      return { exitCode: result.exitCode, findings };
    };
    await look({ server, session, conf, verify });
  }

  test.each(CASES)('$name', async (its) => {
    await provoke(its, async ({ server, session, conf, verify }) => {
      const { exitCode, findings } = await verify();
      const rows = findings.map(({ code, severity, subject, remedy }) => [code, severity, subject, remedy]);
      expect(rows).toEqual(
        its.expected.map(([code, severity, subject, remedy]) => [
          code,
          severity,
          subject.replace(/^CONF/, conf),
          expect.stringContaining(remedy) as string,
        ]),
      );
      for (const { message } of findings) expect(message).not.toBe('');
      expect(exitCode).toBe(its.expected.some(([, severity]) => severity === 'error') ? 1 : 0);
      const followed = findings.filter((one) => its.conf !== undefined || remedyKind(one) !== 'setting');
      await follow(followed, { server, session, conf, verify });
    });
  });

  /** Does what the remedies say: each finding is then gone, and no other is new. */
  async function follow(
    first: readonly Finding[],
    { server, session, conf, verify }: Provoked,
  ): Promise<void> {
    let findings = first;
    for (const finding of first) {
      const kind = remedyKind(finding);
      expect(kind, finding.remedy).not.toBe('unclear');
      if (kind === 'decision') expect(finding.remedy).not.toMatch(/"keystone-ldap |Run "/);
      if (kind === 'decision' || !findings.some((left) => keyOf(left) === keyOf(finding))) continue;
      const known = findings.map(keyOf);
      await carryOut(finding, { server, conf }, session);
      ({ findings } = await verify());
      const left = findings.map(keyOf);
      expect(left, finding.remedy).not.toContain(keyOf(finding));
      // Without trees no users could be looked for.
      const isNext = (key: string): boolean =>
        key.startsWith('TOO_FEW_USERS') && known.some((one) => one.startsWith('TREE_MISSING'));
      expect(left.filter((key) => !known.includes(key) && !isNext(key))).toEqual([]);
    }
  }

  test('a member at which Keystone fails, if entries are not checked', async () => {
    const its = CASES.find(({ name }) => name === 'groups at a member of which Keystone fails');
    if (its === undefined) throw new Error('no such case');
    await provoke(its, async ({ session }) => {
      const release = findRelease('zed');
      const trees = { user: USERS, group: 'ou=UserGroups,dc=example,dc=com' };
      const codes: string[] = [];
      for await (const { code } of verify(session, { release, trees, identities: NO_IDENTITIES }))
        codes.push(code);
      expect(codes).toEqual(['MEMBERS_FAIL']);
    });
  });

  test('is provoked above', () => {
    const provoked = new Set(CASES.flatMap(({ expected }) => expected.map(([code]) => code)));
    // test/live/doctor/legacy.test.ts provokes them in every release of 2011 that has them.
    const of2011: readonly string[] = [
      ...['HASH_PASSWORD_OFF', 'OTHER_REVISION', 'TREE_BREAKS_FILTERS', 'USER_BREAKS_LISTING'],
      ...['USER_LOSES_ACCESS', 'DN_NOT_OF_ID', 'NAME_NOT_ASCII', 'DEFAULT_TENANT_DISABLED'],
      // The command reports the entry that is the cause.
      'MEMBERS_FAIL',
    ];
    expect(VERIFY_CODES.filter((code) => !provoked.has(code) && !of2011.includes(code))).toEqual([]);
  });
});
