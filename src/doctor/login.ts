import { rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { openSession, type SessionOptions } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { publicId } from '../identities/public-id.ts';
import { verifySha512Crypt } from '../identities/password-hash.ts';
import { layoutOf } from '../releases/layout-of.ts';
import { readsPassword } from '../releases/reads-password.ts';
import type { EntryKind, Layout, Release } from '../releases/release.ts';
import { Secret } from '../secret.ts';
import type { Shown } from './keystone-driver.ts';
import type { KeystoneReader } from './keystone-reader.ts';
import { storedPasswordFault } from './stored-password-fault.ts';

/** What Keystone would answer to a user and a password. */
export interface LoginAnswer {
  readonly user: string;
  readonly dn: string | undefined;
  /** The value of the id attribute. */
  readonly id: string | undefined;
  /** Why the login fails; `undefined` where it succeeds. */
  readonly refusal: string | undefined;
  readonly defaultTenant: string | undefined;
  readonly tenants: readonly TenantAccess[];
  /** Roles held everywhere. */
  readonly globalRoles: readonly string[];
  readonly groups: readonly string[];
  /** Where Keystone shows others than those of the directory. */
  readonly publicIds?: PublicIds | undefined;
}

export interface PublicIds {
  readonly user: string;
  readonly groups: readonly { readonly group: string; readonly id: string }[];
}

export interface TenantAccess {
  readonly tenant: string;
  readonly enabled: boolean;
  readonly roles: readonly string[];
}

export interface LoginContext {
  readonly reader: KeystoneReader;
  readonly layout: Layout;
  /** How to reach the server; unless Keystone compares a hash itself, it binds as the user. */
  readonly server: Omit<SessionOptions, 'credentials'>;
  /** Of the domain, where Keystone shows public ids. */
  readonly domainId?: string | undefined;
  /** Of a release of 2011: what its own code does where others do otherwise. */
  readonly legacy?: Pick<Release, 'legacy' | 'nameRules'> | undefined;
  /** The tenant that the login names; else it is one to the default tenant, in 2011. */
  readonly tenant?: string | undefined;
}

/** Logs a user in as the release does, and reads the tenants and roles that the user would get. */
export async function login(user: string, password: Secret, context: LoginContext): Promise<LoginAnswer> {
  const { reader } = context;
  const unnamed = nameFault(user, context);
  if (unnamed !== undefined) return { ...NOTHING, user, dn: undefined, id: undefined, refusal: unnamed };
  const found = await foundBy(user, context);
  if (found === undefined)
    return { ...NOTHING, user, dn: undefined, id: undefined, refusal: 'there is no such user' };
  const { entry, id } = found;
  const effect = context.legacy && reader.filterEffect(id, context.legacy.nameRules);
  const seesTenants = context.layout.tenant !== undefined && effect === undefined;
  const access = seesTenants ? await tenantsOf(entry, context) : NOTHING;
  const refusal =
    (effect === 'refused' ? RAW_DN : undefined) ??
    (await refusalOf(found, password, context)) ??
    (await tenantRefusal(access, entry, context)) ??
    (await missingRole(rolesAsked(access, context), reader));
  const groups = await groupsOf(id, refusal, context);
  return {
    ...access,
    user,
    dn: entry.dn,
    id,
    refusal,
    groups: groups.map(({ name }) => name),
    publicIds: publicIdsOf(id, groups, context),
  };
}

/** In 2011 names are ids; later a name is searched for. */
async function foundBy(name: string, { reader, layout }: LoginContext): Promise<Shown | undefined> {
  if (layout.lookup !== 'dn') return await reader.driver.byName('user', name);
  const [entry] = await reader.byName('user', name);
  return entry && { entry, id: reader.idOf('user', entry), name };
}

/** Keystone asks for them once the user is in; where it then fails, so does a login to a project. */
async function groupsOf(
  userId: string,
  refusal: string | undefined,
  { reader, layout }: LoginContext,
): Promise<readonly Shown[]> {
  if (layout.group === undefined) return [];
  try {
    return await reader.driver.groupsOf(userId);
  } catch (error) {
    if (refusal !== undefined && error instanceof KeystoneLdapError) return [];
    throw error;
  }
}

function publicIdsOf(
  userId: string,
  groups: readonly Shown[],
  { domainId }: LoginContext,
): PublicIds | undefined {
  if (domainId === undefined) return undefined;
  return {
    user: publicId(domainId, 'user', userId),
    groups: groups.map(({ id, name }) => ({ group: name, id: publicId(domainId, 'group', id) })),
  };
}

type Access = Pick<LoginAnswer, 'defaultTenant' | 'tenants' | 'globalRoles' | 'groups'>;

const NOTHING: Access = { defaultTenant: undefined, tenants: [], globalRoles: [], groups: [] };

async function tenantsOf(entry: Entry, context: LoginContext): Promise<Access> {
  const { reader, layout } = context;
  const members = await reader.memberTenants(entry.dn);
  const counts = layout.tenantAccess !== 'role';
  return {
    defaultTenant:
      layout.membershipIsDefault && members[0] !== undefined
        ? nameOf('tenant', members[0], layout)
        : undefined,
    tenants: await accessOf(entry, counts ? members : [], context),
    globalRoles: await reader.globalRoles(entry.dn),
    groups: [],
  };
}

async function refusalOf(found: Shown, password: Secret, context: LoginContext): Promise<string | undefined> {
  const { entry, id } = found;
  if (!(await context.reader.driver.isEnabled(found))) return 'the user is disabled';
  const domain = await domainRefusal(entry, context);
  if (domain !== undefined) return domain;
  // The password is that of whom Keystone finds by the id.
  const account = context.layout.lookup === 'dn' ? found : await context.reader.driver.byId('user', id);
  if (account === undefined)
    return `Keystone does not find ${entry.dn} by its id, for which the filter counts`;
  if (password.reveal() === '') return 'the password is empty';
  const beyond = context.legacy?.legacy?.nonAsciiPassword ?? 'let in';
  if (beyond !== 'let in' && /\P{ASCII}/u.test(password.reveal()))
    return `the password is not ASCII (${beyond})`;
  return readsPassword(context.layout.user.password)
    ? await comparedRefusal(entry, password, context)
    : await bindRefusal(account.entry.dn, password, context);
}

/** Keystone reads what is stored, and compares it itself. */
async function comparedRefusal(
  entry: Entry,
  password: Secret,
  { reader, layout }: LoginContext,
): Promise<string | undefined> {
  const { password: form, passwordAttribute } = layout.user;
  const [stored] = valuesOf(entry, passwordAttribute);
  const status = form === 'sha512-crypt' ? 'HTTP 500' : 'HTTP 401';
  if (stored === undefined)
    return (await reader.lacksPassword(entry.dn))
      ? `the user has no password (${status})`
      : `the stored password cannot be read with this identity (${status})`;
  const fault = storedPasswordFault(stored, form);
  if (fault !== undefined && form === 'sha512-crypt')
    return 'the first userPassword is no bare $6$ hash (HTTP 500)';
  if (fault !== undefined) return `the first userPassword ${fault}`;
  const fits =
    form === 'compared' ? stored === password.reveal() : verifySha512Crypt(password, new Secret(stored));
  return fits ? undefined : 'wrong password';
}

const RAW_DN =
  "the user's DN goes into a search filter as it is, and that is no filter (HTTP 500, also when users are listed)";

/** Names beyond ASCII break the code of 2011 before it looks for them. */
function nameFault(name: string, { legacy }: LoginContext): string | undefined {
  return legacy?.nameRules.asciiOnly === true && /\P{ASCII}/u.test(name)
    ? 'the name is not ASCII (HTTP 500)'
    : undefined;
}

/** In 2011 a login is one to the tenant that it names, else to the default tenant; later all tenants are looked at. */
function rolesAsked(access: Access, { legacy, tenant }: LoginContext): readonly TenantAccess[] {
  if (legacy?.legacy === undefined) return access.tenants;
  if (legacy.legacy.roleWithoutEntry === 'harmless') return [];
  const asked = tenant ?? access.defaultTenant;
  return access.tenants.filter((one) => one.tenant === asked);
}

/** Some milestones look at the default tenant on every login. */
async function tenantRefusal(
  { defaultTenant }: Access,
  entry: Entry,
  { legacy, reader }: LoginContext,
): Promise<string | undefined> {
  if (legacy?.legacy?.disabledDefaultTenant !== 'HTTP 403' || defaultTenant === undefined) return undefined;
  const [first] = await reader.memberTenants(entry.dn);
  if (first === undefined || (await reader.isEnabled('tenant', first)) !== false) return undefined;
  return `the default tenant ${defaultTenant} is disabled (HTTP 403, also in other tenants)`;
}

/** Where LDAP holds domains, the user's must be there, and enabled. */
async function domainRefusal(
  entry: Entry,
  { reader, layout }: Pick<LoginContext, 'reader' | 'layout'>,
): Promise<string | undefined> {
  const attribute = layout.user.domain;
  if (attribute === undefined) return undefined;
  const [id] = valuesOf(entry, attribute);
  if (id === undefined) return `the user is in no domain (${attribute})`;
  const domain = await reader.byId('domain', id);
  if (domain === undefined) return `there is no domain ${id}, which the user is in`;
  return (await reader.isEnabled('domain', domain)) === false ? `the domain ${id} is disabled` : undefined;
}

async function bindRefusal(
  dn: string,
  password: Secret,
  { server }: LoginContext,
): Promise<string | undefined> {
  try {
    const session = await openSession({ ...server, credentials: { kind: 'simple', dn, password } });
    await session[Symbol.asyncDispose]();
    return undefined;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.code !== 'AUTH_FAILED') throw error;
    return error.resultCode === 49 ? 'wrong password' : error.message;
  }
}

/** Where a role in a tenant counts as access, a tenant appears for either reason. */
async function accessOf(
  entry: Entry,
  members: readonly Entry[],
  context: LoginContext,
): Promise<readonly TenantAccess[]> {
  const { reader, layout } = context;
  const found = new Map<string, { tenant: Entry; roles: string[] }>();
  for (const tenant of members) found.set(rdnOf(tenant.dn).value, { tenant, roles: [] });
  for (const { role, tenantDn } of await reader.tenantRoles(entry.dn)) {
    const id = rdnOf(tenantDn).value;
    const tenant =
      found.get(id)?.tenant ??
      (layout.tenantAccess === 'member' ? undefined : await reader.tenantAt(tenantDn));
    if (tenant === undefined) continue;
    const access = found.get(id) ?? { tenant, roles: [] };
    access.roles.push(role);
    found.set(id, access);
  }
  return await Promise.all(
    [...found.values()].map(async ({ tenant, roles }) => ({
      tenant: nameOf('tenant', tenant, layout),
      enabled: (await reader.isEnabled('tenant', tenant)) !== false,
      roles,
    })),
  );
}

/** A role in a tenant is looked up by its name; where the role itself is gone every login of its holders breaks. */
async function missingRole(
  tenants: readonly TenantAccess[],
  reader: KeystoneReader,
): Promise<string | undefined> {
  for (const name of new Set(tenants.flatMap(({ roles }) => roles)))
    if ((await reader.byId('role', name)) === undefined)
      return `role ${name} is granted in a tenant but does not exist (HTTP 500)`;
  return undefined;
}

function nameOf(kind: EntryKind, entry: Entry, layout: Layout): string {
  const { nameAttribute } = layoutOf(layout, kind);
  return (
    (nameAttribute === undefined ? undefined : valuesOf(entry, nameAttribute)[0]) ?? rdnOf(entry.dn).value
  );
}
