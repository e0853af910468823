import type { Session } from '../directory/session.ts';
import { publicId } from '../identities/entries/public-id.ts';
import { enabledAttribute, layoutOf, mappedAttributes } from '../releases/layout-of.ts';
import type { Backend } from './backend.ts';
import { requireMappable } from './database-limits.ts';
import { KeystoneDriver, KeystoneFailure, type Shown } from './keystone-driver.ts';
import type { ListLimit } from './list-limit.ts';
import { LimitedList } from './limited-list.ts';
import { KeystoneReader } from './keystone-reader.ts';
import { listRequest } from './list-request.ts';
import { RAW_DN } from './login-of-2011.ts';
import { nameOf } from './name-of.ts';

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
export async function* listUsers(
  session: Session,
  backend: Backend,
  onCut?: (limit: ListLimit) => void,
): AsyncGenerator<ListedUser> {
  if (backend.release.legacy !== undefined) {
    yield* listUsersOf2011(session, backend);
    return;
  }
  const driver = driverOf(session, backend);
  for await (const user of limitedList(driver, 'user', backend, onCut))
    yield { ...lineOf(user, 'user', backend), enabled: await driver.isEnabled(user) };
}

/** By the names that entries have, whatever their RDNs. @throws `KEYSTONE_FAILS` where a DN breaks its filter */
async function* listUsersOf2011(session: Session, { release, trees }: Backend): AsyncGenerator<ListedUser> {
  const { layout, nameRules } = release;
  const reader = KeystoneReader.ofNames(session, { layout, trees });
  const request = listRequest('user', { layout, trees }, mappedAttributes(layout));
  for await (const entry of session.search(request)) {
    const id = reader.idOf('user', entry);
    if (reader.filterEffect(id, nameRules) === 'refused')
      throw new KeystoneFailure(500, `${entry.dn}: ${RAW_DN}`);
    const enabled = (await reader.isEnabled('user', entry)) === true;
    yield { id, name: nameOf('user', entry, layout), dn: entry.dn, enabled };
  }
}

/** The groups that Keystone lists, with their members as they are written, but for the placeholder. */
export async function* listGroups(
  session: Session,
  backend: Backend,
  onCut?: (limit: ListLimit) => void,
): AsyncGenerator<ListedGroup> {
  const reader = KeystoneReader.ofNames(session, { layout: backend.release.layout, trees: backend.trees });
  for await (const group of limitedList(driverOf(session, backend), 'group', backend, onCut))
    yield { ...lineOf(group, 'group', backend), members: reader.members('group', group.entry) };
}

/** As many as Keystone lists. @throws `KEYSTONE_FAILS` where `list_limit` is not a number */
async function* limitedList(
  driver: KeystoneDriver,
  kind: 'user' | 'group',
  backend: Backend,
  onCut: (limit: ListLimit) => void = () => undefined,
): AsyncGenerator<Shown> {
  const { listLimit } = backend;
  if (listLimit !== undefined && 'fault' in listLimit)
    throw new KeystoneFailure(500, `${listLimit.setBy}: ${listLimit.fault}`);
  const limited = listLimit && new LimitedList(listLimit);
  for await (const shown of driver.list(kind, attributesOf(backend, kind), limited)) {
    requireMappable(shown, backend.ids, backend.releaseName);
    yield shown;
  }
  if (limited?.isTruncated === true) onCut(limited.limit);
}

/** A group with the users that Keystone lists in it, or why it fails to. */
export interface GroupWithUsers extends Listed {
  readonly users: readonly Listed[];
  readonly failure?: string;
}

/**
 * The groups that Keystone lists, each with its users as Keystone lists those. The groups are read first: a server has
 * one list under way on a connection.
 */
export async function* listGroupUsers(
  session: Session,
  backend: Backend,
  onCut?: (limit: ListLimit) => void,
): AsyncGenerator<GroupWithUsers> {
  const driver = driverOf(session, backend);
  const groups: Shown[] = [];
  for await (const { entry, ...group } of limitedList(driver, 'group', backend, onCut))
    groups.push({ ...group, entry: { dn: entry.dn, attributes: {} } });
  for (const group of groups) {
    const line = lineOf(group, 'group', backend);
    try {
      const users = await driver.usersIn(group.id);
      for (const user of users) requireMappable(user, backend.ids, backend.releaseName);
      yield { ...line, users: users.map((user) => lineOf(user, 'user', backend)) };
    } catch (error) {
      if (!(error instanceof KeystoneFailure)) throw error;
      yield { ...line, users: [], failure: `HTTP ${error.status}: ${error.why}` };
    }
  }
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
