import { valuesOf, type Entry } from '../directory/entry.ts';
import { allOf, present, type Filter } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { emulationGroupDn } from '../identities/emulation-group.ts';
import { publicId } from '../identities/public-id.ts';
import { isSince } from '../releases/catalogue.ts';
import { layoutOf } from '../releases/layout-of.ts';
import type { Backend } from './backend.ts';
import { KeystoneReader } from './keystone-reader.ts';
import { listRequest } from './list-request.ts';
import { MemberSet } from './member-set.ts';

/** One line of Keystone's list. */
export interface Listed {
  /** As Keystone shows it, or that of the directory where only Keystone knows the id of the domain. */
  readonly id: string;
  readonly name: string;
  readonly dn: string;
}

export interface ListedUser extends Listed {
  readonly enabled: boolean;
}

export interface ListedGroup extends Listed {
  readonly members: readonly string[];
}

/** The users that Keystone lists, one by one; where a group says who is enabled its members are kept. */
export async function* listUsers(session: Session, backend: Backend): AsyncGenerator<ListedUser> {
  const { release, trees } = backend;
  const { layout } = release;
  const { enabled } = layout.user;
  const reader = new KeystoneReader(session, contextOf(backend));
  const dn = enabled.kind === 'group' ? emulationGroupDn('user', { layout, trees }) : '';
  const group = enabled.kind === 'group' ? await session.read(dn, [enabled.members]) : undefined;
  const among =
    enabled.kind === 'group'
      ? new MemberSet(group === undefined ? [] : valuesOf(group, enabled.members), enabled.membersAre)
      : undefined;
  const isEnabled = async (entry: Entry): Promise<boolean> => {
    if (enabled.kind !== 'group' || among === undefined)
      return (await reader.isEnabled('user', entry)) !== false;
    const key = enabled.membersAre === 'ids' ? reader.idOf('user', entry) : reader.emulatedDn('user', entry);
    return among.has(key);
  };
  for await (const entry of listed(session, backend, 'user'))
    yield { ...lineOf(entry, 'user', backend, reader), enabled: await isEnabled(entry) };
}

/** The groups that Keystone lists, with their members as they are written, but for the placeholder. */
export async function* listGroups(session: Session, backend: Backend): AsyncGenerator<ListedGroup> {
  const reader = new KeystoneReader(session, contextOf(backend));
  for await (const entry of listed(session, backend, 'group'))
    yield { ...lineOf(entry, 'group', backend, reader), members: reader.members('group', entry) };
}

/** Of Keystone's filter, and without the entries that it then drops. */
async function* listed(session: Session, backend: Backend, kind: 'user' | 'group'): AsyncGenerator<Entry> {
  const { release, releaseName, trees, server } = backend;
  const { rdn, nameAttribute, members, enabled } = layoutOf(release.layout, kind);
  const flag = enabled.kind === 'attribute' ? enabled.attribute : undefined;
  const attributes = [rdn, nameAttribute, members, flag].filter((name) => name !== undefined);
  const request = listRequest(kind, { layout: release.layout, trees }, attributes);
  const filter: Filter = allOf(request.filter, present(rdn));
  const paging = server.pageSize > 0 ? { pageSize: server.pageSize } : {};
  const dropsNameless = releaseName !== undefined && isSince(releaseName, 'pike');
  for await (const entry of session.search({ ...request, ...paging, filter })) {
    const name = valuesOf(entry, nameAttribute ?? rdn)[0] ?? '';
    if (!dropsNameless || name.trim() !== '') yield entry;
  }
}

function lineOf(
  entry: Entry,
  kind: 'user' | 'group',
  { release, ids }: Backend,
  reader: KeystoneReader,
): Listed {
  const { nameAttribute } = layoutOf(release.layout, kind);
  const id = reader.idOf(kind, entry);
  return {
    id: ids.kind === 'public' ? publicId(ids.domainId, kind, id) : id,
    name: (nameAttribute === undefined ? id : valuesOf(entry, nameAttribute)[0]) ?? '',
    dn: entry.dn,
  };
}

function contextOf({ release, trees }: Backend): ConstructorParameters<typeof KeystoneReader>[1] {
  return { layout: release.layout, trees, idOf: (_, name) => name, placeOf: () => undefined };
}
