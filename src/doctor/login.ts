import { equalDn, rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import type { Session, SessionOptions } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { verifySha512Crypt } from '../identities/passwords/password-hash.ts';
import type { RawFilterEffect } from '../identities/check/raw-filter.ts';
import { publicId } from '../identities/entries/public-id.ts';
import { LOCAL_IDS, type ShownIds } from '../keystone-conf/modern/shown-ids.ts';
import { seriesOf } from '../releases/catalogue.ts';
import { readsPassword } from '../releases/reads-password.ts';
import type { EntryKind, Layout, Release, Trees } from '../releases/release.ts';
import { Secret } from '../secret.ts';
import { bindAsUser, type BindAnswer } from './bind-refusal.ts';
import { keptUserFault, notifiedUserFault, requireMappable } from './database-limits.ts';
import { enabledBecause, type EnabledState } from './enabled-because.ts';
import { KeystoneFailure, type Shown } from './keystone-driver.ts';
import { KeystoneReader } from './keystone-reader.ts';
import {
  accountIn2011,
  answerFault,
  foundIn2011,
  legacyNameFault,
  legacyPasswordFault,
  legacyTenantFault,
  RAW_DN,
} from './login-of-2011.ts';
import { nameOf } from './name-of.ts';
import { storedPasswordFault } from './stored-password-fault.ts';

/** What Keystone would answer to a user and a password. */
export interface LoginAnswer {
  readonly user: string;
  /** Whether Keystone treats the user as enabled, and why; absent where there is no such user. */
  readonly enabled?: boolean;
  readonly why?: string;
  readonly dn: string | undefined;
  /** The value of the id attribute. */
  readonly id: string | undefined;
  /** Why the login fails; `undefined` where it succeeds. With `(HTTP 500)` where Keystone fails, else it answers 401. */
  readonly refusal: string | undefined;
  /** The entry whose password counts, if that is another one with the same id. */
  readonly passwordOf?: string | undefined;
  /** What the server demands of the user, though Keystone lets the user in. */
  readonly remark?: string | undefined;
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

/** Where to log in: a {@link Backend} and the connection that `connectAsKeystone` makes of it have all of it. */
export interface LoginTarget {
  /** With the account of keystone.conf. */
  readonly session: Session;
  readonly release: Release;
  readonly trees: Trees;
  /** How to reach the server; unless Keystone compares a hash itself, it binds as the user. */
  readonly server: Omit<SessionOptions, 'credentials'>;
  /** Which ids Keystone shows; those of the directory unless told. */
  readonly ids?: ShownIds;
  /** 0 where Keystone asks for all entries at once. */
  readonly pageSize?: number;
  /** The kinds for which Keystone fails at every search, and why: a sentence's main clause. */
  readonly unsearchable?: ReadonlySet<EntryKind> | undefined;
  readonly unsearchableBecause?: string | undefined;
  /** Why a filter by which Keystone looks for the user or the groups is none. */
  readonly misnamed?: string | undefined;
  /** Why Keystone fails at every login to a project. */
  readonly projectLoginFault?: string | undefined;
  /** The tenant that the login names; else it is one to the default tenant, in 2011. */
  readonly tenant?: string | undefined;
}

interface LoginContext extends Pick<LoginTarget, 'session' | 'server' | 'release' | 'misnamed'> {
  readonly ids: ShownIds;
  readonly reader: KeystoneReader;
  readonly layout: Layout;
  readonly trees: Trees;
  /** Why Keystone cannot search for users by their ids; names are searched for without the filter. */
  readonly userFault: string | undefined;
  /** Why Keystone cannot search for groups. */
  readonly groupFault: string | undefined;
}

/**
 * Logs a user in as the release does, and reads the tenants and roles that the user would get.
 * @throws where the directory cannot be asked; what Keystone answers is no exception
 */
export async function login(user: string, password: Secret, target: LoginTarget): Promise<LoginAnswer> {
  try {
    return await answerOf(user, password, target);
  } catch (error) {
    if (!(error instanceof KeystoneFailure)) throw error;
    return { ...NOTHING, ...NOBODY, user, refusal: failureText(error) };
  }
}

function contextOf(target: LoginTarget): LoginContext {
  const { session, release, trees, server, ids = LOCAL_IDS, pageSize } = target;
  const { layout } = release;
  const { unsearchable, unsearchableBecause: why = 'the settings make no search' } = target;
  const faultOf = (kind: EntryKind): string | undefined =>
    unsearchable?.has(kind) === true ? why : undefined;
  const [userFault, groupFault] = [faultOf('user'), faultOf('group')];
  const reader = KeystoneReader.ofNames(session, { layout, trees, pageSize });
  const { misnamed } = target;
  return { session, reader, layout, trees, server, release, ids, userFault, groupFault, misnamed };
}

async function answerOf(user: string, password: Secret, target: LoginTarget): Promise<LoginAnswer> {
  const context = contextOf(target);
  const { release, reader, ids } = context;
  const unnamed = legacyNameFault(user, release);
  if (unnamed !== undefined) return { ...NOTHING, ...NOBODY, user, refusal: unnamed };
  const found = await foundBy(user, context);
  if (found === undefined) return { ...NOTHING, ...NOBODY, user, refusal: 'there is no such user' };
  requireMappable(found, ids, seriesOf(release));
  const effect = reader.filterEffect(found.id, release.nameRules);
  const place = { dn: found.entry.dn, id: found.id };
  if (effect === 'refused')
    return { ...NOTHING, ...place, user, refusal: `${RAW_DN} (HTTP 500, also when users are listed)` };
  const account = await accountIn2011(found, context);
  if ('refusal' in account) return { ...NOTHING, ...place, user, refusal: account.refusal };
  return await answerTo(account, { user, password, effect, target }, context);
}

interface Asked {
  readonly user: string;
  readonly password: Secret;
  readonly effect: RawFilterEffect | undefined;
  readonly target: LoginTarget;
}

/** What becomes of the login of a user who was found. */
async function answerTo(
  found: Shown,
  { user, password, effect, target }: Asked,
  context: LoginContext,
): Promise<LoginAnswer> {
  const { reader, layout, ids } = context;
  const { entry, id } = found;
  const state = await enabledBecause(reader.driver, found, context);
  const seesTenants = layout.tenant !== undefined && effect === undefined;
  const access = seesTenants ? await tenantsOf(entry, context) : NOTHING;
  const bound = await refusalOf(found, state, password, context);
  const { groups, failure } = await groupsOf(id, bound, context);
  const refusal =
    bound.refusal ??
    failure ??
    (target.projectLoginFault && failureText({ status: 500, why: target.projectLoginFault })) ??
    (await legacyTenantFault(access.defaultTenant, entry, context)) ??
    (await answerFaultOf(entry, access, { ...context, tenant: target.tenant }));
  return {
    ...access,
    ...state,
    user,
    dn: entry.dn,
    id,
    refusal,
    ...(bound.passwordOf !== undefined && { passwordOf: bound.passwordOf }),
    remark: bound.remark,
    // A name may be ignored (group_attribute_ignore).
    groups: groups.map(({ id: group, name }) => (name === '' ? group : name)),
    publicIds: publicIdsOf(id, groups, ids),
  };
}

async function answerFaultOf(
  entry: Entry,
  access: Access,
  context: LoginContext & Pick<LoginTarget, 'tenant'>,
): Promise<string | undefined> {
  return context.release.legacy === undefined
    ? await missingRole(access.tenants, context.reader)
    : await answerFault(entry, access, context);
}

function failureText({ status, why }: Pick<KeystoneFailure, 'status' | 'why'>): string {
  return why.endsWith(`HTTP ${status}`) ? why : `${why} (HTTP ${status})`;
}

function isInvalidFilter(error: unknown): boolean {
  return error instanceof KeystoneLdapError && error.code === 'INPUT_INVALID';
}

async function foundBy(name: string, context: LoginContext): Promise<Shown | undefined> {
  const { reader, layout } = context;
  if (layout.lookup === 'dn') return await foundIn2011(name, context);
  try {
    return await reader.driver.byName('user', name);
  } catch (error) {
    const why = context.userFault ?? context.misnamed;
    if (why === undefined || !isInvalidFilter(error)) throw error;
    throw new KeystoneFailure(500, why);
  }
}

/** Keystone asks for them once the user is in; where it then fails, so does a login to a project. */
async function groupsOf(
  userId: string,
  { refusal }: BindAnswer,
  { reader, layout, ids, release, groupFault, misnamed }: LoginContext,
): Promise<{ readonly groups: readonly Shown[]; readonly failure?: string }> {
  if (layout.group === undefined) return { groups: [] };
  if (groupFault !== undefined) return { groups: [], failure: failureText({ status: 500, why: groupFault }) };
  try {
    const groups = await reader.driver.groupsOf(userId);
    for (const group of groups) requireMappable(group, ids, seriesOf(release));
    return { groups };
  } catch (error) {
    if (error instanceof KeystoneFailure) return { groups: [], failure: failureText(error) };
    if (misnamed !== undefined && isInvalidFilter(error))
      return { groups: [], failure: failureText({ status: 500, why: misnamed }) };
    if (refusal !== undefined && error instanceof KeystoneLdapError) return { groups: [] };
    throw error;
  }
}

function publicIdsOf(userId: string, groups: readonly Shown[], ids: ShownIds): PublicIds | undefined {
  if (ids.kind !== 'public') return undefined;
  const { domainId } = ids;
  return {
    user: publicId(domainId, 'user', userId),
    groups: groups.map(({ id, name }) => ({ group: name, id: publicId(domainId, 'group', id) })),
  };
}

type Access = Pick<LoginAnswer, 'defaultTenant' | 'tenants' | 'globalRoles' | 'groups'>;

const NOTHING: Access = { defaultTenant: undefined, tenants: [], globalRoles: [], groups: [] };

const NOBODY = { dn: undefined, id: undefined } as const;

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

/** `passwordOf` is another entry with the same id, as whom Keystone binds. */
interface BoundAnswer extends BindAnswer {
  readonly passwordOf?: string;
}

async function refusalOf(
  found: Shown,
  { enabled }: EnabledState,
  password: Secret,
  context: LoginContext,
): Promise<BoundAnswer> {
  const { entry, id } = found;
  if (!enabled) return { refusal: 'the user is disabled' };
  const domain = await domainRefusal(entry, context);
  if (domain !== undefined) return { refusal: domain };
  const unnotified = notifiedUserFault(found, context);
  if (unnotified !== undefined) return { refusal: failureText(unnotified) };
  if (context.userFault !== undefined)
    return { refusal: failureText({ status: 500, why: context.userFault }) };
  // Whom Keystone finds by the id has the password, and is kept.
  const account = context.layout.lookup === 'dn' ? found : await context.reader.driver.byId('user', id);
  if (account === undefined)
    return { refusal: `Keystone does not find ${entry.dn} by its id, for which the filter counts` };
  if (password.reveal() === '') return { refusal: 'the password is empty' };
  const { session, server } = context;
  const { refusesAll } = context.layout.user;
  if (refusesAll !== undefined) return { refusal: refusesAll };
  const beyond = legacyPasswordFault(password, context.release);
  if (beyond !== undefined) return { refusal: beyond };
  if (!readsPassword(context.layout.user.password))
    return {
      ...orUnkept(await bindAsUser({ dn: account.entry.dn, password }, session, server), account, context),
      ...(!equalDn(account.entry.dn, entry.dn) && { passwordOf: account.entry.dn }),
    };
  return { refusal: await hashRefusal(entry, password, context) };
}

function orUnkept(answer: BindAnswer, account: Shown, context: LoginContext): BindAnswer {
  const unkept = answer.refusal === undefined ? keptUserFault(account, context) : undefined;
  return unkept === undefined ? answer : { refusal: failureText(unkept) };
}

async function hashRefusal(
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
    return 'the first userPassword is not a bare $6$ hash (HTTP 500)';
  if (fault !== undefined) return `the first userPassword ${fault}`;
  const fits =
    form === 'compared' ? stored === password.reveal() : verifySha512Crypt(password, new Secret(stored));
  return fits ? undefined : 'wrong password';
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
      return `role ${name} is granted in a project but does not exist (HTTP 404)`;
  return undefined;
}
