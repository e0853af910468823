import type {
  EnabledAttribute,
  EnabledForm,
  EntryKind,
  EntryLayout,
  GrantLayout,
  Layout,
  Trees,
} from './release.ts';

/** The layout of a kind that LDAP holds; what it does not hold was sorted out before. */
export function layoutOf(layout: Layout, kind: EntryKind): EntryLayout {
  const found = layout[kind];
  if (found === undefined) throw new Error(`LDAP holds no ${kind}s in this release`);
  return found;
}

/** The attributes of a kind that say one thing, of which Keystone reads the first value. */
export function readFirst(layout: Layout, kind: EntryKind): ReadonlySet<string> {
  const { nameAttribute, description } = layoutOf(layout, kind);
  const more = {
    user: layout.user.email,
    role: 'serviceId',
    tenant: undefined,
    group: undefined,
    domain: undefined,
  };
  return new Set([nameAttribute, description, more[kind]].filter((name) => name !== undefined));
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

/** The attribute that may say of an entry whether it is enabled. */
export function enabledAttribute(enabled: EnabledForm): string | undefined {
  return enabledAttributeForm(enabled)?.attribute;
}

/** The same, and how its values are read. */
export function enabledAttributeForm(enabled: EnabledForm): EnabledAttribute | undefined {
  if (enabled.kind === 'always') return enabled.unlessRead;
  return enabled.kind === 'attribute' ? enabled : undefined;
}

/**
 * All attributes that Keystone makes use of, whatever kind of entry it is. Any of them may be operational, as nsAccountLock
 * and entryUUID are, and comes only where it is asked for by its name.
 */
export function mappedAttributes({ user, tenant, role, group, domain }: Layout): readonly string[] {
  const layouts = [user, tenant, role, group, domain].filter((layout) => layout !== undefined);
  const named = layouts.flatMap(({ rdn, nameAttribute, description, members, enabled, ...other }) => [
    ...[rdn, nameAttribute, description, members, other.domain],
    enabledAttribute(enabled),
  ]);
  const all = [
    'objectClass',
    ...named,
    user.email,
    user.passwordAttribute,
    user.masked?.attribute,
    'serviceId',
  ];
  return [...new Set(all.filter((name) => name !== undefined))];
}
