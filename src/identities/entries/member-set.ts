import { dnKey } from '../../directory/dn.ts';

/** The members of an entry, to be asked many times: DNs by their meaning, ids by their text. */
export class MemberSet {
  readonly #keys: ReadonlySet<string>;
  readonly #are: 'dns' | 'ids';

  constructor(members: readonly string[], are: 'dns' | 'ids') {
    this.#are = are;
    this.#keys = new Set(members.map((member) => this.#key(member)));
  }

  has(member: string): boolean {
    return this.#keys.has(this.#key(member));
  }

  /** A value that is no DN, as a broken directory may hold, equals nothing but itself. */
  #key(member: string): string {
    if (this.#are === 'ids') return member;
    try {
      return dnKey(member);
    } catch {
      return member;
    }
  }
}
