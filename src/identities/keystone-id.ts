import { rdnOf } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import type { EntryLayout, Lookup } from '../releases/release.ts';
import { localId } from './local-id.ts';

/** The id by which Keystone knows the entry. In 2011 that is the first value of the RDN, whatever its attribute. */
export function keystoneId(entry: Entry, layout: Pick<EntryLayout, 'rdn'>, lookup: Lookup): string {
  return lookup === 'dn' ? rdnOf(entry.dn).value : localId(entry, layout, lookup);
}
