import { randomUUID } from 'node:crypto';
import { childDn, equalDn } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import { allOf, equal, rawFilter } from '../directory/filter.ts';
import { inWindow } from '../directory/in-window.ts';
import type { Session } from '../directory/session.ts';
import type { EntryContext } from '../identities/desired-entries.ts';
import type { Identities, Role, User } from '../identities/identities.ts';
import { localId } from '../identities/local-id.ts';
import { kindsIn, layoutOf, treeOf } from '../releases/layout-of.ts';
import type { EntryKind, Release, Trees } from '../releases/release.ts';

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
  { identities, ...place }: EntryPlace & { readonly identities: Identities },
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
  };
  for (const kind of kindsIn(trees)) {
    const layout = layoutOf(release.layout, kind);
    const items: readonly (User | Role)[] = byKind[kind];
    const found = await inWindow(items, (item) => findByName(session, place, kind, item));
    for (const [index, { name, id }] of items.entries()) {
      const entry = found[index];
      const itsId =
        entry === undefined
          ? (id ?? (layout.id === 'uuid' ? randomUUID() : name))
          : localId(entry, layout, release.layout.lookup);
      ids.set(`${kind} ${name}`, itsId);
      if (entry !== undefined && !equalDn(entry.dn, childDn(layout.rdn, itsId, treeOf(trees, kind))))
        dns.set(`${kind} ${name}`, entry.dn);
    }
  }
  return {
    layout: release.layout,
    trees,
    idOf: (kind, name) => ids.get(`${kind} ${name}`) ?? name,
    foundAt: (kind, name) => dns.get(`${kind} ${name}`),
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
  { name, id }: User | Role,
): Promise<Entry | undefined> {
  const { nameAttribute, marker, rdn, id: form, filter } = layoutOf(release.layout, kind);
  const { lookup, scope } = release.layout;
  if (nameAttribute === undefined && lookup === 'dn') return undefined;
  const base = treeOf(trees, kind);
  const usual = form === 'name' ? childDn(rdn, id ?? name, base) : undefined;
  if (usual !== undefined && (await session.read(usual, ['1.1'])) !== undefined) return undefined;
  const conditions = [equal('objectClass', marker), equal(nameAttribute ?? rdn, name)];
  if (filter !== undefined) conditions.push(rawFilter(filter));
  const request = { base, scope, filter: allOf(...conditions), attributes: [rdn] };
  for await (const entry of session.search(request)) return entry;
  return undefined;
}
