import { libldapFilter } from '../directory/libldap-filter.ts';
import type { Filter } from '../directory/filter.ts';
import type { SearchRequest } from '../directory/session.ts';
import { layoutOf, treeOf } from '../releases/layout-of.ts';
import type { EntryKind, EntryLayout, Layout, Trees } from '../releases/release.ts';

/** All entries that have the class and fit the filter, also those that Keystone then drops. */
export function listRequest(
  kind: EntryKind,
  { layout, trees }: { readonly layout: Layout; readonly trees: Trees },
  attributes: readonly string[],
): SearchRequest {
  const entries = layoutOf(layout, kind);
  const filter = keystoneFilter(entries, entries.filter ?? '');
  return { base: treeOf(trees, kind), scope: layout.scope, filter, attributes };
}

/**
 * The filter that Keystone makes of the options, which it puts together as text; the class stands between what it asks for.
 * @throws `INPUT_INVALID` where the result is no filter, with which Keystone fails
 */
export function keystoneFilter({ marker }: Pick<EntryLayout, 'marker'>, before: string, after = ''): Filter {
  return libldapFilter(`(&${before}(objectClass=${marker})${after})`);
}
