import { dnKey } from '../directory/dn.ts';
import type { EntryKind } from '../releases/release.ts';

/** What an entry is called in identities. */
export interface KnownName {
  readonly kind: EntryKind;
  readonly name: string;
}

/** The names of entries, by the DN and by the id that others name them by. */
export class MemberNames {
  readonly #byDn = new Map<string, KnownName>();
  readonly #byId = new Map<string, string>();

  add(kind: EntryKind, name: string, { dn, id }: { readonly dn: string; readonly id: string }): void {
    this.#byDn.set(dnKey(dn), { kind, name });
    this.#byId.set(`${kind} ${id.toLowerCase()}`, name);
  }

  /** A value that is no DN names nothing. */
  ofDn(value: string): KnownName | undefined {
    try {
      return this.#byDn.get(dnKey(value));
    } catch {
      return undefined;
    }
  }

  ofId(kind: EntryKind, id: string): string | undefined {
    return this.#byId.get(`${kind} ${id.toLowerCase()}`);
  }
}
