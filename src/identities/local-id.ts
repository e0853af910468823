import { rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import type { EntryLayout, Lookup } from '../releases/release.ts';

/**
 * The id by which Keystone knows the entry. Of several values it takes that of the RDN, from Train on only where the RDN
 * is of that attribute, and else the first one.
 */
export function localId(entry: Entry, { rdn }: Pick<EntryLayout, 'rdn'>, lookup: Lookup): string {
  const [first, ...more] = valuesOf(entry, rdn);
  const { type, value } = rdnOf(entry.dn);
  if (first === undefined) return value;
  const isNamedByIt = type.toLowerCase() === rdn.toLowerCase();
  return more.length === 0 || (lookup === 'id' && !isNamedByIt) ? first : value;
}
