import { isWithin } from '../directory/dn.ts';
import { hasObjectClass, valuesOf } from '../directory/entry.ts';
import type { Identities } from '../identities/identities.ts';
import { localId } from '../identities/entries/local-id.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { DataState } from './data-state.ts';
import type { DirectoryUser } from './keystone-directory.ts';

/** The declared users with the ids and DNs that their entries have got. */
export function seededUsers(
  { users }: Identities,
  data: DataState,
  { layout }: Release,
  trees: Trees,
): readonly DirectoryUser[] {
  const { marker, nameAttribute, rdn } = layout.user;
  const entries = [...data.values()].filter(
    (entry) => isWithin(entry.dn, trees.user) && hasObjectClass(entry, marker),
  );
  const byName = new Map(
    entries.flatMap((entry) => valuesOf(entry, nameAttribute ?? rdn).map((name) => [name, entry] as const)),
  );
  return users.flatMap(({ name, password }) => {
    const entry = byName.get(name);
    if (entry === undefined) return [];
    return [{ name, id: localId(entry, layout.user, layout.lookup), dn: entry.dn, password }];
  });
}
