import { dnKey, equalDn, parentDn, rdnOf } from '../../directory/dn.ts';
import { treeOf } from '../../releases/layout-of.ts';
import { identityDn, type EntryContext } from './identity-dn.ts';
import type { DesiredEntry } from './desired-entry.ts';
import { homeOf } from './home-of.ts';
import type { Identities } from '../identities.ts';

/** The organizational units that users and groups are written below, parents first; who is elsewhere already stays there. */
export function unitEntries({ users, groups }: Identities, context: EntryContext): readonly DesiredEntry[] {
  const { trees } = context;
  const units = new Map<string, string>();
  for (const [kind, items] of Object.entries({ user: users, group: groups }) as [
    'user' | 'group',
    Identities['users'] | Identities['groups'],
  ][])
    for (const item of items) {
      if (item.below === undefined) continue;
      const home = homeOf(trees, kind, item);
      if (!equalDn(parentDn(identityDn(kind, item.name, context)), home)) continue;
      for (const unit of pathFrom(treeOf(trees, kind), home))
        if (!units.has(dnKey(unit))) units.set(dnKey(unit), unit);
    }
  return [...units.values()].map((dn) => ({
    dn,
    label: `unit ${rdnOf(dn).value}`,
    marker: 'organizationalUnit',
    objectClasses: ['organizationalUnit'],
    exact: {},
    readFirst: new Set(),
    among: { ou: [rdnOf(dn).value] },
  }));
}

/** Without the tree itself. */
function pathFrom(tree: string, home: string): readonly string[] {
  const path: string[] = [];
  for (let dn = home; !equalDn(dn, tree); dn = parentDn(dn)) path.unshift(dn);
  return path;
}
