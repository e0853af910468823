import { equalDn } from '../../directory/dn.ts';
import { allOf, equal } from '../../directory/filter.ts';
import { inWindow } from '../../directory/in-window.ts';
import type { Session } from '../../directory/session.ts';
import type { Problem } from '../../errors.ts';
import { identityDn, type EntryContext } from '../../identities/entries/identity-dn.ts';
import type { Identities } from '../../identities/identities.ts';
import { layoutOf, treeOf } from '../../releases/layout-of.ts';
import type { Release, Trees } from '../../releases/release.ts';

export interface MembershipTarget {
  readonly release: Release;
  readonly trees: Trees;
  readonly identities: Identities;
}

/**
 * Who is to become a member of a tenant and is one of another in the directory already: the default tenant is the one
 * that the server happens to return first.
 */
export async function secondDefaultTenants(
  session: Session,
  { release, trees, identities }: MembershipTarget,
  context: EntryContext,
): Promise<readonly Problem[]> {
  if (!release.nameRules.oneDefaultTenant) return [];
  const { marker } = layoutOf(release.layout, 'tenant');
  // Who is not named there any more leaves in the same plan.
  const leaving = identities.tenants
    .filter(({ memberMode }) => memberMode === 'exact')
    .map(({ name }) => identityDn('tenant', name, context));
  const found = await inWindow([...tenantsByUser(identities)], async ([user, tenants]) => {
    const filter = allOf(equal('objectClass', marker), equal('member', identityDn('user', user, context)));
    const wanted = tenants.map((tenant) => identityDn('tenant', tenant, context));
    const others: Problem[] = [];
    for await (const { dn } of session.search({
      base: treeOf(trees, 'tenant'),
      scope: 'one',
      filter,
      attributes: ['1.1'],
    }))
      if (!wanted.some((one) => equalDn(one, dn)) && !leaving.some((one) => equalDn(one, dn)))
        others.push({
          message: `user ${user} is to be a member of ${tenants.join(', ')}, and is one of ${dn} already`,
        });
    return others;
  });
  return found.flat();
}

function tenantsByUser({ tenants, users }: Identities): ReadonlyMap<string, readonly string[]> {
  const byUser = new Map<string, string[]>();
  const add = (user: string, tenant: string): void =>
    void byUser.set(user, [...(byUser.get(user) ?? []), tenant]);
  for (const { name, tenant } of users) if (tenant !== undefined) add(name, tenant);
  for (const { name, members = [] } of tenants) for (const member of members) add(member, name);
  return byUser;
}
