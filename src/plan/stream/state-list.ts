/** What is to be done about a user, in one byte each. */
export const UserState = { same: 0, absent: 1, different: 2 } as const;
export type UserState = (typeof UserState)[keyof typeof UserState];

/** The states of users in their order; it grows. */
export class StateList {
  #bytes = new Uint8Array(1024);
  #length = 0;
  readonly #counts: [same: number, absent: number, different: number] = [0, 0, 0];

  /** So many users of whom the directory has none. */
  static allAbsent(count: number): StateList {
    const list = new StateList();
    list.#bytes = new Uint8Array(count).fill(UserState.absent);
    list.#length = count;
    list.#counts[UserState.absent] = count;
    return list;
  }

  get length(): number {
    return this.#length;
  }

  push(state: UserState): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(Math.max(1024, this.#length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length] = state;
    this.#counts[state] += 1;
    this.#length += 1;
  }

  /** Says that there is nothing to do after all. */
  setSame(index: number): void {
    this.#counts[this.at(index)] -= 1;
    this.#counts[UserState.same] += 1;
    this.#bytes[index] = UserState.same;
  }

  /** The state of the user at this place; behind the last one there is nothing to do. */
  at(index: number): UserState {
    return (this.#bytes[index] ?? UserState.same) as UserState;
  }

  count(state: UserState): number {
    return this.#counts[state];
  }
}
