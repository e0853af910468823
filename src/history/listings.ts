import { dnKey } from '../directory/dn.ts';
import type { Change } from '../plan/change.ts';
import { listedIn, type RegistryContent } from './registry-content.ts';

/** The registry that lists an entry, by the key of its DN. */
export function listings(registries: readonly RegistryContent[]): ReadonlyMap<string, string> {
  return new Map(
    registries.flatMap((registry) => listedIn(registry).map((dn) => [dnKey(dn), registry.dn] as const)),
  );
}

/** A deletion remembers the list, so that its undo puts the entry there again. */
export function withListing<T extends Change>(change: T, lists: ReadonlyMap<string, string>): T {
  const listedIn = change.kind === 'delete-entry' ? lists.get(dnKey(change.dn)) : undefined;
  return listedIn === undefined ? change : { ...change, listedIn };
}
