import type {
  EnabledForm,
  EntryLayout,
  KeystoneManageStyle,
  Layout,
  LegacyBehaviour,
  LegacyConfStyle,
  Release,
  Trees,
} from './release.ts';

/**
 * The states of the Diablo-era backend (August 2011 to January 2012): those that a release or milestone carried, and two
 * that people ran from the repository.
 */

const TREES: Trees = { user: 'ou=Users', tenant: 'ou=Groups', role: 'ou=Groups' };

const CONF: LegacyConfStyle = {
  kind: 'legacy',
  treeOptions: true,
  entryOptions: true,
  interpolation: 'ConfigParser',
  hashOption: 'hash-password',
  defaultTrees: {
    user: 'ou=Users,dc=example,dc=com',
    tenant: 'ou=Groups,dc=example,dc=com',
    role: 'ou=Groups,dc=example,dc=com',
  },
};

const ENABLED: EnabledForm = {
  kind: 'attribute',
  attribute: 'keystoneEnabled',
  // slapd takes exactly these two words (RFC 4517 section 3.3.3).
  enabled: 'TRUE',
  disabled: 'FALSE',
  absent: undefined,
};

const named = (rdn: 'cn' | 'uid', marker: string, structural: readonly string[]): EntryLayout => ({
  objectClasses: [...structural, marker],
  marker,
  rdn,
  id: 'name',
  nameAttribute: undefined,
  required: [],
  description: 'description',
  members: 'member',
  membersAre: 'dns',
  filter: undefined,
  enabled: ENABLED,
});

const userNamed = (rdn: 'cn' | 'uid', structural: readonly string[]) => ({
  ...named(rdn, 'keystoneUser', structural),
  description: undefined,
  members: undefined,
  email: 'mail',
  passwordAttribute: 'userPassword',
});

const GRANT = { marker: 'keystoneTenantRole', rdn: 'cn', members: 'member', roleAttribute: 'keystoneRole' };

const BLOG_LAYOUT: Layout = {
  user: { ...userNamed('cn', []), password: 'clear' },
  tenant: named('cn', 'keystoneTenant', []),
  role: { ...named('cn', 'keystoneRole', []), enabled: { kind: 'always' } },
  grant: { ...GRANT, objectClasses: ['keystoneTenantRole'] },
  placeholder: undefined,
  membershipIsDefault: true,
  lookup: 'dn',
  entryWithoutId: 'listed',
  scope: 'one',
  tenantAccess: 'member',
};

const DIABLO_LAYOUT: Layout = {
  user: { ...userNamed('uid', ['keystoneUidObject']), password: 'sha512-crypt' },
  tenant: named('cn', 'keystoneTenant', ['groupOfNames']),
  role: { ...named('cn', 'keystoneRole', ['groupOfNames']), enabled: { kind: 'always' } },
  grant: { ...GRANT, objectClasses: ['keystoneTenantRole', 'groupOfNames'] },
  placeholder: { dn: 'cn=dumb,dc=nonexistent', use: 'always' },
  membershipIsDefault: true,
  lookup: 'dn',
  entryWithoutId: 'listed',
  scope: 'one',
  tenantAccess: 'member-or-role',
};

const MILESTONE_LAYOUT: Layout = {
  ...DIABLO_LAYOUT,
  user: { ...DIABLO_LAYOUT.user, id: 'uuid', nameAttribute: 'keystoneName' },
  tenant: { ...named('cn', 'keystoneTenant', ['groupOfNames']), id: 'uuid', nameAttribute: 'keystoneName' },
};

/** Tag essex-3 reads the option when the module is imported, which is before the file: passwords stay as they are. */
const ESSEX_3_LAYOUT: Layout = {
  ...MILESTONE_LAYOUT,
  user: { ...MILESTONE_LAYOUT.user, password: 'compared' },
};

const NAME_IN_DN = {
  userDnInFilter: true,
  asciiOnly: true,
  integerColumns: true,
  oneDefaultTenant: true,
  convertsValues: true,
};
/** Names are looked up with escapes; the ids in the DNs of users are not. */
const NAME_IN_ATTRIBUTE = { ...NAME_IN_DN, integerColumns: false };

export const DIABLO_MANAGE: KeystoneManageStyle = {
  configFile: '-c before',
  typedServices: true,
  credentials: true,
  unscopedTokens: false,
};

const DIABLO: LegacyBehaviour = {
  namesTenantAndRoles: true,
  danglingInTenantRole: 'harmless',
  disabledDefaultTenant: 'let in',
  nonAsciiPassword: 'let in',
  manage: DIABLO_MANAGE,
};
const BLOG: LegacyBehaviour = {
  ...DIABLO,
  namesTenantAndRoles: false,
  nonAsciiPassword: 'HTTP 500',
  manage: { ...DIABLO_MANAGE, typedServices: false, credentials: false, unscopedTokens: true },
};
/** Who has a role in a tenant is listed as a user of it from here on. */
const ESSEX_1: LegacyBehaviour = { ...DIABLO, danglingInTenantRole: 'HTTP 500' };
/** A login looks at its own token, which checks the default tenant too. */
const ESSEX_2: LegacyBehaviour = { ...ESSEX_1, disabledDefaultTenant: 'HTTP 403' };
const JANUARY: LegacyBehaviour = { ...ESSEX_2, manage: { ...DIABLO_MANAGE, unscopedTokens: true } };
const ESSEX_3: LegacyBehaviour = {
  ...JANUARY,
  nonAsciiPassword: 'HTTP 401',
  manage: { ...JANUARY.manage, configFile: '--config-file after' },
};

export const LEGACY_RELEASES: readonly Release[] = [
  {
    name: 'blog',
    aliases: ['2011-08'],
    title: 'Keystone of 12 August 2011, the first with this backend',
    date: '2011-08-12',
    schema: { kind: 'revision', revision: 'blog' },
    trees: TREES,
    layout: BLOG_LAYOUT,
    conf: { ...CONF, entryOptions: false, hashOption: undefined },
    nameRules: { ...NAME_IN_DN, integerColumns: false },
    legacy: BLOG,
  },
  {
    name: '2011.3',
    aliases: ['diablo', '2011.3.1'],
    title: 'Keystone 2011.3 (Diablo)',
    date: '2011-09-22',
    schema: { kind: 'revision', revision: '2011.3' },
    trees: TREES,
    layout: DIABLO_LAYOUT,
    conf: CONF,
    nameRules: NAME_IN_DN,
    legacy: DIABLO,
  },
  {
    name: 'essex-1',
    aliases: [],
    title: 'Keystone essex-1 (milestone)',
    date: '2011-11-10',
    schema: { kind: 'revision', revision: 'essex-1' },
    trees: TREES,
    layout: MILESTONE_LAYOUT,
    conf: CONF,
    nameRules: NAME_IN_ATTRIBUTE,
    legacy: ESSEX_1,
  },
  {
    name: 'essex-2',
    aliases: [],
    title: 'Keystone essex-2 (milestone)',
    date: '2011-12-14',
    schema: { kind: 'revision', revision: 'essex-1' },
    trees: TREES,
    layout: MILESTONE_LAYOUT,
    conf: CONF,
    nameRules: NAME_IN_ATTRIBUTE,
    legacy: ESSEX_2,
  },
  {
    name: '2012-01-20',
    aliases: ['8b3df3229'],
    title: 'Keystone of 20 January 2012, between essex-2 and essex-3',
    date: '2012-01-20',
    schema: { kind: 'revision', revision: 'essex-3' },
    trees: TREES,
    layout: MILESTONE_LAYOUT,
    conf: CONF,
    nameRules: NAME_IN_ATTRIBUTE,
    legacy: JANUARY,
  },
  {
    name: 'essex-3',
    aliases: [],
    title: 'Keystone essex-3 (milestone, last with this backend)',
    date: '2012-01-26',
    schema: { kind: 'revision', revision: 'essex-3' },
    trees: TREES,
    layout: ESSEX_3_LAYOUT,
    conf: {
      ...CONF,
      treeOptions: false,
      entryOptions: false,
      interpolation: 'SafeConfigParser',
      hashOption: undefined,
    },
    nameRules: NAME_IN_ATTRIBUTE,
    legacy: ESSEX_3,
  },
];
