import { childDn } from '../../directory/dn.ts';
import { layoutOf, treeOf } from '../../releases/layout-of.ts';
import type { EntryKind, Layout, Trees } from '../../releases/release.ts';
import type { User } from '../identities.ts';

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

/** The DN of a user, tenant, role, group or domain. */
export function identityDn(kind: EntryKind, name: string, context: EntryContext): string {
  const { layout, trees, idOf, placeOf } = context;
  const place = placeOf(kind, name);
  if (place !== undefined) return place;
  return childDn(layoutOf(layout, kind).rdn, idOf(kind, name), treeOf(trees, kind));
}
