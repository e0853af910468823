import { childDn, dnKey, isDn, isWithin } from '../directory/dn.ts';
import { valuesOf } from '../directory/entry.ts';
import { allOf, anyOf, equal, present } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import { LEGACY_RELEASES } from '../releases/legacy.ts';
import { MODERN_RELEASES } from '../releases/modern.ts';
import type { Trees } from '../releases/release.ts';
import { GROUP_CLASSES, isOfOthers } from './directory-sign.ts';
import { namingContexts } from './plan-trees.ts';
import { untilLimit } from './until-limit.ts';

/**
 * The DNs by which a server tells that a later release than those of 2011 was set up on it, although nobody is in its
 * trees: a tree that only later releases have by default, one that this tool made and no release of 2011 is to use, and
 * groups that no release of 2011 made in the trees themselves.
 */
export async function signsOfLater(session: Session, trees: Trees): Promise<readonly string[]> {
  const own = kindsIn(trees).map((kind) => treeOf(trees, kind));
  const contexts = (await namingContexts(session)).filter((context) =>
    own.some((dn) => isWithin(dn, context)),
  );
  const isOwn = (dn: string): boolean => own.some((tree) => isWithin(tree, dn));
  const found = new Map<string, string>();
  for (const context of contexts)
    for (const dn of [...laterTrees(context), ...(await listedTrees(session, context))])
      if (!isOwn(dn) && !found.has(dnKey(dn)) && (await session.read(dn, ['1.1'])) !== undefined)
        found.set(dnKey(dn), dn);
  for (const base of own) for (const dn of await foreignGroups(session, base)) found.set(dnKey(dn), dn);
  return [...found.values()];
}

const rdnsOf = (releases: readonly { readonly trees: Trees }[]): readonly string[] =>
  releases.flatMap(({ trees }) => kindsIn(trees).map((kind) => treeOf(trees, kind)));

/** `ou=UserGroups` and the like. */
function laterTrees(context: string): readonly string[] {
  const of2011 = new Set(rdnsOf(LEGACY_RELEASES));
  const later = new Set(rdnsOf(MODERN_RELEASES).filter((rdn) => !of2011.has(rdn)));
  return [...later].map((rdn) => `${rdn},${context}`);
}

/** Containers in the registry of `apply` that hold nothing: that of an account of a program holds the account. */
async function listedTrees(session: Session, context: string): Promise<readonly string[]> {
  const base = childDn('cn', 'keystone-ldap', context);
  if ((await session.read(base, ['1.1'])) === undefined) return [];
  const filter = allOf(equal('objectClass', 'device'), present('seeAlso'));
  const listed: string[] = [];
  for await (const record of untilLimit(
    session.search({ base, scope: 'sub', filter, attributes: ['seeAlso'] }),
  ))
    listed.push(...valuesOf(record, 'seeAlso').filter((dn) => isDn(dn)));
  const empty: string[] = [];
  for (const dn of listed) {
    const entry = await session.read(dn, ['objectClass', 'hasSubordinates']);
    if (entry === undefined) continue;
    const isUnit = valuesOf(entry, 'objectClass').some((one) => one.toLowerCase() === 'organizationalunit');
    if (isUnit && valuesOf(entry, 'hasSubordinates')[0]?.toUpperCase() === 'FALSE') empty.push(dn);
  }
  return empty;
}

async function foreignGroups(session: Session, base: string): Promise<readonly string[]> {
  const filter = anyOf(...GROUP_CLASSES.map((name) => equal('objectClass', name)));
  const found: string[] = [];
  if ((await session.read(base, ['1.1'])) === undefined) return found;
  const request = { base, scope: 'sub', filter, attributes: ['objectClass'], pageSize: 10 } as const;
  for await (const entry of untilLimit(session.search(request))) {
    if (isOfOthers(entry, base)) found.push(entry.dn);
    if (found.length >= 3) break;
  }
  return found;
}
