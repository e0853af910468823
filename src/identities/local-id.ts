import { rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import type { EntryLayout } from '../releases/release.ts';

/** The id by which Keystone knows the entry: of several values it takes that of the DN. */
export function localId(entry: Entry, { rdn }: Pick<EntryLayout, 'rdn'>): string {
  const [only, ...more] = valuesOf(entry, rdn);
  return only === undefined || more.length > 0 ? rdnOf(entry.dn).value : only;
}
