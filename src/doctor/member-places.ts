import { dnKey, isDn } from '../directory/dn.ts';
import { valuesOf } from '../directory/entry.ts';
import { present } from '../directory/filter.ts';
import { layoutOf } from '../releases/layout-of.ts';
import type { EntryContext } from './checks/check.ts';
import { textHash } from '../hash-of.ts';
import { isCut } from './verify-trees.ts';

/** Whether an entry that Keystone does not show as a user is there at all, and whether it has an id. */
export type Presence = 'absent' | 'with id' | 'without id';

/** Collects DNs that are not those of users, and asks for all of them in one search: some 20 bytes for each. */
export class MemberPlaces {
  readonly #wanted = new Set<number>();
  readonly #found = new Map<number, boolean>();

  add(dn: string): void {
    this.#wanted.add(keyOf(dn));
  }

  /** Passes over all entries below the tree of users, whatever they are. */
  async look({ backend, session }: EntryContext): Promise<void> {
    if (this.#wanted.size === 0) return;
    const { rdn } = layoutOf(backend.release.layout, 'user');
    const request = { base: backend.trees.user, scope: 'sub', filter: present('objectClass') } as const;
    try {
      for await (const entry of session.search({ ...request, attributes: [rdn], pageSize: 1000 })) {
        const key = keyOf(entry.dn);
        if (this.#wanted.has(key)) this.#found.set(key, valuesOf(entry, rdn).length > 0);
      }
    } catch (error) {
      if (!isCut(error)) throw error;
    }
  }

  presence(dn: string): Presence {
    const hasId = this.#found.get(keyOf(dn));
    return hasId === undefined ? 'absent' : hasId ? 'with id' : 'without id';
  }
}

function keyOf(dn: string): number {
  return textHash(isDn(dn) ? dnKey(dn) : dn);
}
