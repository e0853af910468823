const MOST_EXAMPLES = 5;

/** How many there are, and the first few of them. */
export class Tally {
  count = 0;
  readonly examples: string[] = [];

  add(example: string): void {
    this.count += 1;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push(example);
  }

  /** `3: cn=a; cn=b; cn=c`, and `…` where there are more. */
  get text(): string {
    const more = this.count > this.examples.length ? '; …' : '';
    return `${this.count}: ${this.examples.join('; ')}${more}`;
  }
}
