import type { Identities, MemberMode } from './identities.ts';

/** What was said about the members of each tenant, role and group; the keys read `tenant customer-x`. */
export function memberModes({ tenants, roles, groups }: Identities): ReadonlyMap<string, MemberMode> {
  const modes = new Map<string, MemberMode>();
  const kinds = { tenant: tenants, role: roles, group: groups };
  for (const [kind, items] of Object.entries(kinds))
    for (const { name, memberMode } of items)
      if (memberMode !== undefined) modes.set(`${kind} ${name}`, memberMode);
  return modes;
}
