import { isSince, type ReleaseName } from './catalogue.ts';
import { hasUpstream, ID_READ_BY_DN, UNKNOWN_MEMBERS_PASSED_OVER, type KeystoneCode } from './code-change.ts';
import type { TreeKind } from './default-trees.ts';
import { poolNumberFaults } from './pool-numbers.ts';
import { grantRdn } from './grant-rdn.ts';
import { LayoutOptions, type LdapSettings } from './layout-options.ts';
import { emulatedEnabled, userEnabled, userMask } from './modern-enabled.ts';
import type { EntryLayout, GrantLayout, Layout, Lookup, Placeholder, UserLayout } from './release.ts';

/** What the releases from Essex on store besides users. */
export type Holding = 'identity' | 'all';

/** The layout that a release reads with these options, the others being as it has them by default. */
export function modernLayout(code: KeystoneCode, settings: LdapSettings, holding: Holding): Layout {
  const { release } = code;
  const options = new LayoutOptions(code, settings);
  const hasGroups = isSince(release, '2013.1');
  return {
    user: { ...userLayout(options), refusesAll: poolNumberFaults(settings).everyLogin?.text },
    group: hasGroups ? groupLayout(options) : undefined,
    ...(holding === 'all' && projectLayouts(options)),
    placeholder: placeholder(options),
    membershipIsDefault: false,
    lookup: lookupOf(code),
    entryWithoutId: isSince(release, 'liberty')
      ? 'left out'
      : isSince(release, '2014.2')
        ? 'HTTP 404'
        : 'listed',
    dropsNameless: isSince(release, 'pike'),
    scope: options.text('query_scope') === 'sub' ? 'sub' : 'one',
    tenantAccess: hasGroups ? 'role' : 'member',
  };
}

/** What the drivers of projects and roles read. */
function projectLayouts(
  options: LayoutOptions,
): Pick<Layout, 'tenant' | 'role' | 'grant' | 'domain' | 'memberRole' | 'defaultDomain'> {
  const { release } = options;
  return {
    tenant: tenantLayout(options),
    role: roleLayout(options),
    grant: grantLayout(options),
    ...(isSince(release, '2013.1') && { memberRole: MEMBER_ROLE }),
    ...(holdsDomains(release) && { domain: domainLayout(options), defaultDomain: DEFAULT_DOMAIN }),
  };
}

/** Grizzly began with domains in LDAP, and gave them up with its second point release. */
function holdsDomains(release: ReleaseName): boolean {
  return isSince(release, '2013.1') && !isSince(release, '2013.1.2');
}

function lookupOf(code: KeystoneCode): Lookup {
  if (!isSince(code.release, '2014.2')) return 'rdns';
  return hasUpstream(ID_READ_BY_DN, code) ? 'id' : 'rdn';
}

/** `[DEFAULT] member_role_id` and `member_role_name`, 2013.1 to 14. */
const MEMBER_ROLE = { id: '9fe2ff9ee4384b1894a90878d3e92bab', name: '_member_' };

/** `[identity] default_domain_id`, in whose stead Grizzly takes this id always. */
const DEFAULT_DOMAIN = { id: 'default', name: 'Default' };

function userLayout(options: LayoutOptions): UserLayout {
  const marker = options.named('user_objectclass', 'inetOrgPerson');
  const rdn = options.named('user_id_attribute', 'cn');
  const name = options.named('user_name_attribute', 'sn');
  return {
    objectClasses: PERSON_CLASSES.has(marker) ? [...new Set(['person', marker])] : [marker],
    marker,
    ...naming(rdn, name),
    required: (PERSON_CLASSES.has(marker) ? ['cn', 'sn'] : []).filter((one) => one !== rdn && one !== name),
    description: options.attribute('user_description_attribute', 'description', 'user'),
    ...domainId(options, 'user'),
    members: undefined,
    membersAre: 'dns',
    filter: options.text('user_filter'),
    ...nameFacts(options, 'user'),
    masked: userMask(options),
    enabled: userEnabled(options, () => groupLayout(options)),
    password: 'ssha',
    passwordAttribute: options.named('user_pass_attribute', 'userPassword'),
    email: options.attribute('user_mail_attribute', 'email', 'user'),
  };
}

/** They demand cn and sn (RFC 4519 section 3.12, RFC 2798). */
const PERSON_CLASSES = new Set(['person', 'organizationalPerson', 'inetOrgPerson']);

function groupLayout(options: LayoutOptions): EntryLayout {
  const marker = options.named('group_objectclass', 'groupOfNames');
  const rdn = options.named('group_id_attribute', 'cn');
  const name = options.named('group_name_attribute', 'ou');
  return {
    objectClasses: [marker],
    marker,
    ...naming(rdn, name),
    required: ['cn'].filter((one) => one !== rdn && one !== name),
    description: options.attribute('group_desc_attribute', 'description', 'group'),
    ...domainId(options, 'group'),
    members: options.named('group_member_attribute', 'member'),
    membersAre: options.value('group_members_are_ids') === true ? 'ids' : 'dns',
    filter: options.text('group_filter'),
    ...nameFacts(options, 'group'),
    nesting: groupNesting(options),
    unknownMember: hasUpstream(UNKNOWN_MEMBERS_PASSED_OVER, options.code) ? undefined : 'HTTP 404',
    enabled: { kind: 'always' },
  };
}

function tenantLayout(options: LayoutOptions): EntryLayout {
  const marker = options.named('project_objectclass', 'groupOfNames');
  const rdn = options.named('project_id_attribute', 'cn');
  const name = options.named('project_name_attribute', 'ou');
  return {
    objectClasses: [marker],
    marker,
    ...naming(rdn, name),
    required: ['cn'].filter((one) => one !== rdn && one !== name),
    description: options.attribute('project_desc_attribute', 'description', 'project'),
    ...domainId(options, 'project'),
    members: options.named('project_member_attribute', 'member'),
    membersAre: 'dns',
    unknownMember: isSince(options.release, '2014.1') ? undefined : 'HTTP 404',
    filter: options.text('project_filter'),
    enabled: emulatedEnabled(options, 'project', () => groupLayout(options)),
  };
}

function roleLayout(options: LayoutOptions): EntryLayout {
  const marker = options.named('role_objectclass', 'organizationalRole');
  return {
    objectClasses: [marker],
    marker,
    ...naming(options.named('role_id_attribute', 'cn'), options.named('role_name_attribute', 'ou')),
    required: [],
    description: undefined,
    members: undefined,
    membersAre: 'dns',
    filter: options.text('role_filter'),
    enabled: { kind: 'always' },
  };
}

/** Its `enabled` would be read from the attribute of tenants, which no standard class allows: only emulation keeps it. */
function domainLayout(options: LayoutOptions): EntryLayout {
  const marker = options.named('domain_objectclass', 'groupOfNames');
  const rdn = options.named('domain_id_attribute', 'cn');
  const name = options.named('domain_name_attribute', 'ou');
  return {
    objectClasses: [marker],
    marker,
    ...naming(rdn, name),
    required: ['cn'].filter((one) => one !== rdn && one !== name),
    description: options.attribute('domain_desc_attribute', 'description', 'domain'),
    members: options.named('domain_member_attribute', 'member'),
    membersAre: 'dns',
    filter: options.text('domain_filter'),
    enabled: emulatedEnabled(options, 'domain', () => groupLayout(options)),
  };
}

function grantLayout(options: LayoutOptions): GrantLayout {
  const marker = options.named('role_objectclass', 'organizationalRole');
  return {
    objectClasses: [marker],
    marker,
    rdn: grantRdn(options.release, options.named('role_id_attribute', 'cn')),
    members: options.named('role_member_attribute', 'roleOccupant'),
    roleAttribute: undefined,
  };
}

/** The options stayed longer than the domains. */
function domainId(
  options: LayoutOptions,
  kind: Exclude<TreeKind, 'role' | 'domain'>,
): Pick<EntryLayout, 'domain'> {
  const isKept = holdsDomains(options.release);
  return isKept ? { domain: options.attribute(`${kind}_domain_id_attribute`, 'domain_id', kind) } : {};
}

/** The name may be left out of what Keystone shows; an attribute without a name makes it fail from Pike on (ValueError). */
function nameFacts(
  options: LayoutOptions,
  kind: 'user' | 'group',
): Pick<EntryLayout, 'ignoresName' | 'unusable'> {
  const isEmpty = options.value(`${kind}_name_attribute`) === '' && isSince(options.release, 'pike');
  return {
    ignoresName: options.list(`${kind}_attribute_ignore`).includes('name'),
    ...(isEmpty && { unusable: `[ldap] ${kind}_name_attribute is empty` }),
  };
}

/** The search for members was the wrong way round before 28.0.0 (f8338be43). */
function groupNesting(options: LayoutOptions): EntryLayout['nesting'] {
  if (options.value('group_ad_nesting') !== true) return undefined;
  return { members: isSince(options.release, '2025.2') ? 'of user' : 'of group' };
}

/** Names are taken for ids, which Keystone does not mind and which makes them the same on every run. */
function naming(rdn: string, name: string): Pick<EntryLayout, 'rdn' | 'id' | 'nameAttribute'> {
  return { rdn, id: 'name', nameAttribute: name.toLowerCase() === rdn.toLowerCase() ? undefined : name };
}

/** Named by the id attribute of users: Keystone looks any other up in vain, or fails (seen with 22). */
function placeholder(options: LayoutOptions): Placeholder {
  if (options.value('use_dumb_member') === true)
    return { dn: options.named('dumb_member', DUMB), use: 'always' };
  return { dn: `${options.named('user_id_attribute', 'cn')}=dumb,dc=nonexistent`, use: 'where empty' };
}

const DUMB = 'cn=dumb,dc=nonexistent';
