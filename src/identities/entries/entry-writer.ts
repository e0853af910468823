import { childDn } from '../../directory/dn.ts';
import type { NewAttributes } from '../../directory/entry.ts';
import { grantLayoutOf, layoutOf, readFirst } from '../../releases/layout-of.ts';
import type { EnabledKind, EntryKind, Layout } from '../../releases/release.ts';
import { identityDn, type EntryContext } from './identity-dn.ts';
import type { DesiredEntry } from './desired-entry.ts';
import type { Domain, Grant, Group, Identities, Role, Tenant, User } from '../identities.ts';
import { fromFirst, withPlaceholder } from './with-placeholder.ts';
import { userEntry } from './user-entry.ts';
import { MemberModes } from './member-modes.ts';
import { groupBy, grantsByEntry, membersByTenant, type TenantGrant } from './memberships.ts';

type Values = Readonly<Record<string, readonly string[]>>;

/** Makes the entries of one set of identities in one layout. */
export class EntryWriter {
  readonly #context: EntryContext;
  readonly #layout: Layout;
  readonly #membersOf: ReadonlyMap<string, readonly string[]>;
  readonly #holdersOf: ReadonlyMap<string, readonly string[]>;
  readonly #modes: MemberModes;
  readonly #readFirsts = new Map<EntryKind, ReadonlySet<string>>();

  constructor(identities: Identities, context: EntryContext) {
    this.#context = context;
    this.#layout = context.layout;
    this.#membersOf = membersByTenant(identities);
    this.#modes = new MemberModes(identities, context.layout);
    this.#holdersOf = groupBy(
      identities.grants.filter(({ tenant }) => tenant === undefined),
      ({ role }) => role,
      ({ user = '' }) => user,
    );
  }

  domain({ name, description, enabled }: Domain): DesiredEntry {
    return {
      ...this.#frame('domain', name),
      exact: {
        ...this.#name('domain', name),
        ...this.#enabled('domain', enabled),
        ...this.#description('domain', description),
      },
      among: { ...this.#id('domain', name), ...this.#members('domain', []) },
    };
  }

  tenant({ name, description, enabled, domain }: Tenant): DesiredEntry {
    const members = this.#dns('user', this.#membersOf.get(name) ?? []);
    return {
      ...this.#frame('tenant', name),
      exact: {
        ...this.#name('tenant', name),
        ...this.#enabled('tenant', enabled),
        ...this.#description('tenant', description),
        ...this.#domain('tenant', domain),
      },
      among: { ...this.#id('tenant', name), ...this.#members('tenant', members) },
    };
  }

  user(user: User): DesiredEntry {
    const { name, enabled, description, domain } = user;
    const exact: Record<string, string> = this.#name('user', name);
    Object.assign(exact, this.#enabled('user', enabled));
    if (description !== undefined) Object.assign(exact, this.#description('user', description));
    if (domain !== undefined) Object.assign(exact, this.#domain('user', domain));
    const [id, dn] = [this.#context.idOf('user', name), identityDn('user', name, this.#context)];
    return userEntry(user, this.#layout.user, { id, dn, exact, readFirst: this.#readFirst('user') });
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

  group({ name, description, members = [], domain }: Group): DesiredEntry {
    const { membersAre } = layoutOf(this.#layout, 'group');
    const ids = members.map((user) => this.#context.idOf('user', user));
    return {
      ...this.#frame('group', name),
      exact: {
        ...this.#name('group', name),
        ...this.#description('group', description),
        ...this.#domain('group', domain),
      },
      among: {
        ...this.#id('group', name),
        ...this.#members('group', membersAre === 'ids' ? ids : this.#dns('user', members)),
      },
    };
  }

  /** Those that are granted; and, where nobody else may hold a role, those that nobody is said to hold. */
  tenantGrants(grants: readonly Grant[]): readonly DesiredEntry[] {
    const granted = grantsByEntry(grants);
    const none = this.#modes.heldByNobody(granted);
    return [
      ...granted.map((grant) => this.#tenantGrant(grant)),
      ...none.map((grant): DesiredEntry => ({ ...this.#tenantGrant(grant), onlyIfPresent: true })),
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
      ...this.#modes.ofGrant(role, tenant, members),
      readFirst: NONE,
      exact: roleAttribute === undefined ? {} : { [roleAttribute]: identityDn('role', role, this.#context) },
      among: {
        [rdn]: [roleId],
        [members]: fromFirst(
          holders.map(({ kind, name }) => identityDn(kind, name, this.#context)),
          this.#layout,
        ),
      },
    };
  }

  #frame(kind: EntryKind, name: string, more: NewAttributes = {}): Omit<DesiredEntry, 'exact' | 'among'> {
    const { marker, objectClasses, required } = layoutOf(this.#layout, kind);
    const initial = Object.fromEntries(required.map((attribute) => [attribute, [name]]));
    return {
      dn: identityDn(kind, name, this.#context),
      label: `${kind} ${name}`,
      ...this.#modes.of(kind, name, layoutOf(this.#layout, kind).members),
      marker,
      objectClasses,
      readFirst: this.#readFirst(kind),
      initial: { ...initial, ...more },
    };
  }

  /** One set for all entries of a kind. */
  #readFirst(kind: EntryKind): ReadonlySet<string> {
    const known = this.#readFirsts.get(kind) ?? readFirst(this.#layout, kind);
    this.#readFirsts.set(kind, known);
    return known;
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

  /** Of the domain the id, where the release keeps domains in LDAP. */
  #domain(kind: EntryKind, name: string | undefined): Record<string, string> {
    const { domain } = layoutOf(this.#layout, kind);
    return name === undefined || domain === undefined ? {} : { [domain]: this.#context.idOf('domain', name) };
  }

  #enabled(kind: EnabledKind, isEnabled: boolean): Record<string, string> {
    const { enabled } = layoutOf(this.#layout, kind);
    return enabled.kind === 'attribute'
      ? { [enabled.attribute]: isEnabled ? enabled.enabled : enabled.disabled }
      : {};
  }

  #members(kind: EntryKind, values: readonly string[]): Values {
    const { members, membersAre } = layoutOf(this.#layout, kind);
    // No class demands a member that is an id.
    const all = membersAre === 'ids' ? values : withPlaceholder(values, this.#layout);
    return members === undefined || all.length === 0 ? {} : { [members]: all };
  }

  #dns(kind: EntryKind, names: readonly string[]): string[] {
    return names.map((name) => identityDn(kind, name, this.#context));
  }
}

const NONE: ReadonlySet<string> = new Set();
