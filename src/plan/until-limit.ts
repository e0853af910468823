import type { Entry } from '../directory/entry.ts';
import { KeystoneLdapError } from '../errors.ts';

/** What the server gives before its size limit: enough entries to show what kind they are. */
export async function* untilLimit(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  try {
    yield* entries;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.code !== 'SIZE_LIMIT') throw error;
  }
}
