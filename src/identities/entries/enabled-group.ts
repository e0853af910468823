import { rdnOf } from '../../directory/dn.ts';
import type { EnabledKind } from '../../releases/release.ts';
import { identityDn, type EntryContext, type Switched } from './identity-dn.ts';
import type { DesiredEntry } from './desired-entry.ts';
import { emulationGroupDn } from './emulation-group.ts';
import { fromFirst } from './with-placeholder.ts';

/** Where membership in a group is what enables: the group with all that are enabled, and without the others. */
export function enabledGroup(
  kind: EnabledKind,
  items: readonly Switched[],
  context: EntryContext,
): readonly DesiredEntry[] {
  const enabled = context.layout[kind]?.enabled;
  if (enabled?.kind !== 'group' || items.length === 0) return [];
  const { marker, members, membersAre } = enabled;
  const valueOf = membersAre === 'dns' ? identityDn : context.idOf;
  const those = (isEnabled: boolean): readonly string[] =>
    items.filter((item) => item.enabled === isEnabled).map(({ name }) => valueOf(kind, name, context));
  const dn = emulationGroupDn(kind, context);
  const all = membersAre === 'dns' ? fromFirst(those(true), context.layout) : those(true);
  return [
    {
      dn,
      label: `enabled ${kind}s`,
      marker,
      objectClasses: [marker],
      exact: {},
      readFirst: new Set(),
      among: { [rdnOf(dn).type]: [rdnOf(dn).value], [members]: all },
      absent: { [members]: those(false) },
    },
  ];
}
