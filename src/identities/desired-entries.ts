import { childDn } from '../directory/dn.ts';
import type { Layout, Trees } from '../releases/release.ts';
import type { DesiredEntry } from './desired-entry.ts';
import type { Grant, Identities, Role, Tenant, User } from './identities.ts';

export interface EntryContext {
  readonly layout: Layout;
  readonly trees: Trees;
  /** The id under which a user or tenant is or will be stored; the name itself where the release has no other. */
  readonly idOf: (kind: 'user' | 'tenant', name: string) => string;
}

/**
 * The entries that the release's own code would have written, parents before children: tenants, users, roles,
 * then roles in tenants. Members are DNs on the tenant or role, in the order of Keystone's own calls.
 */
export function desiredEntries(identities: Identities, context: EntryContext): readonly DesiredEntry[] {
  const writer = new EntryWriter(identities, context);
  return [
    ...identities.tenants.map((tenant) => writer.tenant(tenant)),
    ...identities.users.map((user) => writer.user(user)),
    ...identities.roles.map((role) => writer.role(role)),
    ...grantsByEntry(identities.grants).map((grants) => writer.tenantGrant(grants)),
  ];
}

/** The DN of a user, tenant or role. */
export function identityDn(kind: keyof Trees, name: string, { layout, trees, idOf }: EntryContext): string {
  const { rdn } = layout[kind];
  return childDn(rdn, kind === 'role' ? name : idOf(kind, name), trees[kind]);
}

class EntryWriter {
  readonly #context: EntryContext;
  readonly #layout: Layout;
  readonly #membersOf: ReadonlyMap<string, readonly string[]>;
  readonly #holdersOf: ReadonlyMap<string, readonly string[]>;

  constructor(identities: Identities, context: EntryContext) {
    this.#context = context;
    this.#layout = context.layout;
    this.#membersOf = membersByTenant(identities);
    this.#holdersOf = groupBy(
      identities.grants.filter(({ tenant }) => tenant === undefined),
      ({ role }) => role,
      ({ user }) => user,
    );
  }

  tenant({ name, description, enabled }: Tenant): DesiredEntry {
    const members = this.#userDns(this.#membersOf.get(name) ?? []);
    return {
      ...this.#frame('tenant', name),
      exact: {
        ...this.#name('tenant', name),
        keystoneEnabled: ldapBoolean(enabled),
        ...optional({ description }),
      },
      among: { ...this.#id('tenant', name), ...this.#members([...this.#placeholder(), ...members]) },
      password: undefined,
    };
  }

  user({ name, email, enabled, password }: User): DesiredEntry {
    return {
      ...this.#frame('user', name),
      exact: { ...this.#name('user', name), keystoneEnabled: ldapBoolean(enabled) },
      // The first value is the e-mail; a foreign entry may have more of them.
      among: { ...this.#id('user', name), ...(email === undefined ? {} : { mail: [email] }) },
      password,
    };
  }

  role({ name, description, service }: Role): DesiredEntry {
    const holders = this.#userDns(this.#holdersOf.get(name) ?? []);
    return {
      ...this.#frame('role', name),
      exact: optional({ description, serviceId: service }),
      among: { ...this.#id('role', name), ...this.#members([...this.#placeholder(), ...holders]) },
      password: undefined,
    };
  }

  /** Keystone makes this entry at the first grant: that user, then the placeholder, then the later users. */
  tenantGrant({ role, tenant, users }: TenantGrant): DesiredEntry {
    const [first, ...later] = this.#userDns(users);
    const { grant } = this.#layout;
    return {
      // The attribute is always cn here, whatever names the role entry.
      dn: childDn('cn', role, identityDn('tenant', tenant, this.#context)),
      label: `role ${role} in tenant ${tenant}`,
      marker: grant.marker,
      objectClasses: grant.objectClasses,
      exact: { keystoneRole: identityDn('role', role, this.#context) },
      among: {
        cn: [role],
        member: [...(first === undefined ? [] : [first]), ...this.#placeholder(), ...later],
      },
      password: undefined,
    };
  }

  #frame(kind: keyof Trees, name: string): Pick<DesiredEntry, 'dn' | 'label' | 'marker' | 'objectClasses'> {
    const { marker, objectClasses } = this.#layout[kind];
    return { dn: identityDn(kind, name, this.#context), label: `${kind} ${name}`, marker, objectClasses };
  }

  /** The RDN's attribute is written too: Keystone relied on the server adding it. */
  #id(kind: keyof Trees, name: string): Record<string, readonly string[]> {
    return { [this.#layout[kind].rdn]: [kind === 'role' ? name : this.#context.idOf(kind, name)] };
  }

  #name(kind: 'user' | 'tenant', name: string): Record<string, string> {
    const { nameAttribute } = this.#layout[kind];
    return nameAttribute === undefined ? {} : { [nameAttribute]: name };
  }

  #members(dns: readonly string[]): Record<string, readonly string[]> {
    return dns.length === 0 ? {} : { member: dns };
  }

  #userDns(names: readonly string[]): string[] {
    return names.map((name) => identityDn('user', name, this.#context));
  }

  #placeholder(): string[] {
    return this.#layout.dumbMember === undefined ? [] : [this.#layout.dumbMember];
  }
}

interface TenantGrant {
  readonly role: string;
  readonly tenant: string;
  readonly users: readonly string[];
}

function grantsByEntry(grants: readonly Grant[]): TenantGrant[] {
  const byEntry = new Map<string, { role: string; tenant: string; users: string[] }>();
  for (const { role, tenant, user } of grants) {
    if (tenant === undefined) continue;
    const key = JSON.stringify([tenant, role]);
    const entry = byEntry.get(key) ?? { role, tenant, users: [] };
    entry.users.push(user);
    byEntry.set(key, entry);
  }
  return [...byEntry.values()];
}

/** Default tenants in the order of the users, then the members that the tenant itself lists. */
function membersByTenant({ tenants, users }: Identities): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>(tenants.map(({ name }) => [name, []]));
  for (const { name, tenant } of users) if (tenant !== undefined) members.get(tenant)?.push(name);
  for (const tenant of tenants) {
    const known = members.get(tenant.name) ?? [];
    known.push(...(tenant.members ?? []).filter((name) => !known.includes(name)));
  }
  return members;
}

function groupBy<T>(
  items: readonly T[],
  key: (item: T) => string,
  value: (item: T) => string,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const group = groups.get(key(item)) ?? [];
    group.push(value(item));
    groups.set(key(item), group);
  }
  return groups;
}

/** slapd takes exactly these two words (RFC 4517 section 3.3.3). */
function ldapBoolean(value: boolean): string {
  return value ? 'TRUE' : 'FALSE';
}

function optional(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
