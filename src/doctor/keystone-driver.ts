import { isDn, rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { equal, present, type Filter } from '../directory/filter.ts';
import { libldapFilter } from '../directory/libldap-filter.ts';
import type { SearchRequest, Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { maskedNumber } from '../identities/entries/enabled-mask.ts';
import { EnabledModel } from '../identities/entries/enabled-model.ts';
import { emulationGroupDn } from '../identities/entries/emulation-group.ts';
import { localId } from '../identities/entries/local-id.ts';
import { layoutOf, mappedAttributes, treeOf } from '../releases/layout-of.ts';
import type { EntryKind, EntryLayout, Layout, Trees } from '../releases/release.ts';
import { isNameless } from './is-listed.ts';
import type { LimitedList } from './limited-list.ts';
import { keystoneFilter } from './list-request.ts';
import { pagesRefused } from './pages-refused.ts';

/** An entry as Keystone shows it; the id is that of the directory. */
export interface Shown {
  readonly entry: Entry;
  readonly id: string;
  readonly name: string;
}

export interface DriverContext {
  readonly layout: Layout;
  readonly trees: Trees;
  /** 0 if Keystone asks for all entries at once; absent if that does not matter. */
  readonly pageSize?: number | undefined;
}

type Kind = 'user' | 'group';

type Paging = Pick<SearchRequest, 'pageSize' | 'mustPage'>;

interface AllOptions {
  readonly limit?: LimitedList | undefined;
  readonly paging?: Paging;
}

/** Keystone answers with an error of its own. */
export class KeystoneFailure extends KeystoneLdapError {
  readonly status: 400 | 404 | 500;
  readonly why: string;

  constructor(status: KeystoneFailure['status'], why: string) {
    super('KEYSTONE_FAILS', `Keystone answers HTTP ${status}: ${why}.`);
    this.status = status;
    this.why = why;
  }
}

/** The server gives no pages of the size that keystone.conf sets. */
export class PagesRefused extends KeystoneFailure {
  constructor(why: string) {
    super(500, why);
  }
}

/** An answer is in memory until it is complete; limits of servers lie far below. */
const MOST_AT_ONCE = 200_000;

/** The rule of Active Directory that follows nested groups. */
const IN_CHAIN = '1.2.840.113556.1.4.1941';

/**
 * Finds users and groups as Keystone's own driver does from Essex on: with the same searches in the same order. What
 * Keystone fails at is an error here (`KEYSTONE_FAILS`, or that of the server).
 */
export class KeystoneDriver {
  readonly #session: Session;
  readonly #layout: Layout;
  readonly #trees: Trees;
  readonly #pageSize: number;
  readonly #paging: Paging;
  /** Where the first entry counts: slapd orders what comes in pages otherwise than what comes at once. */
  readonly #likeKeystone: Paging;
  readonly #attributes: readonly string[];
  readonly #asksAtOnce: boolean;
  /** Says of users, and of what else is enabled or not, what Keystone makes of them. */
  readonly enabled: EnabledModel;

  constructor(session: Session, { layout, trees, pageSize: asked }: DriverContext) {
    const pageSize = asked ?? 0;
    this.#session = session;
    this.#layout = layout;
    this.#trees = trees;
    this.#pageSize = pageSize;
    this.#paging = pageSize > 0 ? { pageSize, mustPage: true } : {};
    this.#likeKeystone = { pageSize, mustPage: true };
    this.#attributes = mappedAttributes(layout);
    this.#asksAtOnce = asked === 0;
    this.enabled = new EnabledModel(session, { layout, trees });
  }

  /** All entries of the kind; the attributes are those that the caller needs. */
  async *list(
    kind: Kind,
    attributes: readonly string[] = this.#attributes,
    limit?: LimitedList,
  ): AsyncGenerator<Shown> {
    const layout = layoutOf(this.#layout, kind);
    const filter = keystoneFilter(layout, layout.filter ?? '', this.#withId(layout));
    let count = 0;
    for await (const shown of this.#all(kind, filter, attributes, { limit })) {
      count += 1;
      yield shown;
    }
    // With list_limit Keystone asks for a page too.
    const isAtOnce = this.#asksAtOnce && limit?.limit.cuts !== 'answer';
    if (isAtOnce && count <= MOST_AT_ONCE) await this.#requireUncut(kind, filter);
  }

  /** Who has this name: the first that the server gives. The filter of keystone.conf does not count (2013.1 to 29.0.0). */
  async byName(kind: Kind, name: string): Promise<Shown | undefined> {
    const layout = layoutOf(this.#layout, kind);
    const condition = equal(layout.nameAttribute ?? layout.rdn, name);
    const filter = keystoneFilter(layout, condition, this.#withId(layout));
    const found: Shown[] = [];
    for await (const one of this.#all(kind, filter, this.#attributes, { paging: this.#likeKeystone }))
      found.push(one);
    return found[0];
  }

  async byId(kind: Kind, id: string): Promise<Shown | undefined> {
    const layout = layoutOf(this.#layout, kind);
    const filter = keystoneFilter(layout, `${equal(layout.rdn, id)}${layout.filter ?? ''}`);
    const [entry] = await this.#search(treeOf(this.#trees, kind), this.#layout.scope, filter);
    await this.#requireUsable(layout, treeOf(this.#trees, kind));
    return entry === undefined || isNameless(entry, kind, this.#layout)
      ? undefined
      : await this.#shown(kind, entry);
  }

  /** The groups of the user with this id. @throws `KEYSTONE_FAILS` where there is no such user */
  async groupsOf(userId: string): Promise<readonly Shown[]> {
    const user = await this.byId('user', userId);
    if (user === undefined) throw fails(404, `there is no user with the id ${userId}`);
    const layout = layoutOf(this.#layout, 'group');
    const { members = '', membersAre, nesting } = layout;
    requireReadable(layout);
    const member = membersAre === 'ids' ? user.id : user.entry.dn;
    const condition = equal(nesting === undefined ? members : `member:${IN_CHAIN}:`, member);
    const filter = keystoneFilter(layout, `${condition}${layout.filter ?? ''}`, this.#withId(layout));
    const found: Shown[] = [];
    for await (const one of this.#all('group', filter, this.#attributes)) found.push(one);
    return found;
  }

  /** The users in the group with this id; of those behind its first members, where not all are asked about. */
  async usersIn(groupId: string, most = Number.POSITIVE_INFINITY): Promise<readonly Shown[]> {
    const group = await this.byId('group', groupId);
    if (group === undefined) throw fails(404, `there is no group with the id ${groupId}`);
    const users: Shown[] = [];
    for (const member of (await this.#membersOf(group.entry.dn)).slice(0, most)) {
      const user = await this.userBehind(member, 'group');
      if (user !== undefined) users.push(user);
    }
    return users;
  }

  /** The user for whom Keystone takes a member; `undefined` where it passes over it. */
  async userBehind(member: string, kind: EntryKind): Promise<Shown | undefined> {
    const layout = layoutOf(this.#layout, kind);
    requireReadable(layout);
    const id = layout.membersAre === 'ids' ? member : await this.#idBehind(member, this.#layout.user.rdn);
    const user = await this.byId('user', id);
    const isPlaceholder = member === this.#layout.placeholder?.dn;
    if (user === undefined && layout.unknownMember !== undefined && !isPlaceholder)
      throw fails(404, `the member ${member} is not a user`);
    return user;
  }

  /** Whether Keystone treats the user as enabled. */
  async isEnabled({ entry, id }: Shown): Promise<boolean> {
    return await this.enabled.isEnabled('user', entry, id);
  }

  /**
   * Pages keep memory bounded here, but a server may cut what it sends at once at another size: Active Directory at 1000, OpenLDAP
   * by `olcLimits`. @throws `SIZE_LIMIT`
   */
  async #requireUncut(kind: Kind, filter: Filter): Promise<void> {
    await this.#search(treeOf(this.#trees, kind), this.#layout.scope, filter, ['1.1']);
  }

  /** From Liberty on a search asks for entries that have an id. */
  #withId({ rdn }: EntryLayout): string {
    return this.#layout.entryWithoutId === 'left out' ? present(rdn) : '';
  }

  async *#all(
    kind: Kind,
    filter: Filter,
    attributes: readonly string[],
    { limit, paging = this.#paging }: AllOptions = {},
  ): AsyncGenerator<Shown> {
    const layout = layoutOf(this.#layout, kind);
    const request = { base: treeOf(this.#trees, kind), scope: this.#layout.scope, filter, attributes };
    const { enabled } = layout;
    const hidden = enabled.kind === 'group' ? emulationGroupDn('user', this.#place) : undefined;
    for await (const entry of this.#ask({ ...request, ...paging })) {
      requireUsable(layout);
      const isShown = !isNameless(entry, kind, this.#layout);
      if (limit?.isOver(isShown) === true) return;
      if (isShown && entry.dn !== hidden) yield await this.#shown(kind, entry);
      if (limit?.isAnswered === true) break;
    }
    await this.#requireUsable(layout, request.base);
  }

  async #shown(kind: Kind, entry: Entry): Promise<Shown> {
    const { nameAttribute, rdn, ignoresName } = layoutOf(this.#layout, kind);
    const id = await this.#idOf(entry, rdn);
    const name = ignoresName === true ? '' : (valuesOf(entry, nameAttribute ?? rdn)[0] ?? '');
    if (kind === 'user') this.#requireNumber(entry);
    return { entry, id, name };
  }

  /** With a mask, Keystone makes a number of what every user has, whatever says who is enabled. */
  #requireNumber(entry: Entry): void {
    const { masked } = this.#layout.user;
    if (masked === undefined) return;
    if (masked.isEmpty === true) throw fails(500, '[ldap] user_enabled_mask is empty');
    const value = (masked.isIgnored ? undefined : valuesOf(entry, masked.attribute)[0]) ?? masked.absent;
    if (maskedNumber(value) === undefined)
      throw fails(500, `user_enabled_mask is set, and "${value}" of ${entry.dn} is not a number`);
  }

  async #idOf(entry: Entry, rdn: string): Promise<string> {
    const { lookup } = this.#layout;
    if (lookup === 'dn' || lookup === 'rdns') return localId(entry, { rdn }, lookup);
    const [first, ...more] = valuesOf(entry, rdn);
    if (first === undefined)
      throw fails(404, `${entry.dn} has no ${rdn} by that name, which is the attribute of ids`);
    return more.length === 0 ? first : await this.#idBehind(entry.dn, rdn);
  }

  /** The id that Keystone takes a DN for. It folds the case of the RDN's type only, and reads no operational attributes. */
  async #idBehind(dn: string, rdn: string): Promise<string> {
    if (!isDn(dn)) throw fails(500, `"${dn}" is not a DN`);
    const { type, value } = rdnOf(dn);
    if (this.#layout.lookup !== 'id' || type.toLowerCase() === rdn) return value;
    const entry = await this.#session.read(dn, ['*']);
    if (entry === undefined) throw fails(500, `${dn} does not exist`);
    const id = entry.attributes[rdn]?.[0];
    if (id === undefined) throw fails(404, `${dn} has no ${rdn}, which is the attribute of ids`);
    return id;
  }

  async #membersOf(groupDn: string): Promise<readonly string[]> {
    const layout = layoutOf(this.#layout, 'group');
    const { user, scope } = this.#layout;
    const { members = '', nesting, marker } = layout;
    const found =
      nesting === undefined
        ? await this.#search(groupDn, 'base', libldapFilter(`(objectClass=${marker})`), [members])
        : nesting.members === 'of group'
          ? await this.#search(
              treeOf(this.#trees, 'group'),
              scope,
              libldapFilter(`(&(objectClass=${marker})${equal(`member:${IN_CHAIN}:`, groupDn)})`),
              [members],
            )
          : await this.#search(
              this.#trees.user,
              scope,
              libldapFilter(`(&(objectClass=${user.marker})${equal(`memberOf:${IN_CHAIN}:`, groupDn)})`),
              ['distinguishedName'],
            );
    const attribute = nesting?.members === 'of user' ? 'distinguishedName' : members;
    // Here the name counts to its case, as the server writes it.
    return found.flatMap(({ attributes }) => attributes[attribute] ?? []);
  }

  /** Where the tree is missing, Keystone does not come so far. */
  async #requireUsable(layout: EntryLayout, tree: string): Promise<void> {
    if (layout.unusable === undefined) return;
    if ((await this.#session.read(tree, ['1.1'])) !== undefined) requireUsable(layout);
  }

  get #place(): { readonly layout: Layout; readonly trees: Trees } {
    return { layout: this.#layout, trees: this.#trees };
  }

  async #search(
    base: string,
    scope: 'base' | 'one' | 'sub',
    filter: Filter,
    attributes: readonly string[] = this.#attributes,
  ): Promise<readonly Entry[]> {
    const found: Entry[] = [];
    const request = { base, scope, filter, attributes, ...this.#likeKeystone };
    for await (const entry of this.#ask(request)) found.push(entry);
    return found;
  }

  async *#ask(request: SearchRequest): AsyncGenerator<Entry> {
    try {
      yield* this.#session.search(request);
    } catch (error) {
      const refused = pagesRefused(error, this.#pageSize);
      throw refused === undefined ? error : new PagesRefused(refused);
    }
  }
}

function requireUsable({ unusable }: { readonly unusable?: string | undefined }): void {
  if (unusable !== undefined) throw fails(500, unusable);
}

function requireReadable({ unreadableMembers }: EntryLayout): void {
  if (unreadableMembers !== undefined) throw fails(500, unreadableMembers);
}

function fails(status: 404 | 500, why: string): KeystoneFailure {
  return new KeystoneFailure(status, why);
}
