import { parentDn, rdnOf } from '../directory/dn.ts';
import { hasObjectClass, valuesOf, type Entry } from '../directory/entry.ts';
import { absent, allOf, equal, type Filter } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { identityDn, type EntryContext } from '../identities/desired-entries.ts';

/**
 * Reads the directory as the release's own code does: with its filters and scopes, below its trees, and blind to all
 * else. Names in filters are escaped here; what the release fails to escape is the business of the name rules.
 */
export class KeystoneReader {
  readonly #session: Session;
  readonly #context: EntryContext;

  constructor(session: Session, context: EntryContext) {
    this.#session = session;
    this.#context = context;
  }

  /**
   * The entries that a name finds. Where names are ids that is a read of the computed DN, so one at most; where they are
   * an attribute it is a search one level below the tree, of which Keystone takes the first.
   */
  async byName(kind: 'user' | 'tenant', name: string): Promise<readonly Entry[]> {
    const { nameAttribute, marker } = this.#context.layout[kind];
    if (nameAttribute === undefined) return await this.#byDn(identityDn(kind, name, this.#context), marker);
    return await this.#oneLevel(
      this.#context.trees[kind],
      allOf(equal('objectClass', marker), equal(nameAttribute, name)),
      ATTRIBUTES,
    );
  }

  async role(name: string): Promise<Entry | undefined> {
    const [found] = await this.#byDn(
      identityDn('role', name, this.#context),
      this.#context.layout.role.marker,
    );
    return found;
  }

  /** The DNs that hold a role in a tenant, the placeholder left out; `undefined` where there is no such entry. */
  async holders(role: string, tenantDn: string): Promise<readonly string[] | undefined> {
    const { marker } = this.#context.layout.grant;
    const entries = await this.#oneLevel(tenantDn, allOf(equal('objectClass', marker)), ['cn', 'member']);
    const entry = entries.find(({ dn }) => rdnOf(dn).value.toLowerCase() === role.toLowerCase());
    return entry === undefined ? undefined : this.members(entry);
  }

  /** The tenants whose `member` the user is; the first one is the default tenant. */
  async memberTenants(userDn: string): Promise<readonly Entry[]> {
    const { marker } = this.#context.layout.tenant;
    const filter = allOf(equal('objectClass', marker), equal('member', userDn));
    return await this.#oneLevel(this.#context.trees.tenant, filter, [
      'objectClass',
      'keystoneEnabled',
      ...NAMES,
    ]);
  }

  /** Roles held everywhere. */
  async globalRoles(userDn: string): Promise<readonly string[]> {
    const { marker } = this.#context.layout.role;
    const filter = allOf(equal('objectClass', marker), equal('member', userDn));
    const found = await this.#oneLevel(this.#context.trees.role, filter, ['1.1']);
    return found.map(({ dn }) => rdnOf(dn).value);
  }

  /** Roles in tenants, the tenant being the entry above the grant, as Keystone takes it. */
  async tenantRoles(
    userDn: string,
  ): Promise<readonly { readonly role: string; readonly tenantDn: string }[]> {
    const { marker } = this.#context.layout.grant;
    const filter = allOf(equal('objectClass', marker), equal('member', userDn));
    const found = await this.#collect({
      base: this.#context.trees.tenant,
      scope: 'sub',
      filter,
      attributes: ['1.1'],
    });
    return found.map(({ dn }) => ({ role: rdnOf(dn).value, tenantDn: parentDn(dn) }));
  }

  /** The tenant with this DN. */
  async tenantAt(dn: string): Promise<Entry | undefined> {
    return (await this.#byDn(dn, this.#context.layout.tenant.marker))[0];
  }

  /** `member` without the placeholder, which Keystone knows by its exact text. */
  members(entry: Entry): readonly string[] {
    return valuesOf(entry, 'member').filter((value) => value !== this.#context.layout.dumbMember);
  }

  /** Whether Keystone would take this DN for one of its users. */
  async isUser(dn: string): Promise<boolean> {
    return (await this.#byDn(dn, this.#context.layout.user.marker)).length > 0;
  }

  /** The classes of whatever entry has this DN, also of one that Keystone is blind to. */
  async classesAt(dn: string): Promise<readonly string[] | undefined> {
    const entry = await this.#session.read(dn, ['objectClass']);
    return entry === undefined ? undefined : valuesOf(entry, 'objectClass');
  }

  /** Whether the entry certainly has no password, and not only none that this identity may see. */
  async lacksPassword(dn: string): Promise<boolean> {
    const request = { base: dn, scope: 'base', filter: absent('userPassword'), attributes: ['1.1'] } as const;
    return (await this.#collect(request)).length > 0;
  }

  async #byDn(dn: string, marker: string): Promise<readonly Entry[]> {
    const entry = await this.#session.read(dn, ATTRIBUTES);
    return entry !== undefined && hasObjectClass(entry, marker) ? [entry] : [];
  }

  async #oneLevel(base: string, filter: Filter, attributes: readonly string[]): Promise<readonly Entry[]> {
    return await this.#collect({ base, scope: 'one', filter, attributes });
  }

  async #collect(request: Parameters<Session['search']>[0]): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    for await (const entry of this.#session.search(request)) entries.push(entry);
    return entries;
  }
}

const NAMES = ['cn', 'uid', 'keystoneName'];
const ATTRIBUTES = [
  'objectClass',
  ...NAMES,
  'keystoneEnabled',
  'member',
  'mail',
  'description',
  'serviceId',
  'userPassword',
];
