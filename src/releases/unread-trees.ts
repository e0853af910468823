import { equalDn } from '../directory/dn.ts';
import type { ConfStyle, Trees } from './release.ts';

/** A tree that the release never looks at, and where it looks instead. */
export interface UnreadTree {
  readonly kind: 'user' | 'tenant' | 'role';
  readonly tree: string;
  readonly instead: string;
}

/** Those of a release that has no option for its trees (tag essex-3 registers none). */
export function unreadTrees(conf: ConfStyle | undefined, trees: Trees): readonly UnreadTree[] {
  if (conf?.kind !== 'legacy' || conf.treeOptions) return [];
  return (['user', 'tenant', 'role'] as const).flatMap((kind) => {
    const tree = trees[kind];
    const instead = conf.defaultTrees[kind];
    return tree === undefined || equalDn(tree, instead) ? [] : [{ kind, tree, instead }];
  });
}
