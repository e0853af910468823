/** What an export cannot carry: each thing once, with how often it is and where first. */
export class ExportReport {
  readonly #found = new Map<string, { count: number; first: string }>();

  add(what: string, dn: string): void {
    const known = this.#found.get(what);
    if (known === undefined) this.#found.set(what, { count: 1, first: dn });
    else known.count += 1;
  }

  /** In sentences, in the order in which they were found. */
  get lost(): readonly string[] {
    return [...this.#found].map(
      ([what, { count, first }]) => `${what}: ${count === 1 ? first : `${count} times, first at ${first}`}.`,
    );
  }
}
