import { dnKey, isWithin } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import type { Change } from '../plan/change.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import type { Layout, Trees } from '../releases/release.ts';
import { doomedEntries } from './doomed-entries.ts';
import { listings, withListing } from './listings.ts';
import { namedBy, withoutGone } from './naming-entries.ts';
import { oursAmong, ownedEntries } from './owned-entries.ts';
import { planStrikes, readRegistry } from './registry-content.ts';

export interface PruneTarget {
  /** See `registryDn`. */
  readonly registry: string;
  readonly trees: Trees;
  readonly layout: Layout;
  /** The DNs of the entries that are declared. */
  readonly declared: Iterable<string>;
  /** Says it of the entries of users who are too many to be listed. */
  readonly isDeclared?: (dn: string) => boolean;
  /** What the declaration changes anyway, before these changes. */
  readonly planned?: readonly Change[];
}

export interface PrunePlan {
  readonly changes: readonly Change[];
  /** What takes entries off the registry that go or are gone; see `RegistryClearing`. */
  readonly strikes: readonly Change[];
  /** What stays although it is not declared any more, in sentences. */
  readonly kept: readonly string[];
}

/**
 * Takes away what the tool owns below the trees and nobody declares any more, and what is owned or declared stops naming
 * it: a member that is no user ends every listing of users in old releases. All else is left alone.
 */
export async function planPrune(session: Session, target: PruneTarget): Promise<PrunePlan> {
  const listed = new Set(Array.from(target.declared, (dn) => dnKey(dn)));
  const isDeclared = (dn: string): boolean => listed.has(dnKey(dn)) || target.isDeclared?.(dn) === true;
  const trees = kindsIn(target.trees).map((kind) => treeOf(target.trees, kind));
  const { owned, others, missing } = await ownedEntries(
    session,
    target.registry,
    (dn) => !isDeclared(dn) && trees.some((tree) => isWithin(dn, tree) && dnKey(dn) !== dnKey(tree)),
  );
  const doomed = await doomedEntries(session, owned);
  const { kept } = doomed;
  const registry = await readRegistry(session, target.registry);
  const lists = listings(registry === undefined ? [] : [registry]);
  const deletions = doomed.deletions.map((change) => withListing(change, lists));
  const gone = new Set(deletions.map(({ dn }) => dnKey(dn)));
  const struck = new Set([...gone, ...missing.map((dn) => dnKey(dn))]);
  const named = await namedBy(session, target, deletions);
  const staying = named.filter(({ dn }) => !gone.has(dnKey(dn)));
  const isOurs = await oursAmong(session, target.registry, staying);
  return {
    changes: [
      ...staying
        .filter(({ dn }) => isDeclared(dn) || isOurs(dn))
        .flatMap((entry) => withoutGone(entry, deletions, target)),
      ...deletions,
    ],
    strikes: registry === undefined ? [] : planStrikes(registry, (dn) => struck.has(dnKey(dn))),
    kept: [
      ...others.map((dn) => `${dn} stays: others have made it again, or moved it there.`),
      ...kept,
      ...staying
        .filter(({ dn }) => !isDeclared(dn) && !isOurs(dn))
        .map(({ dn }) => `${dn} was not created by keystone-ldap and still refers to deleted entries.`),
    ],
  };
}
