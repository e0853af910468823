import type { Layout, Release } from './release.ts';

/** The release as it works where keystone.conf names other attributes for the RDNs of users, tenants and roles. */
export function withIdAttributes(
  release: Release,
  { user: ofUsers, tenant: ofTenants, role: ofRoles }: IdAttributes,
): Release {
  const { user, tenant, role } = release.layout;
  const layout: Layout = {
    ...release.layout,
    user: { ...user, rdn: ofUsers ?? user.rdn },
    tenant: tenant && { ...tenant, rdn: ofTenants ?? tenant.rdn },
    role: role && { ...role, rdn: ofRoles ?? role.rdn },
  };
  return { ...release, layout };
}

type IdAttributes = Readonly<Partial<Record<'user' | 'tenant' | 'role', string>>>;
