import type { Entry } from '../directory/entry.ts';
import type { Release } from '../releases/release.ts';
import type { Secret } from '../secret.ts';
import type { KeystoneReader } from './keystone-reader.ts';

/** What happens to a user whose DN breaks the filters that it goes into. */
export const RAW_DN =
  "the user's DN goes into a search filter as it is, and that is no filter (HTTP 500, also when users are listed)";

/** Names beyond ASCII break the code of 2011 before it looks for them. */
export function legacyNameFault(name: string, { legacy, nameRules }: Release): string | undefined {
  return legacy !== undefined && nameRules.asciiOnly && /\P{ASCII}/u.test(name)
    ? 'the name is not ASCII (HTTP 500)'
    : undefined;
}

/** Some of that code cannot take or compare such passwords. */
export function legacyPasswordFault(password: Secret, { legacy }: Release): string | undefined {
  const answer = legacy?.nonAsciiPassword ?? 'let in';
  return answer !== 'let in' && /\P{ASCII}/u.test(password.reveal())
    ? `the password is not ASCII (${answer})`
    : undefined;
}

/** Some milestones look at the default tenant on every login. */
export async function legacyTenantFault(
  defaultTenant: string | undefined,
  entry: Entry,
  { release: { legacy }, reader }: { readonly release: Release; readonly reader: KeystoneReader },
): Promise<string | undefined> {
  if (legacy?.disabledDefaultTenant !== 'HTTP 403' || defaultTenant === undefined) return undefined;
  const [first] = await reader.memberTenants(entry.dn);
  if (first === undefined || (await reader.isEnabled('tenant', first)) !== false) return undefined;
  return `the default tenant ${defaultTenant} is disabled (HTTP 403, also in other tenants)`;
}

/** In 2011 a login is one to the tenant that it names, else to the default tenant; later all tenants are looked at. */
export function rolesAsked<Tenant extends { readonly tenant: string }>(
  access: { readonly defaultTenant: string | undefined; readonly tenants: readonly Tenant[] },
  { release: { legacy }, tenant }: { readonly release: Release; readonly tenant?: string | undefined },
): readonly Tenant[] {
  if (legacy === undefined) return access.tenants;
  if (legacy.roleWithoutEntry === 'harmless') return [];
  const asked = tenant ?? access.defaultTenant;
  return access.tenants.filter((one) => one.tenant === asked);
}
