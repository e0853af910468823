import { dnKey } from '../directory/dn.ts';
import { textHash } from '../hash-of.ts';

/** The users that Keystone sees, as hashes of their DNs and ids: some 200 bytes for each. */
export class UserIndex {
  readonly #dns = new Set<number>();
  readonly #spelledDns = new Set<number>();
  readonly #ids = new Set<number>();
  readonly #foldedIds = new Set<number>();

  /** Whether the server gave all of them; else a user who is not here may be there all the same. */
  isComplete = true;

  get size(): number {
    return this.#dns.size;
  }

  add(dn: string, id: string): void {
    this.#dns.add(hashOfDn(dn));
    this.#spelledDns.add(textHash(dn));
    this.#ids.add(textHash(id));
    this.#foldedIds.add(textHash(id.toLowerCase()));
  }

  hasDn(dn: string): boolean {
    return this.#dns.has(hashOfDn(dn));
  }

  /** Whether a user has just this text for a DN. */
  isSpelledDn(dn: string): boolean {
    return this.#spelledDns.has(textHash(dn));
  }

  hasId(id: string): boolean {
    return this.#ids.has(textHash(id));
  }

  /** Whether a user has this id, or one in another case. */
  hasIdInAnyCase(id: string): boolean {
    return this.#foldedIds.has(textHash(id.toLowerCase()));
  }
}

/** What is no DN is the same as nothing but itself. */
function hashOfDn(dn: string): number {
  try {
    return textHash(dnKey(dn));
  } catch {
    return textHash(dn);
  }
}
