import { rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { layoutOf } from '../releases/layout-of.ts';
import type { EntryKind, Layout } from '../releases/release.ts';

/** The name by which Keystone finds the entry. Where no attribute has it, it is the first value of the RDN. */
export function nameOf(kind: EntryKind, entry: Entry, layout: Layout): string {
  const { nameAttribute } = layoutOf(layout, kind);
  const [name] = nameAttribute === undefined ? [] : valuesOf(entry, nameAttribute);
  return name ?? rdnOf(entry.dn).value;
}
