import type { Layout } from '../../releases/release.ts';
import { DEFAULT_DOMAIN, NO_IDENTITIES, type Grant, type Identities } from '../identities.ts';

/** Identities, divided by where a release keeps them. */
export interface DividedIdentities {
  /** What goes into LDAP. */
  readonly held: Identities;
  /** What the release keeps elsewhere, and what its entries have no place for; never dropped without a word. */
  readonly left: Identities;
  /** What no entry has a place for. */
  readonly remarks: readonly string[];
}

/** Sorts identities by what this layout has room for. */
export function divideIdentities(identities: Identities, layout: Layout): DividedIdentities {
  const { domains, tenants, users, roles, groups, grants, remarks } = identities;
  const inLdap = (grant: Grant): boolean =>
    grant.tenant === undefined
      ? layout.role?.members !== undefined && grant.group === undefined
      : layout.grant !== undefined && (grant.group === undefined || layout.group !== undefined);
  const held: Identities = {
    ...identities,
    domains: layout.domain === undefined ? [] : domains,
    tenants: layout.tenant === undefined ? [] : tenants,
    users,
    roles: layout.role === undefined ? [] : roles,
    groups: layout.group === undefined ? [] : groups,
    grants: grants.filter(inLdap),
    remarks,
  };
  const left: Identities = {
    ...NO_IDENTITIES,
    domains: layout.domain === undefined ? domains.filter(({ name }) => name !== DEFAULT_DOMAIN) : [],
    tenants: layout.tenant === undefined ? tenants : [],
    roles: layout.role === undefined ? roles : [],
    groups: layout.group === undefined ? groups : [],
    grants: grants.filter((grant) => !inLdap(grant)),
  };
  return {
    held: withDefaultDomain(withMemberRole(held, layout), layout),
    left,
    remarks: lost(identities, layout),
  };
}

/** Where only roles give access, belonging to a tenant is a role in it (Grizzly and later). */
function withMemberRole(identities: Identities, { memberRole, tenantAccess }: Layout): Identities {
  if (memberRole === undefined || tenantAccess !== 'role') return identities;
  const { tenants, users, roles, grants } = identities;
  const role = memberRole.name;
  const granted = new Set(
    grants.filter((grant) => grant.role === role).map(({ user, tenant }) => JSON.stringify([user, tenant])),
  );
  const memberships = [
    ...users.flatMap(({ name, tenant }) => (tenant === undefined ? [] : [{ role, user: name, tenant }])),
    ...tenants.flatMap(({ name, members = [] }) => members.map((user) => ({ role, user, tenant: name }))),
  ].filter(({ user, tenant }) => !granted.has(JSON.stringify([user, tenant])));
  return {
    ...identities,
    tenants: tenants.map((tenant) => ({ ...tenant, members: [] })),
    users: users.map((user) => ({ ...user, tenant: undefined })),
    roles: roles.some(({ name }) => name === role) ? roles : [{ name: role, id: memberRole.id }, ...roles],
    grants: [...memberships, ...grants],
  };
}

/** Where LDAP holds domains, what names none is in the default one, which Keystone looks for there too. */
function withDefaultDomain(identities: Identities, { defaultDomain }: Layout): Identities {
  if (defaultDomain === undefined) return identities;
  const { domains, tenants, users, groups } = identities;
  const { name } = defaultDomain;
  const placed = <T extends { readonly domain?: string }>(items: readonly T[]): readonly T[] =>
    items.map((item) => ({ ...item, domain: item.domain ?? name }));
  const own = domains.find((domain) => domain.name === name);
  return {
    ...identities,
    domains: [{ ...defaultDomain, enabled: true, ...own }, ...domains.filter((domain) => domain !== own)],
    tenants: placed(tenants),
    users: placed(users),
    groups: placed(groups),
  };
}

function lost({ tenants, users }: Identities, layout: Layout): readonly string[] {
  const noPlace = (
    attribute: string | undefined,
    values: readonly (string | undefined)[],
    what: string,
  ): string[] =>
    attribute === undefined && values.some((value) => value !== undefined)
      ? [`this release has no attribute for ${what}: they are left out`]
      : [];
  return [
    ...noPlace(
      layout.user.email,
      users.map(({ email }) => email),
      'the e-mail addresses of users',
    ),
    ...(layout.tenant === undefined
      ? []
      : noPlace(
          layout.tenant.description,
          tenants.map(({ description }) => description),
          'the descriptions of tenants',
        )),
  ];
}
