import { valuesOf, type Entry } from '../directory/entry.ts';
import { layoutOf } from '../releases/layout-of.ts';
import type { EntryKind, Layout } from '../releases/release.ts';

/** Whether Keystone shows an entry of the class: from Juno on it must have an id and, from Pike on, a name. */
export function isListed(entry: Entry, kind: EntryKind, layout: Layout): boolean {
  const hasId = layout.entryWithoutId === 'listed' || valuesOf(entry, layoutOf(layout, kind).rdn).length > 0;
  return hasId && !isNameless(entry, kind, layout);
}

/** From Pike on, who has no name is nobody. */
export function isNameless(entry: Entry, kind: EntryKind, layout: Layout): boolean {
  const { nameAttribute, rdn } = layoutOf(layout, kind);
  return layout.dropsNameless === true && isBlank(valuesOf(entry, nameAttribute ?? rdn)[0] ?? '');
}

/** What Python's `str.strip` leaves nothing of. */
function isBlank(text: string): boolean {
  return text.replaceAll('\uFEFF', 'x').trim() === '';
}
