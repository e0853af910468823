import { valuesOf } from '../directory/entry.ts';
import { present } from '../directory/filter.ts';
import { inWindow } from '../directory/in-window.ts';
import type { Session } from '../directory/session.ts';

/** An entry that cannot go, and the first of those that keep it. */
export interface KeptParent {
  readonly dn: string;
  readonly children: string;
}

/** Those of the entries that have children which do not go with them. */
export async function foreignChildren(
  session: Session,
  dns: readonly string[],
  goes: (dn: string) => boolean,
): Promise<readonly KeptParent[]> {
  const kept = await inWindow(dns, async (dn) => {
    // slapd looks at far more than the few entries that a search of one level finds.
    const parent = await session.read(dn, ['hasSubordinates']);
    if (parent !== undefined && valuesOf(parent, 'hasSubordinates')[0] === 'FALSE') return [];
    const children: string[] = [];
    let more = 0;
    for await (const child of session.search({
      base: dn,
      scope: 'one',
      filter: present('objectClass'),
      attributes: ['1.1'],
    })) {
      if (goes(child.dn)) continue;
      if (children.length < SHOWN) children.push(child.dn);
      else more += 1;
    }
    const rest = more === 0 ? '' : ` and ${more} more`;
    return children.length === 0 ? [] : [{ dn, children: `${children.join(' and ')}${rest}` }];
  });
  return kept.flat();
}

const SHOWN = 3;
