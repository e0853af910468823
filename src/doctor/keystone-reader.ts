import { childDn, dnKey, equalDn, parentDn, rdnOf, isDn } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { absent, allOf, equal } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { identityDn, type EntryContext } from '../identities/entries/identity-dn.ts';
import { localId } from '../identities/entries/local-id.ts';
import { grantLayoutOf, layoutOf, treeOf } from '../releases/layout-of.ts';
import { pythonRdnValue, rawFilterEffect, type RawFilterEffect } from '../identities/check/raw-filter.ts';
import type { EnabledKind, EntryKind, Layout, NameRules } from '../releases/release.ts';
import { KeystoneDriver, KeystoneFailure, type DriverContext } from './keystone-driver.ts';
import { KeystoneSearch } from './keystone-search.ts';

/** Taken for a user, passed over, or the end of the whole listing. */
export type MemberFate = 'user' | 'skipped' | `HTTP ${KeystoneFailure['status']}`;

/**
 * Reads the directory as the release's own code does: with its filters and scopes, below its trees, and blind to all
 * else. Names in filters are escaped here; what the release fails to escape is the business of the name rules.
 */
export class KeystoneReader {
  readonly #session: Session;
  readonly #search: KeystoneSearch;
  readonly #context: EntryContext;
  readonly #layout: Layout;
  /** For users and groups, and for what Keystone fails at. */
  readonly driver: KeystoneDriver;

  constructor(session: Session, context: EntryContext & Pick<DriverContext, 'pageSize'>) {
    this.#session = session;
    this.#search = new KeystoneSearch(session, context);
    this.#context = context;
    this.#layout = context.layout;
    this.driver = new KeystoneDriver(session, context);
  }

  /** For who knows names only, of which the release itself makes ids and DNs. */
  static ofNames(session: Session, place: DriverContext): KeystoneReader {
    return new KeystoneReader(session, { ...place, idOf: (_, name) => name, placeOf: () => undefined });
  }

  /**
   * The entries that a name finds. Where names are ids that is a read of the computed DN in 2011, so one at most; else it
   * is a search below the tree, of which Keystone takes the first.
   */
  async byName(kind: EntryKind, name: string): Promise<readonly Entry[]> {
    const layout = layoutOf(this.#layout, kind);
    if (layout.nameAttribute === undefined && this.#layout.lookup === 'dn') {
      const entry = await this.#search.byDn(identityDn(kind, name, this.#context), layout);
      return entry === undefined ? [] : [entry];
    }
    return await this.#search.inTree(kind, equal(layout.nameAttribute ?? layout.rdn, name));
  }

  async role(name: string): Promise<Entry | undefined> {
    return (await this.byName('role', name))[0];
  }

  /** The entry with this id. In 2011 it is the one with the DN that Keystone makes of the id. */
  async byId(kind: 'user' | 'tenant' | 'role' | 'domain', id: string): Promise<Entry | undefined> {
    const layout = layoutOf(this.#layout, kind);
    if (this.#layout.lookup !== 'dn') return (await this.#search.inTree(kind, equal(layout.rdn, id)))[0];
    return await this.#search.byDn(this.dnOf(kind, id), layout);
  }

  /** The DNs that hold a role in a tenant, the placeholder left out; `undefined` where there is no such entry. */
  async holders(roleId: string, tenantDn: string): Promise<readonly string[] | undefined> {
    const { marker, members, rdn } = grantLayoutOf(this.#layout);
    const entries = await this.#search.collect({
      ...{ base: tenantDn, scope: 'one', filter: equal('objectClass', marker) },
      attributes: [rdn, members],
    });
    const entry = entries.find(({ dn }) => rdnOf(dn).value.toLowerCase() === roleId.toLowerCase());
    return entry === undefined ? undefined : this.#without(valuesOf(entry, members));
  }

  /** The tenants whose `member` the user is; the first one is the default tenant. */
  async memberTenants(userDn: string): Promise<readonly Entry[]> {
    const { members } = layoutOf(this.#layout, 'tenant');
    return members === undefined ? [] : await this.#search.inTree('tenant', equal(members, userDn));
  }

  /** Ids of roles held everywhere. */
  async globalRoles(userDn: string): Promise<readonly string[]> {
    const { members } = layoutOf(this.#layout, 'role');
    const found = members === undefined ? [] : await this.#search.inTree('role', equal(members, userDn));
    return found.map(({ dn }) => rdnOf(dn).value);
  }

  /** Ids of roles in tenants, the tenant being the entry above the grant, as Keystone takes it. */
  async tenantRoles(
    userDn: string,
  ): Promise<readonly { readonly role: string; readonly tenantDn: string }[]> {
    const { marker, members } = grantLayoutOf(this.#layout);
    const filter = allOf(equal('objectClass', marker), equal(members, userDn));
    const base = treeOf(this.#context.trees, 'tenant');
    const found = await this.#search.collect({ base, scope: 'sub', filter, attributes: ['1.1'] });
    // A role entry in a tree of roles and tenants has the same class from Essex on, but no tenant above it.
    return found
      .filter(({ dn }) => dnKey(parentDn(dn)) !== dnKey(base))
      .map(({ dn }) => ({ role: rdnOf(dn).value, tenantDn: parentDn(dn) }));
  }

  /** The tenant with this DN. */
  async tenantAt(dn: string): Promise<Entry | undefined> {
    return await this.#search.byDn(dn, layoutOf(this.#layout, 'tenant'));
  }

  /** The members of a tenant, role or group without the placeholder. */
  members(kind: EntryKind, entry: Entry): readonly string[] {
    const { members } = layoutOf(this.#layout, kind);
    return members === undefined ? [] : this.#without(valuesOf(entry, members));
  }

  /** What Keystone makes of a member when it lists the users of the entry. */
  async memberFate(kind: EntryKind, member: string): Promise<MemberFate> {
    const { lookup } = this.#layout;
    // Of the DN only the first value counts; a role's members are never listed, but for those of tenants.
    if (lookup === 'dn' && layoutOf(this.#layout, kind).membersAre === 'dns') {
      if (kind === 'role') return 'user';
      const user = isDn(member) ? await this.byId('user', rdnOf(member).value) : undefined;
      return user === undefined ? 'HTTP 500' : 'user';
    }
    try {
      return (await this.driver.userBehind(member, kind)) === undefined ? 'skipped' : 'user';
    } catch (error) {
      if (error instanceof KeystoneFailure) return `HTTP ${error.status}`;
      throw error;
    }
  }

  /** The DN that Keystone makes of an id. */
  dnOf(kind: EntryKind, id: string): string {
    return childDn(layoutOf(this.#layout, kind).rdn, id, treeOf(this.#context.trees, kind));
  }

  /** Whether Keystone comes back to the entry by its id. */
  isFoundById(kind: EntryKind, entry: Entry): boolean {
    return this.#layout.lookup !== 'dn' || equalDn(entry.dn, this.dnOf(kind, this.idOf(kind, entry)));
  }

  /** What becomes of the filters into which the release puts the DN of the user with this id as it is. */
  filterEffect(
    id: string,
    { userDnInFilter }: Pick<NameRules, 'userDnInFilter'>,
  ): RawFilterEffect | undefined {
    if (!userDnInFilter) return undefined;
    const tree = this.#context.trees.user;
    // Where the tree is at fault nobody's tenants are found, and nothing ends in HTTP 500 (seen with blog to essex-1).
    if (rawFilterEffect(tree) !== undefined) return 'finds nothing';
    return rawFilterEffect(`${this.#layout.user.rdn}=${pythonRdnValue(id)},${tree}`);
  }

  /** The classes of whatever entry has this DN, also of one that Keystone is blind to. */
  async classesAt(dn: string): Promise<readonly string[] | undefined> {
    const entry = await this.#session.read(dn, ['objectClass']);
    return entry === undefined ? undefined : valuesOf(entry, 'objectClass');
  }

  /** Whether the entry certainly has no password, and not only none that this identity may see. */
  async lacksPassword(dn: string): Promise<boolean> {
    const filter = absent(this.#layout.user.passwordAttribute);
    return (await this.#search.collect({ base: dn, scope: 'base', filter, attributes: ['1.1'] })).length > 0;
  }

  /** The id by which Keystone knows the entry. */
  idOf(kind: EntryKind, entry: Entry): string {
    return localId(entry, layoutOf(this.#layout, kind), this.#layout.lookup);
  }

  /** Whether Keystone treats the entry as enabled; `undefined` where nothing says so. */
  async isEnabled(kind: EnabledKind, entry: Entry): Promise<boolean | undefined> {
    const { enabled } = this.driver;
    if (!(await enabled.isSaid(kind, entry))) return undefined;
    return await enabled.isEnabled(kind, entry, this.idOf(kind, entry));
  }

  /** Whether Keystone looks for another DN than the entry has when it asks who is enabled. */
  async isEmulatedElsewhere(user: Entry): Promise<boolean> {
    const { enabled } = this.#layout.user;
    if (enabled.kind !== 'group' || enabled.membersAre === 'ids') return false;
    return !equalDn(user.dn, await this.driver.enabled.memberFor('user', user, this.idOf('user', user)));
  }

  /** Old releases know the placeholder by its exact text. */
  #without(members: readonly string[]): readonly string[] {
    return members.filter((value) => value !== this.#layout.placeholder?.dn);
  }
}
