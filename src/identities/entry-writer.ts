import { childDn, rdnOf } from '../directory/dn.ts';
import type { NewAttributes } from '../directory/entry.ts';
import { grantLayoutOf, layoutOf } from '../releases/layout-of.ts';
import type { EntryKind, Layout } from '../releases/release.ts';
import { identityDn, type EntryContext } from './desired-entries.ts';
import type { DesiredEntry } from './desired-entry.ts';
import { emulationGroupDn } from './emulation-group.ts';
import type { Group, Identities, MemberMode, Role, Tenant, User } from './identities.ts';
import { memberModes } from './member-modes.ts';
import { storedHash } from './storable-hash.ts';
import { groupBy, grantsByEntry, membersByTenant, type TenantGrant } from './memberships.ts';

type Values = Readonly<Record<string, readonly string[]>>;

/** Makes the entries of one set of identities in one layout. */
export class EntryWriter {
  readonly #context: EntryContext;
  readonly #layout: Layout;
  readonly #membersOf: ReadonlyMap<string, readonly string[]>;
  readonly #holdersOf: ReadonlyMap<string, readonly string[]>;
  readonly #modes: ReadonlyMap<string, MemberMode>;

  constructor(identities: Identities, context: EntryContext) {
    this.#context = context;
    this.#layout = context.layout;
    this.#membersOf = membersByTenant(identities);
    this.#modes = memberModes(identities);
    this.#holdersOf = groupBy(
      identities.grants.filter(({ tenant }) => tenant === undefined),
      ({ role }) => role,
      ({ user = '' }) => user,
    );
  }

  tenant({ name, description, enabled }: Tenant): DesiredEntry {
    const members = this.#dns('user', this.#membersOf.get(name) ?? []);
    return {
      ...this.#frame('tenant', name),
      exact: {
        ...this.#name('tenant', name),
        ...this.#enabled('tenant', enabled),
        ...this.#description('tenant', description),
      },
      among: { ...this.#id('tenant', name), ...this.#members('tenant', members) },
    };
  }

  user({ name, email, enabled, password, passwordHash, resetPassword, description }: User): DesiredEntry {
    const { email: mail } = this.#layout.user;
    return {
      ...this.#frame('user', name, storedHash(passwordHash, this.#layout.user)),
      exact: {
        ...this.#name('user', name),
        ...this.#enabled('user', enabled),
        ...this.#description('user', description),
      },
      // The first value is the e-mail; a foreign entry may have more of them.
      among: {
        ...this.#id('user', name),
        ...(email === undefined || mail === undefined ? {} : { [mail]: [email] }),
      },
      password,
      resetPassword,
    };
  }

  role({ name, description, service }: Role): DesiredEntry {
    const holders = this.#dns('user', this.#holdersOf.get(name) ?? []);
    return {
      ...this.#frame('role', name),
      exact: {
        ...this.#name('role', name),
        ...this.#description('role', description),
        ...(service === undefined ? {} : { serviceId: service }),
      },
      among: { ...this.#id('role', name), ...this.#members('role', holders) },
    };
  }

  group({ name, description, members = [] }: Group): DesiredEntry {
    const { membersAre } = layoutOf(this.#layout, 'group');
    const ids = members.map((user) => this.#context.idOf('user', user));
    return {
      ...this.#frame('group', name),
      exact: { ...this.#name('group', name), ...this.#description('group', description) },
      among: {
        ...this.#id('group', name),
        ...this.#members('group', membersAre === 'ids' ? ids : this.#dns('user', members)),
      },
    };
  }

  /** Those that are granted; and, where nobody else may hold a role, those that nobody is said to hold. */
  tenantGrants({ grants, roles, tenants }: Identities): readonly DesiredEntry[] {
    const granted = grantsByEntry(grants);
    const isGranted = new Set(granted.map(({ role, tenant }) => JSON.stringify([role, tenant])));
    const empty =
      this.#layout.grant === undefined
        ? []
        : roles.flatMap(({ name: role }) =>
            tenants
              .filter(({ name: tenant }) => this.#grantMode(role, tenant) === 'exact')
              .filter(({ name: tenant }) => !isGranted.has(JSON.stringify([role, tenant])))
              .map(({ name: tenant }) => ({ role, tenant, holders: [] })),
          );
    return [
      ...granted.map((grant) => this.#tenantGrant(grant)),
      ...empty.map((grant): DesiredEntry => ({ ...this.#tenantGrant(grant), onlyIfPresent: true })),
    ];
  }

  /** Where membership in a group is what enables: the group with all that are enabled, and without the others. */
  enabledGroup(kind: 'user' | 'tenant', items: readonly (User | Tenant)[]): readonly DesiredEntry[] {
    const layout = this.#layout[kind];
    if (layout?.enabled.kind !== 'group' || items.length === 0) return [];
    const { marker, members, membersAre } = layout.enabled;
    const those = (enabled: boolean): readonly string[] => {
      const names = items.filter((item) => item.enabled === enabled).map(({ name }) => name);
      return membersAre === 'dns'
        ? this.#dns(kind, names)
        : names.map((name) => this.#context.idOf(kind, name));
    };
    const dn = emulationGroupDn(kind, this.#context);
    const all = membersAre === 'dns' ? this.#fromFirst(those(true)) : those(true);
    return [
      {
        dn,
        label: `enabled ${kind}s`,
        marker,
        objectClasses: [marker],
        exact: {},
        among: { [rdnOf(dn).type]: [rdnOf(dn).value], [members]: all },
        absent: { [members]: those(false) },
      },
    ];
  }

  #tenantGrant({ role, tenant, holders }: TenantGrant): DesiredEntry {
    const { marker, objectClasses, rdn, members, roleAttribute } = grantLayoutOf(this.#layout);
    const roleId = this.#context.idOf('role', role);
    return {
      dn: childDn(rdn, roleId, identityDn('tenant', tenant, this.#context)),
      label: `role ${role} in tenant ${tenant}`,
      marker,
      objectClasses,
      ...this.#memberMode(members, this.#grantMode(role, tenant)),
      exact: roleAttribute === undefined ? {} : { [roleAttribute]: identityDn('role', role, this.#context) },
      among: {
        [rdn]: [roleId],
        [members]: this.#fromFirst(holders.map(({ kind, name }) => identityDn(kind, name, this.#context))),
      },
    };
  }

  #frame(kind: EntryKind, name: string, more: NewAttributes = {}): Omit<DesiredEntry, 'exact' | 'among'> {
    const { marker, objectClasses, required } = layoutOf(this.#layout, kind);
    const initial = Object.fromEntries(required.map((attribute) => [attribute, [name]]));
    return {
      dn: identityDn(kind, name, this.#context),
      label: `${kind} ${name}`,
      ...this.#memberMode(layoutOf(this.#layout, kind).members, this.#modes.get(`${kind} ${name}`)),
      marker,
      objectClasses,
      initial: { ...initial, ...more },
    };
  }

  /** The RDN's attribute is written too: Keystone relied on the server adding it. */
  #id(kind: EntryKind, name: string): Values {
    return { [layoutOf(this.#layout, kind).rdn]: [this.#context.idOf(kind, name)] };
  }

  #name(kind: EntryKind, name: string): Record<string, string> {
    const { nameAttribute, rdn } = layoutOf(this.#layout, kind);
    return nameAttribute === undefined || nameAttribute === rdn ? {} : { [nameAttribute]: name };
  }

  #description(kind: EntryKind, text: string | undefined): Record<string, string> {
    const { description } = layoutOf(this.#layout, kind);
    return text === undefined || description === undefined ? {} : { [description]: text };
  }

  #enabled(kind: 'user' | 'tenant', isEnabled: boolean): Record<string, string> {
    const { enabled } = layoutOf(this.#layout, kind);
    return enabled.kind === 'attribute'
      ? { [enabled.attribute]: isEnabled ? enabled.enabled : enabled.disabled }
      : {};
  }

  #members(kind: EntryKind, values: readonly string[]): Values {
    const { members, membersAre } = layoutOf(this.#layout, kind);
    // No class demands a member that is an id.
    const all = membersAre === 'ids' ? values : this.#withPlaceholder(values);
    return members === undefined || all.length === 0 ? {} : { [members]: all };
  }

  /** Where belonging to a tenant is a role in it, the tenant says what becomes of who holds that one. */
  #grantMode(role: string, tenant: string): MemberMode | undefined {
    const { memberRole, tenantAccess } = this.#layout;
    const belongs = tenantAccess === 'role' && role === memberRole?.name;
    return this.#modes.get(belongs ? `tenant ${tenant}` : `role ${role}`);
  }

  #memberMode(attribute: string | undefined, mode: MemberMode | undefined): Pick<DesiredEntry, 'members'> {
    if (attribute === undefined || mode === undefined) return {};
    const { placeholder } = this.#layout;
    return { members: { attribute, mode, spare: placeholder === undefined ? [] : [placeholder.dn] } };
  }

  #dns(kind: EntryKind, names: readonly string[]): string[] {
    return names.map((name) => identityDn(kind, name, this.#context));
  }

  #withPlaceholder(members: readonly string[]): readonly string[] {
    const { placeholder } = this.#layout;
    const isWanted = placeholder !== undefined && (placeholder.use === 'always' || members.length === 0);
    return isWanted ? [placeholder.dn, ...members] : members;
  }

  /** Keystone makes some entries for their first member: that one, then the placeholder, then the later ones. */
  #fromFirst(members: readonly string[]): readonly string[] {
    const [first, ...later] = members;
    return first === undefined ? this.#withPlaceholder([]) : [first, ...this.#alwaysPlaceholder(), ...later];
  }

  #alwaysPlaceholder(): string[] {
    const { placeholder } = this.#layout;
    return placeholder?.use === 'always' ? [placeholder.dn] : [];
  }
}
