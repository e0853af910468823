import type { DesiredEntry } from './desired-entry.ts';
import { enabledGroup } from './enabled-group.ts';
import { EntryWriter } from './entry-writer.ts';
import type { Identities } from '../identities.ts';
import type { EntryContext, Switched } from './identity-dn.ts';
import { unitEntries } from './unit-entries.ts';

/**
 * The entries that the release's own code would have written, parents before children, and users before what has them as
 * members: units, domains, users, tenants, roles, groups, then roles in tenants and the groups that say who is enabled. Members
 * are in the order of Keystone's own calls.
 */
export function desiredEntries(
  identities: Identities,
  context: EntryContext,
  enabledUsers: readonly Switched[] = identities.users,
): readonly DesiredEntry[] {
  const writer = new EntryWriter(identities, context);
  return [
    ...unitEntries(identities, context),
    ...identities.domains.map((domain) => writer.domain(domain)),
    ...identities.users.map((user) => writer.user(user)),
    ...identities.tenants.map((tenant) => writer.tenant(tenant)),
    ...identities.roles.map((role) => writer.role(role)),
    ...identities.groups.map((group) => writer.group(group)),
    ...writer.tenantGrants(identities.grants),
    ...enabledGroup('domain', identities.domains, context),
    ...enabledGroup('tenant', identities.tenants, context),
    ...enabledGroup('user', enabledUsers, context),
  ];
}
