import { nearestWord } from '../did-you-mean.ts';
import { dnKey, equalDn, isWithin, parentDn, rdnOf } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import { equal, present, type Filter } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { treeOf, kindsIn } from '../releases/layout-of.ts';
import type { EntryKind, Layout, Trees } from '../releases/release.ts';

/** An entry that a tree that is not there may have been meant for. */
export interface LikelyTree {
  readonly dn: string;
  /** By its name, or by the entries of the class below it. */
  readonly by: 'name' | 'entries';
}

export interface MissedTree {
  readonly kind: EntryKind;
  readonly dn: string;
  readonly trees: Trees;
  readonly layout?: Layout | undefined;
}

/** Of an entry that has many below it, the first ones are enough. */
const MOST_ENTRIES = 1000;
/** A single entry of the class may be there for another purpose. */
const FEWEST_ENTRIES = 2;

/** What the entry above holds in place of the tree: one with nearly the same name, else one with entries of the class. */
export async function likelyTree(session: Session, missed: MissedTree): Promise<LikelyTree | undefined> {
  const { kind, dn, trees, layout } = missed;
  const above = parentDn(dn);
  const others = kindsIn(trees)
    .map((one) => treeOf(trees, one))
    .filter((tree) => !equalDn(tree, dn));
  const isFree = (one: string): boolean => others.every((tree) => !isWithin(one, tree));
  const siblings = (
    await dnsOf(session, { base: above, scope: 'one', filter: present('objectClass') })
  ).filter(isFree);
  const names = new Map(siblings.map((one) => [rdnOf(one).value, one]));
  const near = names.get(nearestWord(rdnOf(dn).value, names.keys()) ?? '');
  if (near !== undefined) return { dn: near, by: 'name' };
  const marker = layout?.[kind]?.marker;
  if (marker === undefined) return undefined;
  const held = await dnsOf(session, { base: above, scope: 'sub', filter: equal('objectClass', marker) });
  const parents = held.map(parentDn).filter((one) => isFree(one) && !equalDn(one, above));
  const most = mostFrequent(parents);
  return most === undefined ? undefined : { dn: most, by: 'entries' };
}

function mostFrequent(dns: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const dn of dns) counts.set(dnKey(dn), (counts.get(dnKey(dn)) ?? 0) + 1);
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
  return most !== undefined && most[1] >= FEWEST_ENTRIES
    ? dns.find((dn) => dnKey(dn) === most[0])
    : undefined;
}

interface Sought {
  readonly base: string;
  readonly scope: 'one' | 'sub';
  readonly filter: Filter;
}

/** The first ones that this identity sees. */
async function dnsOf(session: Session, sought: Sought): Promise<readonly string[]> {
  const found: Entry['dn'][] = [];
  try {
    for await (const { dn } of session.search({ ...sought, attributes: ['1.1'] }))
      if (found.push(dn) >= MOST_ENTRIES) break;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.resultCode === undefined) throw error;
  }
  return found.filter((dn) => dn !== '');
}
