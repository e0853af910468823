import { dnKey } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import type { Problem } from '../errors.ts';
import type { Change } from '../plan/change.ts';

/** The entries as they are while changes are taken back in thought, and what that comes to. */
export class UndoneDirectory {
  readonly #entries: Map<string, Entry | undefined>;
  readonly #changes = new Map<string, readonly Change[]>();
  readonly #problems: Problem[] = [];
  readonly #remains: string[] = [];
  readonly #missing = new Map<string, string>();

  constructor(entries: ReadonlyMap<string, Entry | undefined>) {
    this.#entries = new Map(entries);
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get remains(): readonly string[] {
    return this.#remains;
  }

  /** The entries of which there was something to take back, and which do not exist. */
  get missing(): readonly string[] {
    return [...this.#missing.values()];
  }

  entry(dn: string): Entry | undefined {
    return this.#entries.get(dnKey(dn));
  }

  /** Others have been here. */
  refuse(message: string): void {
    this.#problems.push({ message });
  }

  /** It stays, and nobody is to blame. */
  leave(sentence: string): void {
    this.#remains.push(sentence);
  }

  /** Others have deleted, renamed or moved it, or it was taken back before. */
  miss(dn: string): void {
    const key = dnKey(dn);
    if (!this.#changes.has(key)) this.#missing.set(key, dn);
  }

  /** An entry that goes makes what was planned for it before needless. */
  plan(change: Change, after: Entry | undefined): void {
    const key = dnKey(change.dn);
    const before = change.kind === 'delete-entry' ? [] : (this.#changes.get(key) ?? []);
    this.#changes.set(key, [...before, change]);
    this.#entries.set(key, after);
  }

  /** The first change of an entry carries the `entryCSN` that was seen; it alters the one that a later one could name. */
  changes(): readonly Change[] {
    return [...this.#changes.values()].flat();
  }
}

/** The `entryCSN` to go with a change of the entry, if it was read and not only thought. */
export function csnOf(entry: Entry): { readonly csn?: string } {
  const [csn] = valuesOf(entry, 'entryCSN');
  return csn === undefined ? {} : { csn };
}
