import { dnKey, parentDn } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { observeEntries } from './observe-entries.ts';
import { DEVICE } from './registry.ts';

/** The entries that the tool owns, and those that are listed and somebody else's by now. */
export interface Ownership {
  readonly owned: readonly Entry[];
  readonly others: readonly string[];
}

/**
 * An entry is owned when it is listed and was created between the run's entry and the record: one that was taken away and
 * made again is younger, and one that was renamed to a listed name is older or younger. Records are never added to, so
 * that their own age is that of what they list.
 */
export async function ownedEntries(session: Session, registry: string): Promise<Ownership> {
  const listed = await readRegistry(session, registry);
  const listings = new Map<string, ListedDn[]>();
  for (const one of listed) {
    const key = dnKey(one.dn);
    listings.set(key, [...(listings.get(key) ?? []), one]);
  }
  const found = await observeEntries(
    session,
    listed.map(({ dn }) => dn),
  );
  const present = [...found].flatMap(([key, entry]) => (entry === undefined ? [] : [{ key, entry }]));
  const isOwned = ({ key, entry }: (typeof present)[number]): boolean => {
    const [created = ''] = valuesOf(entry, 'createTimestamp');
    return (listings.get(key) ?? []).some(({ since, until }) => since <= created && created <= until);
  };
  return {
    owned: present.filter(isOwned).map(({ entry }) => entry),
    others: present.filter((one) => !isOwned(one)).map(({ entry }) => entry.dn),
  };
}

interface ListedDn {
  readonly dn: string;
  readonly since: string;
  readonly until: string;
}

async function readRegistry(session: Session, registry: string): Promise<readonly ListedDn[]> {
  const created = new Map<string, string>();
  const records: Entry[] = [];
  const attributes = ['seeAlso', 'createTimestamp'];
  for await (const entry of session.search({ base: registry, scope: 'sub', filter: DEVICE, attributes })) {
    created.set(dnKey(entry.dn), valuesOf(entry, 'createTimestamp')[0] ?? '');
    if (valuesOf(entry, 'seeAlso').length > 0) records.push(entry);
  }
  return records.flatMap((record) => {
    const [since, until] = [parentDn(record.dn), record.dn].map((dn) => created.get(dnKey(dn)) ?? '');
    return valuesOf(record, 'seeAlso').map((dn) => ({ dn, since: since ?? '', until: until ?? '' }));
  });
}
