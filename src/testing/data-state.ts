import { dnKey, parentDn, parseDn } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { present } from '../directory/filter.ts';
import { inWindow } from '../directory/in-window.ts';
import type { Edit, Session } from '../directory/session.ts';

/** The entries below a suffix by the keys of their DNs, parents before children. */
export type DataState = ReadonlyMap<string, Entry>;

/** All that users of the directory can write; operational attributes are the server's. */
export async function readData(session: Session, suffix: string): Promise<DataState> {
  const entries: Entry[] = [];
  const request = {
    base: suffix,
    scope: 'sub',
    filter: present('objectClass'),
    attributes: ['*'],
  } as const;
  for await (const entry of session.search(request)) entries.push(entry);
  return new Map(byDepth(entries).map((entry) => [dnKey(entry.dn), entry]));
}

/** Takes away what is new, puts back what is gone, and mends what differs. */
export async function restoreData(session: Session, wanted: DataState, suffix: string): Promise<void> {
  const found = await readData(session, suffix);
  const doomed = doomedOf(found, wanted);
  for (const { dn } of [...doomed.values()].toReversed()) await session.delete(dn);
  for (const [key, { dn, attributes }] of wanted)
    if (!found.has(key) || doomed.has(key)) await session.add({ dn, attributes });
  const changed = [...wanted].flatMap(([key, entry]) => {
    const now = doomed.has(key) ? undefined : found.get(key);
    const edits = now === undefined ? [] : editsTo(entry, now);
    return edits.length === 0 ? [] : [{ dn: entry.dn, edits }];
  });
  await inWindow(changed, ({ dn, edits }) => session.modify(dn, edits));
}

/** What has to go, and with it all that is below. */
function doomedOf(found: DataState, wanted: DataState): DataState {
  const doomed = new Map<string, Entry>();
  for (const [key, entry] of found)
    if (!canStay(entry, wanted.get(key)) || doomed.has(dnKey(parentDn(entry.dn)))) doomed.set(key, entry);
  return doomed;
}

/** An entry keeps its structural class (RFC 4512 section 2.4.2) and, but for a rename, the spelling of its DN. */
function canStay(found: Entry, wanted: Entry | undefined): boolean {
  if (wanted?.dn !== found.dn) return false;
  return text(valuesOf(found, 'objectClass')) === text(valuesOf(wanted, 'objectClass'));
}

/** In any case and order of names; the order of values is kept, since old Keystones read the first one. */
function editsTo(wanted: Entry, found: Entry): Edit[] {
  const names = new Set([...Object.keys(wanted.attributes), ...Object.keys(found.attributes)]);
  return [...names].flatMap((attribute) => {
    const values = valuesOf(wanted, attribute);
    if (text(values) === text(valuesOf(found, attribute))) return [];
    return [{ operation: 'replace' as const, attribute, values }];
  });
}

function text(values: readonly string[]): string {
  return JSON.stringify(values);
}

function byDepth(entries: readonly Entry[]): readonly Entry[] {
  return entries
    .map((entry) => ({ entry, depth: parseDn(entry.dn).length }))
    .toSorted((a, b) => a.depth - b.depth)
    .map(({ entry }) => entry);
}
