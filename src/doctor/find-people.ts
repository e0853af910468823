import { dnKey, equalDn, isWithin, parentDn, rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { anyOf, equal, type Filter } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { GROUP_CLASSES, isOfOthers, PERSON_CLASSES } from '../plan/directory-sign.ts';
import { isCut } from './verify-trees.ts';

/** What entries of one kind below a tree are like. */
export interface FoundTree {
  /** The suffix that it lies below. */
  readonly base: string;
  readonly dn: string;
  readonly count: number;
  /** Whether some are further down than right below it. */
  readonly isDeep: boolean;
  /** How many have such a class, attribute, or RDN, by its name in lower case. */
  readonly traits: Traits;
}

export interface Traits {
  readonly classes: ReadonlyMap<string, number>;
  readonly attributes: ReadonlyMap<string, number>;
  readonly rdns: ReadonlyMap<string, number>;
}

/** Where a directory has people and groups, most first. */
export interface FoundPeople {
  readonly people: readonly FoundTree[];
  readonly groups: readonly FoundTree[];
  /** Whether there are more than were counted. */
  readonly atLeast: boolean;
}

/** Counting ends there; what the most of these are like, all are. */
const MOST_ENTRIES = 100_000;
/** Parents that are told apart; those of further ones count for what is above them. */
const MOST_PARENTS = 2000;

/**
 * Reads the people and groups of whole databases page by page, and counts them by their parents. Those below one child
 * of the suffix are one tree, whose top is what is above all of them.
 */
export async function findPeople(session: Session, bases: readonly string[]): Promise<FoundPeople> {
  const people = new ParentTally();
  const groups = new ParentTally();
  let isWhole = true;
  for (const base of bases) {
    isWhole = (await tally(session, base, { tally: people, classes: PERSON_CLASSES })) && isWhole;
    isWhole = (await tally(session, base, { tally: groups, classes: GROUP_CLASSES })) && isWhole;
  }
  return { people: people.trees(), groups: groups.trees(), atLeast: !isWhole };
}

/** Whether all could be counted. */
async function tally(
  session: Session,
  base: string,
  { tally: all, classes }: { readonly tally: ParentTally; readonly classes: readonly string[] },
): Promise<boolean> {
  const filter: Filter = anyOf(...classes.map((name) => equal('objectClass', name)));
  const attributes = ['objectClass', ...NAMING];
  try {
    for await (const entry of session.search({ base, scope: 'sub', filter, attributes })) {
      if (isOfOthers(entry, base)) all.add(entry, base);
      if (all.count >= MOST_ENTRIES) return false;
    }
    return true;
  } catch (error) {
    if (!isCut(error)) throw error;
    return false;
  }
}

/** Attributes that tell how entries are to be read. */
const NAMING = ['uid', 'cn', 'ou', 'sAMAccountName'];

interface Tally {
  readonly base: string;
  count: number;
  readonly classes: Map<string, number>;
  readonly attributes: Map<string, number>;
  readonly rdns: Map<string, number>;
}

class ParentTally {
  readonly #parents = new Map<string, Tally>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(entry: Entry, base: string): void {
    const own = this.#of(entry.dn, base);
    this.#count += 1;
    own.count += 1;
    for (const name of valuesOf(entry, 'objectClass')) bump(own.classes, name);
    for (const name of NAMING) if (valuesOf(entry, name).length > 0) bump(own.attributes, name);
    bump(own.rdns, rdnOf(entry.dn).type);
  }

  #of(dn: string, base: string): Tally {
    let parent = isTop(dn, base) ? base : parentDn(dn);
    while (!this.#parents.has(parent) && this.#parents.size >= MOST_PARENTS && !isTop(parent, base))
      parent = parentDn(parent);
    const found = this.#parents.get(parent);
    if (found !== undefined) return found;
    const fresh = { base, count: 0, classes: new Map(), attributes: new Map(), rdns: new Map() };
    this.#parents.set(parent, fresh);
    return fresh;
  }

  trees(): readonly FoundTree[] {
    const byTop = new Map<string, (readonly [dn: string, Tally])[]>();
    for (const [dn, own] of this.#parents) {
      const top = `${own.base}\n${topOf(dn, own.base)}`;
      byTop.set(top, [...(byTop.get(top) ?? []), [dn, own]]);
    }
    return [...byTop.values()].map(treeOf).toSorted((a, b) => b.count - a.count);
  }
}

function treeOf(parents: readonly (readonly [dn: string, Tally])[]): FoundTree {
  const [[first, { base }] = ['', { base: '' }]] = parents;
  let dn = first;
  while (!parents.every(([parent]) => isWithin(parent, dn))) dn = parentDn(dn);
  const sum = (of: 'classes' | 'attributes' | 'rdns'): ReadonlyMap<string, number> => {
    const all = new Map<string, number>();
    for (const [, own] of parents) for (const [name, count] of own[of]) bump(all, name, count);
    return all;
  };
  return {
    base,
    dn,
    count: parents.reduce((total, [, { count }]) => total + count, 0),
    isDeep: parents.length > 1 || !equalDn(first, dn),
    traits: { classes: sum('classes'), attributes: sum('attributes'), rdns: sum('rdns') },
  };
}

/** The entry right below the suffix that this one is in; the suffix itself for itself. */
function topOf(dn: string, base: string): string {
  let at = dn;
  while (!isTop(at, base) && !isTop(parentDn(at), base)) at = parentDn(at);
  return dnKey(at);
}

function isTop(dn: string, base: string): boolean {
  return isWithin(base, dn);
}

function bump(counts: Map<string, number>, name: string, by = 1): void {
  const key = name.toLowerCase();
  counts.set(key, (counts.get(key) ?? 0) + by);
}
