import { randomUUID } from 'node:crypto';
import { childDn, equalDn } from '../../directory/dn.ts';
import type { Entry } from '../../directory/entry.ts';
import { equal } from '../../directory/filter.ts';
import { libldapFilter } from '../../directory/libldap-filter.ts';
import { inWindow } from '../../directory/in-window.ts';
import type { Session } from '../../directory/session.ts';
import type { EntryContext } from '../../identities/entries/identity-dn.ts';
import { homeOf } from '../../identities/entries/home-of.ts';
import type { Group, Identities } from '../../identities/identities.ts';
import { localId } from '../../identities/entries/local-id.ts';
import { kindsIn, layoutOf, treeOf } from '../../releases/layout-of.ts';
import type { EntryKind, Release, Trees } from '../../releases/release.ts';

type Item = Pick<Group, 'name' | 'id' | 'below'>;

/** What the names are to be found in. */
export interface EntryPlace {
  readonly release: Release;
  readonly trees: Trees;
}

/** Ids and DNs by kind and name (`user joe`), where they are not what the name tells. */
export interface KnownEntries {
  readonly ids: ReadonlyMap<string, string>;
  readonly dns: ReadonlyMap<string, string>;
}

const NOTHING_KNOWN: KnownEntries = { ids: new Map(), dns: new Map() };

/**
 * The context in which names have ids and DNs. What is there already is found by its name, as the release finds it:
 * with an id that Keystone drew at random, or that somebody else chose, and in a tree that names its entries otherwise.
 */
export async function entryContext(
  session: Session,
  {
    identities,
    drawId = () => randomUUID(),
    ...place
  }: EntryPlace & {
    readonly identities: Identities;
    readonly drawId?: (key: string) => string;
  },
  known: KnownEntries = NOTHING_KNOWN,
): Promise<EntryContext> {
  const { release, trees } = place;
  const ids = new Map(known.ids);
  const dns = new Map(known.dns);
  const byKind = {
    user: identities.users,
    tenant: identities.tenants,
    role: identities.roles,
    group: identities.groups,
    domain: identities.domains,
  };
  for (const kind of kindsIn(trees)) {
    const layout = layoutOf(release.layout, kind);
    const items: readonly Item[] = byKind[kind];
    const found = await inWindow(items, (item) => findByName(session, place, kind, item));
    for (const [index, item] of items.entries()) {
      const { name, id } = item;
      const entry = found[index];
      const itsId =
        entry === undefined
          ? (id ?? (layout.id === 'uuid' ? drawId(`${kind} ${name}`) : name))
          : localId(entry, layout, release.layout.lookup);
      ids.set(`${kind} ${name}`, itsId);
      const dn = entry?.dn ?? childDn(layout.rdn, itsId, homeOf(trees, kind, item));
      if (!equalDn(dn, childDn(layout.rdn, itsId, treeOf(trees, kind)))) dns.set(`${kind} ${name}`, dn);
    }
  }
  return {
    layout: release.layout,
    trees,
    idOf: (kind, name) => ids.get(`${kind} ${name}`) ?? name,
    placeOf: (kind, name) => dns.get(`${kind} ${name}`),
  };
}

/**
 * As the release looks a name up: the first hit counts. Where names are ids as a rule, the entry that goes by the rule
 * is asked for first.
 */
async function findByName(
  session: Session,
  { release, trees }: EntryPlace,
  kind: EntryKind,
  item: Item,
): Promise<Entry | undefined> {
  const { name, id } = item;
  const { nameAttribute, marker, rdn, id: form, filter } = layoutOf(release.layout, kind);
  const { lookup, scope } = release.layout;
  if (nameAttribute === undefined && lookup === 'dn') return undefined;
  const base = treeOf(trees, kind);
  const usual = form === 'name' ? childDn(rdn, id ?? name, homeOf(trees, kind, item)) : undefined;
  if (usual !== undefined && (await session.read(usual, ['1.1'])) !== undefined) return undefined;
  const condition = equal(nameAttribute ?? rdn, name);
  const wanted = libldapFilter(`(&${equal('objectClass', marker)}${condition}${filter ?? ''})`);
  const request = { base, scope, filter: wanted, attributes: [rdn] };
  for await (const entry of session.search(request)) return entry;
  return undefined;
}
