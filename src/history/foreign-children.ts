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
  // slapd looks at far more than the few entries that a search of one level finds.
  const parents = await inWindow(dns, (dn) => session.read(dn, ['hasSubordinates']));
  const kept: KeptParent[] = [];
  for (const [index, dn] of dns.entries()) {
    const parent = parents[index];
    if (parent !== undefined && valuesOf(parent, 'hasSubordinates')[0] === 'FALSE') continue;
    // One after the other: a tree may have several pages of children.
    const children = await childrenThatStay(session, dn, goes);
    if (children !== undefined) kept.push({ dn, children });
  }
  return kept;
}

async function childrenThatStay(
  session: Session,
  base: string,
  goes: (dn: string) => boolean,
): Promise<string | undefined> {
  const children: string[] = [];
  let more = 0;
  const request = { base, scope: 'one', filter: present('objectClass'), attributes: ['1.1'] } as const;
  for await (const child of session.search(request)) {
    if (goes(child.dn)) continue;
    if (children.length < SHOWN) children.push(child.dn);
    else more += 1;
  }
  const rest = more === 0 ? '' : ` and ${more} more`;
  return children.length === 0 ? undefined : `${children.join(' and ')}${rest}`;
}

const SHOWN = 3;
