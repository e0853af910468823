import { rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { openSession, type SessionOptions } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { verifySha512Crypt } from '../identities/password-hash.ts';
import type { Layout } from '../releases/release.ts';
import { Secret } from '../secret.ts';
import type { KeystoneReader } from './keystone-reader.ts';

/** What Keystone would answer to a user and a password. */
export interface LoginAnswer {
  readonly user: string;
  readonly dn: string | undefined;
  /** Why the login fails; `undefined` where it succeeds. */
  readonly refusal: string | undefined;
  readonly defaultTenant: string | undefined;
  readonly tenants: readonly TenantAccess[];
  /** Roles held everywhere. */
  readonly globalRoles: readonly string[];
}

export interface TenantAccess {
  readonly tenant: string;
  readonly enabled: boolean;
  readonly roles: readonly string[];
}

export interface LoginContext {
  readonly reader: KeystoneReader;
  readonly layout: Layout;
  /** How to reach the server; `clear` passwords are checked by a bind of the user's own. */
  readonly server: Omit<SessionOptions, 'credentials'>;
}

/** Logs a user in as the release does, and reads the tenants and roles that the user would get. */
export async function login(user: string, password: Secret, context: LoginContext): Promise<LoginAnswer> {
  const { reader } = context;
  const [entry] = await reader.byName('user', user);
  if (entry === undefined)
    return {
      user,
      dn: undefined,
      refusal: 'there is no such user',
      defaultTenant: undefined,
      tenants: [],
      globalRoles: [],
    };
  const members = await reader.memberTenants(entry.dn);
  const tenants = await accessOf(entry, members, context);
  const globalRoles = await reader.globalRoles(entry.dn);
  const refusal = (await refusalOf(entry, password, context)) ?? (await missingRole(tenants, reader));
  return {
    user,
    dn: entry.dn,
    refusal,
    defaultTenant: members[0] && nameOf(members[0], context.layout),
    tenants,
    globalRoles,
  };
}

async function refusalOf(entry: Entry, password: Secret, context: LoginContext): Promise<string | undefined> {
  if (password.reveal() === '') return 'the password is empty';
  if (valuesOf(entry, 'keystoneEnabled')[0] !== 'TRUE') return 'the user is disabled';
  if (context.layout.user.password === 'clear') return await bindRefusal(entry.dn, password, context);
  const [stored] = valuesOf(entry, 'userPassword');
  if (stored === undefined)
    return (await context.reader.lacksPassword(entry.dn))
      ? 'the user has no password (HTTP 500)'
      : 'the stored password cannot be read with this identity (HTTP 500)';
  if (!stored.startsWith('$6$')) return 'the first userPassword is no bare $6$ hash (HTTP 500)';
  return verifySha512Crypt(password, new Secret(stored)) ? undefined : 'wrong password';
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
  return [...found.values()].map(({ tenant, roles }) => ({
    tenant: nameOf(tenant, layout),
    enabled: valuesOf(tenant, 'keystoneEnabled')[0] === 'TRUE',
    roles,
  }));
}

/** A role in a tenant is looked up by its name; where the role itself is gone every login of its holders breaks. */
async function missingRole(
  tenants: readonly TenantAccess[],
  reader: KeystoneReader,
): Promise<string | undefined> {
  for (const name of new Set(tenants.flatMap(({ roles }) => roles)))
    if ((await reader.role(name)) === undefined)
      return `role ${name} is granted in a tenant but does not exist (HTTP 500)`;
  return undefined;
}

function nameOf(tenant: Entry, { tenant: { nameAttribute } }: Layout): string {
  return (
    (nameAttribute === undefined ? undefined : valuesOf(tenant, nameAttribute)[0]) ?? rdnOf(tenant.dn).value
  );
}
