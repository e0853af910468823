import type { Session } from '../directory/session.ts';
import { publicId } from '../identities/public-id.ts';
import { enabledAttribute, layoutOf } from '../releases/layout-of.ts';
import type { Backend } from './backend.ts';
import { KeystoneDriver, type Shown } from './keystone-driver.ts';
import { KeystoneReader } from './keystone-reader.ts';

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
  const driver = driverOf(session, backend);
  for await (const user of driver.list('user', attributesOf(backend, 'user')))
    yield { ...lineOf(user, 'user', backend), enabled: await driver.isEnabled(user) };
}

/** The groups that Keystone lists, with their members as they are written, but for the placeholder. */
export async function* listGroups(session: Session, backend: Backend): AsyncGenerator<ListedGroup> {
  const reader = KeystoneReader.ofNames(session, { layout: backend.release.layout, trees: backend.trees });
  for await (const group of driverOf(session, backend).list('group', attributesOf(backend, 'group')))
    yield { ...lineOf(group, 'group', backend), members: reader.members('group', group.entry) };
}

function driverOf(session: Session, { release, trees, server }: Backend): KeystoneDriver {
  return new KeystoneDriver(session, { layout: release.layout, trees, pageSize: server.pageSize });
}

function attributesOf({ release }: Backend, kind: 'user' | 'group'): readonly string[] {
  const { rdn, nameAttribute, members, enabled } = layoutOf(release.layout, kind);
  const masked = kind === 'user' ? release.layout.user.masked?.attribute : undefined;
  const all = [rdn, nameAttribute, members, enabledAttribute(enabled), masked];
  return [...new Set(all.filter((name) => name !== undefined))];
}

function lineOf({ entry, id, name }: Shown, kind: 'user' | 'group', { ids }: Backend): Listed {
  return { id: ids.kind === 'public' ? publicId(ids.domainId, kind, id) : id, name, dn: entry.dn };
}
