import type { Identities, User } from './identities.ts';
import type { DesiredEntry } from './desired-entry.ts';
import { enabledGroup } from './enabled-group.ts';
import { EntryWriter } from './entry-writer.ts';
import { unitEntries } from './unit-entries.ts';
import { childDn } from '../directory/dn.ts';
import { layoutOf, treeOf } from '../releases/layout-of.ts';
import type { EntryKind, Layout, Trees } from '../releases/release.ts';

export interface EntryContext {
  readonly layout: Layout;
  readonly trees: Trees;
  /** The id under which something is or will be stored; the name itself where the release has no other. */
  readonly idOf: (kind: EntryKind, name: string) => string;
  /** Where the entry is, or is to be, if its DN is not the one that its id tells. */
  readonly placeOf: (kind: EntryKind, name: string) => string | undefined;
}

/** Somebody or something that may be disabled. */
export type Switched = Pick<User, 'name' | 'enabled'>;

/**
 * The entries that the release's own code would have written, parents before children: units, domains, tenants, users, roles, groups,
 * then roles in tenants and the groups that say who is enabled. Members are in the order of Keystone's own calls.
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
    ...identities.tenants.map((tenant) => writer.tenant(tenant)),
    ...identities.users.map((user) => writer.user(user)),
    ...identities.roles.map((role) => writer.role(role)),
    ...identities.groups.map((group) => writer.group(group)),
    ...writer.tenantGrants(identities.grants),
    ...enabledGroup('domain', identities.domains, context),
    ...enabledGroup('tenant', identities.tenants, context),
    ...enabledGroup('user', enabledUsers, context),
  ];
}

/** The DN of a user, tenant, role, group or domain. */
export function identityDn(kind: EntryKind, name: string, context: EntryContext): string {
  const { layout, trees, idOf, placeOf } = context;
  const place = placeOf(kind, name);
  if (place !== undefined) return place;
  return childDn(layoutOf(layout, kind).rdn, idOf(kind, name), treeOf(trees, kind));
}
