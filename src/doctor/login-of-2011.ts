import type { Entry } from '../directory/entry.ts';
import type { Release } from '../releases/release.ts';
import type { Secret } from '../secret.ts';
import type { Shown } from './keystone-driver.ts';
import type { KeystoneReader } from './keystone-reader.ts';
import { nameOf } from './name-of.ts';

/** What happens to a user whose DN breaks the filters that it goes into. */
export const RAW_DN = "the user's DN goes into a search filter as it is, and that is no filter";

export const isNotAscii = (text: string): boolean => /\P{ASCII}/u.test(text);

/**
 * The entry that the name finds. The filters are made of each that has it; one that is no filter ends the search for all.
 */
export async function foundIn2011(
  name: string,
  { reader, release: { nameRules } }: LoginOf2011,
): Promise<Shown | undefined> {
  const entries = await reader.byName('user', name);
  const found = entries.map((entry) => ({ entry, id: reader.idOf('user', entry), name }));
  return found.find(({ id }) => reader.filterEffect(id, nameRules) === 'refused') ?? found[0];
}

interface LoginOf2011 {
  readonly release: Release;
  readonly reader: KeystoneReader;
}

/** Whom Keystone goes on with: it makes a DN of the id of the entry that it found, and reads that. */
export async function accountIn2011(
  found: Shown,
  { reader, release }: LoginOf2011,
): Promise<Shown | { readonly refusal: string }> {
  if (release.legacy === undefined) return found;
  const { entry, id, name } = found;
  const account = await reader.byId('user', id);
  if (account === undefined)
    return {
      refusal: `Keystone takes ${id} of ${entry.dn} for the id, and finds no ${reader.dnOf('user', id)} (HTTP 401)`,
    };
  const beyond = legacyNameFault(id, release);
  return beyond === undefined
    ? { entry: account, id: reader.idOf('user', account), name }
    : { refusal: 'the id of the user is not ASCII (HTTP 500)' };
}

/** Names beyond ASCII break the code of 2011 before it looks for them. */
export function legacyNameFault(name: string, { legacy, nameRules }: Release): string | undefined {
  return legacy !== undefined && nameRules.asciiOnly && isNotAscii(name)
    ? 'the name is not ASCII (HTTP 500)'
    : undefined;
}

/** Some of that code cannot take or compare such passwords. */
export function legacyPasswordFault(password: Secret, { legacy }: Release): string | undefined {
  const answer = legacy?.nonAsciiPassword ?? 'let in';
  return answer !== 'let in' && isNotAscii(password.reveal())
    ? `the password is not ASCII (${answer})`
    : undefined;
}

/** Some milestones look at the default tenant on every login. */
export async function legacyTenantFault(
  defaultTenant: string | undefined,
  entry: Entry,
  { release: { legacy }, reader }: LoginOf2011,
): Promise<string | undefined> {
  if (legacy?.disabledDefaultTenant !== 'HTTP 403' || defaultTenant === undefined) return undefined;
  const [first] = await reader.memberTenants(entry.dn);
  if (first === undefined || (await reader.isEnabled('tenant', first)) !== false) return undefined;
  return `the default tenant ${defaultTenant} is disabled (HTTP 403, also in other tenants)`;
}

interface Access {
  readonly tenants: readonly { readonly tenant: string; readonly roles: readonly string[] }[];
  readonly globalRoles: readonly string[];
}

/** What a login fails at whose password fits: the answer names the tenant and all roles. */
export async function answerFault(
  entry: Entry,
  access: Access,
  { release, reader, tenant }: LoginOf2011 & { readonly tenant?: string | undefined },
): Promise<string | undefined> {
  const { legacy, layout } = release;
  if (legacy === undefined) return undefined;
  const named = tenant === undefined ? undefined : (await reader.byName('tenant', tenant))[0];
  const asked = tenant === undefined ? (await reader.memberTenants(entry.dn))[0] : named;
  const fault = asked && (await tenantFault(asked, named !== undefined, { release, reader }));
  if (fault !== undefined) return fault;
  const roles = access.tenants.find((one) => one.tenant === (asked && nameOf('tenant', asked, layout)));
  return await roleFault([...(roles?.roles ?? []), ...access.globalRoles], { release, reader });
}

async function tenantFault(
  tenant: Entry,
  isNamed: boolean,
  { release, reader }: LoginOf2011,
): Promise<string | undefined> {
  const [id, name] = [reader.idOf('tenant', tenant), nameOf('tenant', tenant, release.layout)];
  if ((legacyNameFault(id, release) ?? legacyNameFault(name, release)) !== undefined)
    return `the name or id of the tenant ${name} is not ASCII (HTTP 500)`;
  const isRead = isNamed || release.legacy?.namesTenantAndRoles === true;
  if (!isRead || (await reader.byId('tenant', id)) !== undefined) return undefined;
  return `Keystone takes ${id} of ${tenant.dn} for the id of the tenant, and finds no ${reader.dnOf('tenant', id)} (HTTP ${isNamed ? 401 : 500})`;
}

/** A role is looked up by its id; where the role itself is gone every login of its holders breaks. */
async function roleFault(
  ids: readonly string[],
  { release, reader }: LoginOf2011,
): Promise<string | undefined> {
  if (release.legacy?.namesTenantAndRoles !== true) return undefined;
  for (const id of new Set(ids)) {
    if (legacyNameFault(id, release) !== undefined) return `the role ${id} is not ASCII (HTTP 500)`;
    if ((await reader.byId('role', id)) === undefined)
      return `role ${id} is granted but does not exist as ${reader.dnOf('role', id)} (HTTP 500)`;
  }
  return undefined;
}
