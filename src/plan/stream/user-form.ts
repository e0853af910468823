import type { DesiredEntry } from '../../identities/entries/desired-entry.ts';
import { EntryWriter } from '../../identities/entries/entry-writer.ts';
import { NO_IDENTITIES, type User } from '../../identities/identities.ts';
import type { Layout, Trees } from '../../releases/release.ts';

/** The entry of one user after the other, in a layout whose ids are not drawn. */
export class UserForm {
  readonly #writer: EntryWriter;
  #id = '';

  constructor(layout: Layout, trees: Trees) {
    this.#writer = new EntryWriter(NO_IDENTITIES, {
      layout,
      trees,
      idOf: () => this.#id,
      placeOf: () => undefined,
    });
  }

  desired(user: User): DesiredEntry {
    this.#id = user.id ?? user.name;
    return this.#writer.user(user);
  }
}

/** A user with a value for everything that a user can have. */
export const WHOLE_USER: User = { name: 'x', email: 'x@example.com', enabled: true, description: 'x' };
