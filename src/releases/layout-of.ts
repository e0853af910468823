import type { EntryKind, EntryLayout, GrantLayout, Layout, Trees } from './release.ts';

/** The layout of a kind that LDAP holds; what it does not hold was sorted out before. */
export function layoutOf(layout: Layout, kind: EntryKind): EntryLayout {
  const found = layout[kind];
  if (found === undefined) throw new Error(`LDAP holds no ${kind}s in this release`);
  return found;
}

/** The layout of roles in tenants. */
export function grantLayoutOf({ grant }: Layout): GrantLayout {
  if (grant === undefined) throw new Error('LDAP holds no grants in this release');
  return grant;
}

/** The container of a kind that LDAP holds. */
export function treeOf(trees: Trees, kind: EntryKind): string {
  const dn = trees[kind];
  if (dn === undefined) throw new Error(`LDAP holds no ${kind}s in this release`);
  return dn;
}

/** The kinds of entries that have a container. */
export function kindsIn(trees: Trees): readonly EntryKind[] {
  return (['user', 'tenant', 'role', 'group', 'domain'] as const).filter((kind) => trees[kind] !== undefined);
}
