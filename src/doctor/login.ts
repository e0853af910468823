import { rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { openSession, type SessionOptions } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { publicId } from '../identities/public-id.ts';
import { verifySha512Crypt } from '../identities/password-hash.ts';
import { layoutOf } from '../releases/layout-of.ts';
import type { EntryKind, Layout } from '../releases/release.ts';
import { Secret } from '../secret.ts';
import type { KeystoneReader } from './keystone-reader.ts';

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
}

/** Logs a user in as the release does, and reads the tenants and roles that the user would get. */
export async function login(user: string, password: Secret, context: LoginContext): Promise<LoginAnswer> {
  const { reader } = context;
  const [entry] = await reader.byName('user', user);
  if (entry === undefined)
    return { ...NOTHING, user, dn: undefined, id: undefined, refusal: 'there is no such user' };
  const access = context.layout.tenant === undefined ? NOTHING : await tenantsOf(entry, context);
  const groups = context.layout.group === undefined ? [] : await reader.groupsOf(entry);
  const refusal = (await refusalOf(entry, password, context)) ?? (await missingRole(access.tenants, reader));
  return {
    ...access,
    user,
    dn: entry.dn,
    id: reader.idOf('user', entry),
    refusal,
    groups: groups.map((group) => nameOf('group', group, context.layout)),
    publicIds: publicIdsOf(entry, groups, context),
  };
}

function publicIdsOf(
  user: Entry,
  groups: readonly Entry[],
  { reader, layout, domainId }: LoginContext,
): PublicIds | undefined {
  if (domainId === undefined) return undefined;
  return {
    user: publicId(domainId, 'user', reader.idOf('user', user)),
    groups: groups.map((group) => ({
      group: nameOf('group', group, layout),
      id: publicId(domainId, 'group', reader.idOf('group', group)),
    })),
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

async function refusalOf(entry: Entry, password: Secret, context: LoginContext): Promise<string | undefined> {
  if (password.reveal() === '') return 'the password is empty';
  const { password: form, passwordAttribute, enabled } = context.layout.user;
  const is = await context.reader.isEnabled('user', entry);
  // Where no group says who is enabled, nobody is.
  if (is === false || (is === undefined && enabled.kind === 'group')) return 'the user is disabled';
  const domain = await domainRefusal(entry, context);
  if (domain !== undefined) return domain;
  if (form !== 'sha512-crypt') return await bindRefusal(entry.dn, password, context);
  const [stored] = valuesOf(entry, passwordAttribute);
  if (stored === undefined)
    return (await context.reader.lacksPassword(entry.dn))
      ? 'the user has no password (HTTP 500)'
      : 'the stored password cannot be read with this identity (HTTP 500)';
  if (!stored.startsWith('$6$')) return 'the first userPassword is no bare $6$ hash (HTTP 500)';
  return verifySha512Crypt(password, new Secret(stored)) ? undefined : 'wrong password';
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
