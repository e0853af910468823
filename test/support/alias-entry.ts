import type { NewEntry } from '../../src/directory/entry.ts';
import { rdnOf } from '../../src/directory/dn.ts';

/** An entry that stands for another one (RFC 4512 section 2.6). */
export function aliasEntry(dn: string, target: string): NewEntry {
  const { type, value } = rdnOf(dn);
  const objectClass = ['alias', 'extensibleObject'];
  return { dn, attributes: { objectClass, [type]: [value], aliasedObjectName: [target] } };
}
