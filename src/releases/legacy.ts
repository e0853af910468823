import type { EnabledForm, EntryLayout, Layout, LegacyConfStyle, Release, Trees } from './release.ts';

/** The four states of the Diablo-era backend (August 2011 to January 2012) that a release or milestone carried. */

const TREES: Trees = { user: 'ou=Users', tenant: 'ou=Groups', role: 'ou=Groups' };

const PERCENT_CONF: LegacyConfStyle = {
  kind: 'legacy',
  treeOptions: true,
  interpolation: 'percent',
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
  scope: 'one',
  tenantAccess: 'member-or-role',
};

const MILESTONE_LAYOUT: Layout = {
  ...DIABLO_LAYOUT,
  user: { ...DIABLO_LAYOUT.user, id: 'uuid', nameAttribute: 'keystoneName' },
  tenant: { ...named('cn', 'keystoneTenant', ['groupOfNames']), id: 'uuid', nameAttribute: 'keystoneName' },
};

const NAME_IN_DN = {
  userDnInFilter: true,
  asciiOnly: true,
  integerColumns: true,
  oneDefaultTenant: true,
  convertsValues: true,
};
const NAME_IN_ATTRIBUTE = { ...NAME_IN_DN, userDnInFilter: false, integerColumns: false };

export const LEGACY_RELEASES: readonly Release[] = [
  {
    name: 'blog',
    aliases: ['2011-08'],
    title: 'Keystone of 12 August 2011, the first with this backend',
    date: '2011-08-12',
    schema: { kind: 'revision', revision: 'blog' },
    trees: TREES,
    layout: BLOG_LAYOUT,
    conf: PERCENT_CONF,
    nameRules: { ...NAME_IN_DN, integerColumns: false },
  },
  {
    name: '2011.3',
    aliases: ['diablo', '2011.3.1'],
    title: 'Keystone 2011.3 (Diablo)',
    date: '2011-09-22',
    schema: { kind: 'revision', revision: '2011.3' },
    trees: TREES,
    layout: DIABLO_LAYOUT,
    conf: PERCENT_CONF,
    nameRules: NAME_IN_DN,
  },
  {
    name: 'essex-1',
    aliases: ['essex-2'],
    title: 'Keystone essex-1 and essex-2 (milestones)',
    date: '2011-11-10',
    schema: { kind: 'revision', revision: 'essex-1' },
    trees: TREES,
    layout: MILESTONE_LAYOUT,
    conf: PERCENT_CONF,
    nameRules: NAME_IN_ATTRIBUTE,
  },
  {
    name: 'essex-3',
    aliases: [],
    title: 'Keystone essex-3 (milestone, last with this backend)',
    date: '2012-01-26',
    schema: { kind: 'revision', revision: 'essex-3' },
    trees: TREES,
    layout: MILESTONE_LAYOUT,
    conf: { ...PERCENT_CONF, treeOptions: false, interpolation: 'dollar' },
    nameRules: NAME_IN_ATTRIBUTE,
  },
];
