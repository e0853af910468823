import { dnKey, isWithin } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import type { Change } from '../plan/change.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import type { Layout, Trees } from '../releases/release.ts';
import { doomedEntries } from './doomed-entries.ts';
import { namedBy, withoutGone } from './naming-entries.ts';
import { ownedEntries } from './owned-entries.ts';

export interface PruneTarget {
  /** See `registryDn`. */
  readonly registry: string;
  readonly trees: Trees;
  readonly layout: Layout;
  /** The DNs of the entries that are declared. */
  readonly declared: Iterable<string>;
  /** What the declaration changes anyway, before these changes. */
  readonly planned?: readonly Change[];
}

export interface PrunePlan {
  readonly changes: readonly Change[];
  /** What stays although it is not declared any more, in sentences. */
  readonly kept: readonly string[];
}

/**
 * Takes away what the tool owns below the trees and nobody declares any more, and what is owned or declared stops naming
 * it: a member that is no user ends every listing of users in old releases. All else is left alone.
 */
export async function planPrune(session: Session, target: PruneTarget): Promise<PrunePlan> {
  const { owned, others } = await ownedEntries(session, target.registry);
  const declared = new Set(Array.from(target.declared, (dn) => dnKey(dn)));
  const trees = kindsIn(target.trees).map((kind) => treeOf(target.trees, kind));
  const isCandidate = (dn: string): boolean =>
    !declared.has(dnKey(dn)) && trees.some((tree) => isWithin(dn, tree) && dnKey(dn) !== dnKey(tree));
  const { deletions, kept } = await doomedEntries(
    session,
    owned.filter(({ dn }) => isCandidate(dn)),
  );
  const gone = new Set(deletions.map(({ dn }) => dnKey(dn)));
  const ours = new Set([...declared, ...owned.map(({ dn }) => dnKey(dn))]);
  const named = await namedBy(session, target, deletions);
  const staying = named.filter(({ dn }) => !gone.has(dnKey(dn)));
  return {
    changes: [
      ...staying
        .filter(({ dn }) => ours.has(dnKey(dn)))
        .flatMap((entry) => withoutGone(entry, deletions, target)),
      ...deletions,
    ],
    kept: [
      ...others.filter(isCandidate).map((dn) => `${dn} stays: others have made it again, or moved it there.`),
      ...kept,
      ...staying
        .filter(({ dn }) => !ours.has(dnKey(dn)))
        .map(({ dn }) => `${dn} is not ours, and goes on naming entries that go.`),
    ],
  };
}
