import { treeOf } from '../../releases/layout-of.ts';
import type { EntryKind, Trees } from '../../releases/release.ts';

/** The entry right below which an item is written: the tree of its kind, or units below that. */
export function homeOf(
  trees: Trees,
  kind: EntryKind,
  { below }: { readonly below?: string | undefined },
): string {
  const tree = treeOf(trees, kind);
  return below === undefined ? tree : `${below},${tree}`;
}
