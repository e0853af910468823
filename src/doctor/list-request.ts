import type { SearchRequest } from '../directory/session.ts';
import { allOf, equal, rawFilter } from '../directory/filter.ts';
import { layoutOf, treeOf } from '../releases/layout-of.ts';
import type { EntryKind, Layout, Trees } from '../releases/release.ts';

/** All entries that have the class and fit the filter, also those that Keystone then drops. */
export function listRequest(
  kind: EntryKind,
  { layout, trees }: { readonly layout: Layout; readonly trees: Trees },
  attributes: readonly string[],
): SearchRequest {
  const { marker, filter } = layoutOf(layout, kind);
  const conditions = [equal('objectClass', marker), ...(filter === undefined ? [] : [rawFilter(filter)])];
  return { base: treeOf(trees, kind), scope: layout.scope, filter: allOf(...conditions), attributes };
}
