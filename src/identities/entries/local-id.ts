import { rdnOf } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import type { EntryLayout, Lookup } from '../../releases/release.ts';

/**
 * The id by which Keystone knows the entry: until Icehouse (2014.1) the value of the RDN, whatever its type. Later it reads the
 * attribute of ids; of several values it takes that of the RDN, from Train on only if the RDN is of that attribute, and
 * otherwise the first one.
 */
export function localId(entry: Entry, { rdn }: Pick<EntryLayout, 'rdn'>, lookup: Lookup): string {
  const { type, value } = rdnOf(entry.dn);
  const [first, ...more] = valuesOf(entry, rdn);
  if (first === undefined || lookup === 'dn' || lookup === 'rdns') return value;
  const isNamedByIt = type.toLowerCase() === rdn.toLowerCase();
  return more.length === 0 || (lookup === 'id' && !isNamedByIt) ? first : value;
}
