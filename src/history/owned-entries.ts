import { dnKey, parentDn } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { equal } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { observeEntries } from './observe-entries.ts';

/** The entries that the tool owns, and those that are listed and are not owned any more. */
export interface Ownership {
  readonly owned: readonly Entry[];
  readonly others: readonly string[];
  /** Those that are listed and do not exist. */
  readonly missing: readonly string[];
}

/**
 * Of all entries that the registry lists, or of those that are meant: many are listed, and each is read.
 * An entry is owned when it is listed and was created between the run's entry and the record: one that was taken away and
 * made again is younger, and one that was renamed to a listed name is older or younger. Records are never added to, so
 * that their own age is that of what they list.
 */
export async function ownedEntries(
  session: Session,
  registry: string,
  isMeant: (dn: string) => boolean = () => true,
): Promise<Ownership> {
  const listed = await readRegistry(session, registry, isMeant);
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
    missing: listed.filter(({ dn }) => found.get(dnKey(dn)) === undefined).map(({ dn }) => dn),
  };
}

/** Says whether one of these entries is owned. */
export async function oursAmong(
  session: Session,
  registry: string,
  entries: readonly { readonly dn: string }[],
): Promise<(dn: string) => boolean> {
  const meant = new Set(entries.map(({ dn }) => dnKey(dn)));
  if (meant.size === 0) return () => false;
  const { owned } = await ownedEntries(session, registry, (dn) => meant.has(dnKey(dn)));
  const ours = new Set(owned.map(({ dn }) => dnKey(dn)));
  return (dn) => ours.has(dnKey(dn));
}

interface ListedDn {
  readonly dn: string;
  readonly since: string;
  readonly until: string;
}

async function readRegistry(
  session: Session,
  registry: string,
  isMeant: (dn: string) => boolean,
): Promise<readonly ListedDn[]> {
  const created = new Map<string, string>();
  const records = new Map<string, readonly string[]>();
  const attributes = ['seeAlso', 'createTimestamp'];
  for await (const entry of session.search({ base: registry, scope: 'sub', filter: DEVICE, attributes })) {
    created.set(dnKey(entry.dn), valuesOf(entry, 'createTimestamp')[0] ?? '');
    const meant = valuesOf(entry, 'seeAlso').filter(isMeant);
    if (meant.length > 0) records.set(entry.dn, meant);
  }
  return [...records].flatMap(([record, dns]) => {
    const [since, until] = [parentDn(record), record].map((dn) => created.get(dnKey(dn)) ?? '');
    return dns.map((dn) => ({ dn, since: since ?? '', until: until ?? '' }));
  });
}

const DEVICE = equal('objectClass', 'device');
