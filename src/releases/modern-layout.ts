import { isSince, type ReleaseName } from './catalogue.ts';
import { defaultEmulationGroup } from './default-trees.ts';
import { findOptionHistory, optionNameIn } from './ldap-options.ts';
import { effectiveDefault, type OptionValue } from './option-history.ts';
import type { EnabledForm, EntryLayout, GrantLayout, Layout, Placeholder, UserLayout } from './release.ts';

/** Options of `[ldap]` by name in any release, as far as they are set. */
export type LdapSettings = Readonly<Record<string, OptionValue>>;

/** What the releases from Essex on store besides users. */
export type Holding = 'identity' | 'all';

/** The layout that a release reads with these options, the others being as it has them by default. */
export function modernLayout(release: ReleaseName, settings: LdapSettings, holding: Holding): Layout {
  const options = new Options(release, settings);
  const hasGroups = isSince(release, '2013.1');
  const roles = holding === 'all' ? options : undefined;
  return {
    user: userLayout(options),
    group: hasGroups ? groupLayout(options) : undefined,
    tenant: roles && tenantLayout(roles),
    role: roles && roleLayout(roles),
    grant: roles && grantLayout(roles),
    placeholder: placeholder(options),
    membershipIsDefault: false,
    lookup: isSince(release, 'train') ? 'id' : 'rdn',
    scope: options.text('query_scope') === 'sub' ? 'sub' : 'one',
    tenantAccess: hasGroups ? 'role' : 'member',
    memberRole: hasGroups && holding === 'all' ? MEMBER_ROLE : undefined,
  };
}

/** `[DEFAULT] member_role_id` and `member_role_name`, 2013.1 to 14. */
const MEMBER_ROLE = { id: '9fe2ff9ee4384b1894a90878d3e92bab', name: '_member_' };

class Options {
  readonly release: ReleaseName;
  readonly #settings: ReadonlyMap<string, OptionValue>;

  constructor(release: ReleaseName, settings: LdapSettings) {
    this.release = release;
    const named = Object.entries(settings).map(
      ([name, value]) => [optionNameIn(release, name), value] as const,
    );
    this.#settings = new Map(named);
  }

  value(anyName: string): OptionValue {
    const name = optionNameIn(this.release, anyName);
    if (this.#settings.has(name)) return this.#settings.get(name);
    const history = findOptionHistory('ldap', name);
    return history === undefined ? undefined : effectiveDefault(history, this.release);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** An option that has a default in every release, if not always a declared one. */
  named(name: string, otherwise: string): string {
    return this.text(name) ?? otherwise;
  }

  list(name: string): readonly string[] {
    const value = this.value(name);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  /** The attribute of a field, unless the release does not map the field, or under a name that no schema knows. */
  attribute(option: string, field: string, kind: 'user' | 'project' | 'group'): string | undefined {
    const ignored = this.list(`${kind}_attribute_ignore`);
    const name = this.text(option);
    return ignored.includes(field) || name === undefined || NOT_IN_ANY_SCHEMA.has(name) ? undefined : name;
  }
}

/** Essex's own names for fields, which no class of the standard schema allows. */
const NOT_IN_ANY_SCHEMA = new Set(['email', 'desc', 'enabled']);

function userLayout(options: Options): UserLayout {
  const marker = options.named('user_objectclass', 'inetOrgPerson');
  const rdn = options.named('user_id_attribute', 'cn');
  const name = options.named('user_name_attribute', 'sn');
  return {
    objectClasses: PERSON_CLASSES.has(marker) ? [...new Set(['person', marker])] : [marker],
    marker,
    ...naming(rdn, name),
    required: (PERSON_CLASSES.has(marker) ? ['cn', 'sn'] : []).filter((one) => one !== rdn && one !== name),
    description: options.attribute('user_description_attribute', 'description', 'user'),
    members: undefined,
    membersAre: 'dns',
    filter: options.text('user_filter'),
    enabled: userEnabled(options),
    password: 'ssha',
    passwordAttribute: options.named('user_pass_attribute', 'userPassword'),
    email: options.attribute('user_mail_attribute', 'email', 'user'),
  };
}

/** They demand cn and sn (RFC 4519 section 3.12, RFC 2798). */
const PERSON_CLASSES = new Set(['person', 'organizationalPerson', 'inetOrgPerson']);

function groupLayout(options: Options): EntryLayout {
  const marker = options.named('group_objectclass', 'groupOfNames');
  const rdn = options.named('group_id_attribute', 'cn');
  const name = options.named('group_name_attribute', 'ou');
  return {
    objectClasses: [marker],
    marker,
    ...naming(rdn, name),
    required: ['cn'].filter((one) => one !== rdn && one !== name),
    description: options.attribute('group_desc_attribute', 'description', 'group'),
    members: options.named('group_member_attribute', 'member'),
    membersAre: options.value('group_members_are_ids') === true ? 'ids' : 'dns',
    filter: options.text('group_filter'),
    enabled: { kind: 'always' },
  };
}

function tenantLayout(options: Options): EntryLayout {
  const marker = options.named('project_objectclass', 'groupOfNames');
  const rdn = options.named('project_id_attribute', 'cn');
  const name = options.named('project_name_attribute', 'ou');
  return {
    objectClasses: [marker],
    marker,
    ...naming(rdn, name),
    required: ['cn'].filter((one) => one !== rdn && one !== name),
    // Essex sends the description under a name that no schema has.
    description: isSince(options.release, '2012.2')
      ? options.attribute('project_desc_attribute', 'description', 'project')
      : undefined,
    members: options.named('project_member_attribute', 'member'),
    membersAre: 'dns',
    filter: options.text('project_filter'),
    enabled: projectEnabled(options),
  };
}

function roleLayout(options: Options): EntryLayout {
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

function grantLayout(options: Options): GrantLayout {
  const marker = options.named('role_objectclass', 'organizationalRole');
  return {
    objectClasses: [marker],
    marker,
    rdn: options.named('role_id_attribute', 'cn'),
    members: options.named('role_member_attribute', 'roleOccupant'),
    roleAttribute: undefined,
  };
}

/** Names are taken for ids, which Keystone does not mind and which makes them the same on every run. */
function naming(rdn: string, name: string): Pick<EntryLayout, 'rdn' | 'id' | 'nameAttribute'> {
  return { rdn, id: 'name', nameAttribute: name.toLowerCase() === rdn.toLowerCase() ? undefined : name };
}

function userEnabled(options: Options): EnabledForm {
  if (options.value('user_enabled_emulation') === true)
    return {
      ...emulation(options, options.value('user_enabled_emulation_use_group_config') === true),
      rdn: 'cn=enabled_users',
      dn: options.text('user_enabled_emulation_dn'),
    };
  const attribute = options.attribute('user_enabled_attribute', 'enabled', 'user');
  if (attribute === undefined || !isSince(options.release, '2013.1')) return { kind: 'always' };
  const absent = options.named('user_enabled_default', 'True');
  const mask = Number(options.value('user_enabled_mask') ?? 0);
  if (mask > 0) {
    const enabled = Number(absent) & ~mask;
    const isEnabled = (Number(absent) & mask) !== mask;
    return {
      kind: 'attribute',
      attribute,
      enabled: `${enabled}`,
      disabled: `${enabled | mask}`,
      absent: isEnabled,
      mask,
    };
  }
  const isLock = options.value('user_enabled_invert') === true;
  const [enabled, disabled] = isLock ? ['FALSE', 'TRUE'] : ['TRUE', 'FALSE'];
  return {
    kind: 'attribute',
    attribute,
    enabled,
    disabled,
    absent: (absent.toLowerCase() === 'true') !== isLock,
  };
}

function projectEnabled(options: Options): EnabledForm {
  if (options.value('project_enabled_emulation') !== true) return { kind: 'always' };
  const rdn = defaultEmulationGroup(options.release, 'project', '').replace(/,$/, '');
  const isLikeGroups = options.value('project_enabled_emulation_use_group_config') === true;
  return { ...emulation(options, isLikeGroups), rdn, dn: options.text('project_enabled_emulation_dn') };
}

/** The group of those who are enabled looks like any other only where that is asked for. */
function emulation(options: Options, isLikeGroups: boolean) {
  const { marker, members, membersAre } = groupLayout(options);
  const usual = { kind: 'group', marker: 'groupOfNames', members: 'member', membersAre: 'dns' } as const;
  return isLikeGroups && members !== undefined ? { ...usual, marker, members, membersAre } : usual;
}

/** Named by the id attribute of users: Keystone looks any other up in vain, or fails (seen with 22). */
function placeholder(options: Options): Placeholder {
  if (options.value('use_dumb_member') === true)
    return { dn: options.named('dumb_member', DUMB), use: 'always' };
  return { dn: `${options.named('user_id_attribute', 'cn')}=dumb,dc=nonexistent`, use: 'where empty' };
}

const DUMB = 'cn=dumb,dc=nonexistent';
