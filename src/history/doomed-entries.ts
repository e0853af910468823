import { dnKey, parseDn } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import type { DeleteEntry } from '../plan/change.ts';
import { foreignChildren } from './foreign-children.ts';
import { heldAttributes } from './held-attributes.ts';
import { csnOf } from './undone-directory.ts';

/** What is to go, and what has to stay for the sake of what is below it. */
export interface Doomed {
  readonly deletions: readonly DeleteEntry[];
  /** In sentences. */
  readonly kept: readonly string[];
}

/** Of these entries those that can go: the deepest first, since one that stays keeps all above it. */
export async function doomedEntries(
  session: Session,
  entries: readonly Entry[],
  goesAnyway: (dn: string) => boolean = () => false,
): Promise<Doomed> {
  const doomed = new Map(entries.map((entry) => [dnKey(entry.dn), entry]));
  const depths = new Map<number, string[]>();
  for (const { dn } of doomed.values()) {
    const depth = parseDn(dn).length;
    depths.set(depth, [...(depths.get(depth) ?? []), dn]);
  }
  const kept: string[] = [];
  for (const [, dns] of [...depths].toSorted(([a], [b]) => b - a))
    for (const { dn, children } of await foreignChildren(
      session,
      dns,
      (child) => doomed.has(dnKey(child)) || goesAnyway(child),
    )) {
      doomed.delete(dnKey(dn));
      kept.push(`${dn} stays: there are entries below it that are not to go: ${children}.`);
    }
  const deletions = [...doomed.values()].map((entry): DeleteEntry => {
    const { dn } = entry;
    return {
      kind: 'delete-entry',
      dn,
      label: 'made by keystone-ldap',
      attributes: heldAttributes(entry),
      ...csnOf(entry),
    };
  });
  return { deletions, kept };
}
