import type { Layout } from '../../releases/release.ts';
import type { DesiredEntry } from './desired-entry.ts';
import type { Identities, IdentityKind, MemberMode } from '../identities.ts';
import type { TenantGrant } from './memberships.ts';

/** What was said about the members of tenants, roles and groups, in one layout. */
export class MemberModes {
  readonly #identities: Identities;
  readonly #layout: Layout;
  readonly #modes: ReadonlyMap<string, MemberMode>;

  constructor(identities: Identities, layout: Layout) {
    const { tenants, roles, groups } = identities;
    const kinds = { tenant: tenants, role: roles, group: groups };
    const said = Object.entries(kinds).flatMap(([kind, items]) =>
      items.flatMap(({ name, memberMode }) =>
        memberMode === undefined ? [] : [[`${kind} ${name}`, memberMode] as const],
      ),
    );
    this.#modes = new Map(said);
    this.#identities = identities;
    this.#layout = layout;
  }

  of(kind: IdentityKind, name: string, attribute: string | undefined): Pick<DesiredEntry, 'members'> {
    return this.#members(attribute, this.#modes.get(`${kind} ${name}`));
  }

  ofGrant(role: string, tenant: string, attribute: string): Pick<DesiredEntry, 'members'> {
    return this.#members(attribute, this.#grantMode(role, tenant));
  }

  /** Roles in tenants that nobody is said to hold, where nobody else may. */
  heldByNobody(granted: readonly TenantGrant[]): readonly TenantGrant[] {
    if (this.#layout.grant === undefined || this.#modes.size === 0) return [];
    const known = new Set(granted.map(({ role, tenant }) => JSON.stringify([role, tenant])));
    const { roles, tenants } = this.#identities;
    return roles
      .flatMap(({ name: role }) => tenants.map(({ name: tenant }) => ({ role, tenant, holders: [] })))
      .filter(({ role, tenant }) => this.#grantMode(role, tenant) === 'exact')
      .filter(({ role, tenant }) => !known.has(JSON.stringify([role, tenant])));
  }

  /** Where belonging to a tenant is a role in it, the tenant says what becomes of who holds that one. */
  #grantMode(role: string, tenant: string): MemberMode | undefined {
    const { memberRole, tenantAccess } = this.#layout;
    const belongs = tenantAccess === 'role' && role === memberRole?.name;
    return this.#modes.get(belongs ? `tenant ${tenant}` : `role ${role}`);
  }

  #members(attribute: string | undefined, mode: MemberMode | undefined): Pick<DesiredEntry, 'members'> {
    if (attribute === undefined || mode === undefined) return {};
    const { placeholder } = this.#layout;
    return { members: { attribute, mode, spare: placeholder === undefined ? [] : [placeholder.dn] } };
  }
}
