import { equalDn } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import { identityDn, type EntryContext } from '../identities/entries/identity-dn.ts';
import type { User } from '../identities/identities.ts';
import type { Finding } from './finding.ts';
import { notFound } from './identity-findings.ts';
import type { KeystoneReader } from './keystone-reader.ts';
import { SEED_REMEDY } from './seed-remedy.ts';

/** The tenant of a user: a membership that gives access, or the first one found, which is the default tenant. */
export async function* verifyDefaultTenant(
  reader: KeystoneReader,
  user: User,
  entry: Entry,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const found = (await reader.memberTenants(entry.dn)).map(({ dn }) => dn);
  const wanted = user.tenant === undefined ? undefined : identityDn('tenant', user.tenant, context);
  const subject = `user ${user.name}`;
  if (context.layout.membershipIsDefault)
    yield* firstMembership(subject, { user, entry, wanted, found }, context);
  else if (wanted !== undefined && !found.some((dn) => equalDn(dn, wanted)))
    yield notFound('GRANT_MISSING', `access of ${subject} to tenant ${user.tenant ?? ''}`);
}

interface Memberships {
  readonly user: User;
  readonly entry: Entry;
  readonly wanted: string | undefined;
  readonly found: readonly string[];
}

function* firstMembership(
  subject: string,
  { user, entry, wanted, found }: Memberships,
  { layout }: EntryContext,
): Generator<Finding> {
  const [first, second] = found;
  if (wanted !== undefined && (first === undefined || !equalDn(first, wanted)))
    yield {
      code: 'DEFAULT_TENANT_DIFFERS',
      severity: 'error',
      subject,
      message: `Keystone takes ${first ?? 'none'} for the default tenant instead of ${user.tenant ?? ''}`,
      remedy:
        first === undefined
          ? SEED_REMEDY
          : `Decide which tenant is to be the default one. If it is ${user.tenant ?? ''}, ${entry.dn} may be no member of ${first}, and loses the access that this gives.`,
    };
  if (second !== undefined)
    yield {
      code: 'DEFAULT_TENANT_DIFFERS',
      severity: 'warning',
      subject,
      message: `it is a member of ${found.length} tenants; the one that the server returns first is its default tenant`,
      remedy: MEMBERSHIP_REMEDIES[layout.tenantAccess],
    };
}

const MEMBERSHIP_REMEDIES = {
  member: 'Decide which membership is to stay; in this release no other thing gives access to a tenant.',
  role: '',
  'member-or-role':
    'Decide which tenant is to be the default one, and give access to the others by roles in them.',
} as const;
