import type { ListLimit } from './list-limit.ts';

/** Counts what comes of one list, until Keystone cuts it off. */
export class LimitedList {
  readonly limit: ListLimit;
  #received = 0;
  #kept = 0;
  #isTruncated = false;

  constructor(limit: ListLimit) {
    this.limit = limit;
  }

  /** Whether Keystone says that there are more (`"truncated": true`). */
  get isTruncated(): boolean {
    return this.#isTruncated;
  }

  /** Whether the server was asked for no more than has come, so that what follows is not seen at all. */
  get isAnswered(): boolean {
    return this.limit.cuts === 'answer' && this.#received > this.limit.entries;
  }

  /** Takes the next entry, which drops out of the list if it has no name; `true` where the list is full before it. */
  isOver(isShown: boolean): boolean {
    this.#received += 1;
    if (!isShown) return false;
    this.#kept += 1;
    this.#isTruncated = this.#kept > this.limit.entries;
    return this.#isTruncated;
  }
}
