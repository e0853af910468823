import { randomUUID } from 'node:crypto';

/** Random ids, each drawn once: the same key, such as `user alice`, has the same id in every plan of a run. */
export class DrawnIds {
  readonly #ids: Map<string, string>;

  constructor(pinned: Readonly<Record<string, string>> = {}) {
    this.#ids = new Map(Object.entries(pinned));
  }

  readonly draw = (key: string): string => {
    const id = this.#ids.get(key) ?? randomUUID();
    this.#ids.set(key, id);
    return id;
  };

  toJSON(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#ids);
  }
}
