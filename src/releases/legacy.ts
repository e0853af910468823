import type { ConfStyle, EntryLayout, Layout, Release, Trees } from './release.ts';

/** The four states of the Diablo-era backend (August 2011 to January 2012) that a release or milestone carried. */

const TREES: Trees = { user: 'ou=Users', tenant: 'ou=Groups', role: 'ou=Groups' };

const PERCENT_CONF: ConfStyle = {
  treeOptions: true,
  interpolation: 'percent',
  defaultTrees: {
    user: 'ou=Users,dc=example,dc=com',
    tenant: 'ou=Groups,dc=example,dc=com',
    role: 'ou=Groups,dc=example,dc=com',
  },
};

const named = (rdn: 'cn' | 'uid', marker: string, structural: readonly string[]): EntryLayout => ({
  objectClasses: [...structural, marker],
  marker,
  rdn,
  id: 'name',
  nameAttribute: undefined,
});

const BLOG_LAYOUT: Layout = {
  user: { ...named('cn', 'keystoneUser', []), password: 'clear' },
  tenant: named('cn', 'keystoneTenant', []),
  role: named('cn', 'keystoneRole', []),
  grant: { objectClasses: ['keystoneTenantRole'], marker: 'keystoneTenantRole' },
  dumbMember: undefined,
  tenantAccess: 'member',
};

const DIABLO_LAYOUT: Layout = {
  user: { ...named('uid', 'keystoneUser', ['keystoneUidObject']), password: 'sha512-crypt' },
  tenant: named('cn', 'keystoneTenant', ['groupOfNames']),
  role: named('cn', 'keystoneRole', ['groupOfNames']),
  grant: { objectClasses: ['keystoneTenantRole', 'groupOfNames'], marker: 'keystoneTenantRole' },
  dumbMember: 'cn=dumb,dc=nonexistent',
  tenantAccess: 'member-or-role',
};

const MILESTONE_LAYOUT: Layout = {
  ...DIABLO_LAYOUT,
  user: { ...DIABLO_LAYOUT.user, id: 'uuid', nameAttribute: 'keystoneName' },
  tenant: { ...DIABLO_LAYOUT.tenant, id: 'uuid', nameAttribute: 'keystoneName' },
};

const NAME_IN_DN = { userDnInFilter: true, asciiOnly: true, integerColumns: true, oneDefaultTenant: true };
const NAME_IN_ATTRIBUTE = { ...NAME_IN_DN, userDnInFilter: false, integerColumns: false };

export const LEGACY_RELEASES: readonly Release[] = [
  {
    name: 'blog',
    aliases: ['2011-08'],
    title: 'Keystone of 12 August 2011, the first with this backend',
    date: '2011-08-12',
    schemaRevision: 'blog',
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
    schemaRevision: '2011.3',
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
    schemaRevision: 'essex-1',
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
    schemaRevision: 'essex-3',
    trees: TREES,
    layout: MILESTONE_LAYOUT,
    conf: { ...PERCENT_CONF, treeOptions: false, interpolation: 'dollar' },
    nameRules: NAME_IN_ATTRIBUTE,
  },
];
