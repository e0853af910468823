import { equalDn } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import { identityDn, type EntryContext } from '../identities/desired-entries.ts';
import type { User } from '../identities/identities.ts';
import type { Finding } from './finding.ts';
import { notFound } from './identity-findings.ts';
import type { KeystoneReader } from './keystone-reader.ts';
import { SEED_REMEDY } from './seed-remedy.ts';

/** Keystone has no attribute for it: the default tenant is the first one whose `member` the user is. */
export async function* verifyDefaultTenant(
  reader: KeystoneReader,
  user: User,
  entry: Entry,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const tenants = (await reader.memberTenants(entry.dn)).map(({ dn }) => dn);
  const wanted = user.tenant === undefined ? undefined : identityDn('tenant', user.tenant, context);
  const [first, second] = tenants;
  const subject = `user ${user.name}`;
  if (!context.layout.membershipIsDefault) {
    if (wanted !== undefined && !tenants.some((dn) => equalDn(dn, wanted)))
      yield notFound('GRANT_MISSING', `access of ${subject} to tenant ${user.tenant ?? ''}`);
    return;
  }
  if (wanted !== undefined && (first === undefined || !equalDn(first, wanted)))
    yield {
      code: 'DEFAULT_TENANT_DIFFERS',
      severity: 'error',
      subject,
      message: `Keystone takes ${first ?? 'none'} for the default tenant instead of ${user.tenant ?? ''}`,
      remedy: first === undefined ? SEED_REMEDY : `Remove the member value ${entry.dn} from ${first}.`,
    };
  if (second !== undefined)
    yield {
      code: 'DEFAULT_TENANT_DIFFERS',
      severity: 'warning',
      subject,
      message: `it is a member of ${tenants.length} tenants; the one that the server returns first is its default tenant`,
      remedy: MEMBERSHIP_REMEDIES[context.layout.tenantAccess],
    };
}

const MEMBERSHIP_REMEDIES = {
  member: 'Keep one membership; in this release no other thing gives access to a tenant.',
  role: '',
  'member-or-role': 'Give access to further tenants by roles in them.',
} as const;
