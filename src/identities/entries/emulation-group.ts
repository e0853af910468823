import { layoutOf, treeOf } from '../../releases/layout-of.ts';
import type { EnabledKind } from '../../releases/release.ts';
import type { EntryContext } from './identity-dn.ts';

/** The DN of the group whose members are enabled. */
export function emulationGroupDn(
  kind: EnabledKind,
  { layout, trees }: Pick<EntryContext, 'layout' | 'trees'>,
): string {
  const { enabled } = layoutOf(layout, kind);
  if (enabled.kind !== 'group') throw new Error(`enabled of ${kind}s is not kept in a group`);
  return enabled.dn ?? `${enabled.rdn},${treeOf(trees, kind)}`;
}
