import { childDn, equalDn } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { identityDn, type EntryContext } from '../identities/desired-entries.ts';
import type { Grant, Identities, Role, Tenant, User } from '../identities/identities.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { KeystoneReader } from './keystone-reader.ts';
import { SEED_REMEDY } from './seed-remedy.ts';
import { verifyDefaultTenant } from './verify-default-tenant.ts';
import { verifyStoredPassword } from './verify-stored-password.ts';

/** Asks for every identity the way the release asks, and says what it would not get. */
export async function* verifyIdentities(
  reader: KeystoneReader,
  identities: Identities,
  context: EntryContext,
): AsyncGenerator<Finding> {
  for (const tenant of identities.tenants) yield* verifyTenant(reader, tenant, context);
  for (const user of identities.users) yield* verifyUser(reader, user, context);
  for (const role of identities.roles) yield* verifyRole(reader, role, context);
  for (const grant of identities.grants) yield* verifyGrant(reader, grant, context);
}

async function* verifyTenant(
  reader: KeystoneReader,
  tenant: Tenant,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const subject = `tenant ${tenant.name}`;
  const found = await reader.byName('tenant', tenant.name);
  const entry = found[0];
  if (entry === undefined) {
    const dn = identityDn('tenant', tenant.name, context);
    yield await missing(reader, 'TENANT_MISSING', { subject, dn, marker: context.layout.tenant.marker });
    return;
  }
  yield* verifyUnique(subject, found);
  yield* verifyEnabled(subject, entry, tenant.enabled);
  yield* verifyAttribute(subject, entry, 'description', tenant.description);
  const members = reader.members(entry);
  for (const member of members) if (!(await reader.isUser(member))) yield unknownMember(subject, member);
  for (const name of tenant.members ?? []) {
    const wanted = identityDn('user', name, context);
    if (!members.some((member) => equalDn(member, wanted)))
      yield notFound('GRANT_MISSING', `access of user ${name} to tenant ${tenant.name}`);
  }
}

async function* verifyUser(
  reader: KeystoneReader,
  user: User,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const subject = `user ${user.name}`;
  const found = await reader.byName('user', user.name);
  const entry = found[0];
  if (entry === undefined) {
    const dn = identityDn('user', user.name, context);
    yield await missing(reader, 'USER_MISSING', { subject, dn, marker: context.layout.user.marker });
    return;
  }
  yield* verifyUnique(subject, found);
  yield* verifyEnabled(subject, entry, user.enabled);
  yield* verifyAttribute(subject, entry, 'mail', user.email);
  if (user.password !== undefined) yield* verifyStoredPassword(reader, subject, entry, context.layout);
  yield* verifyDefaultTenant(reader, user, entry, context);
}

async function* verifyRole(
  reader: KeystoneReader,
  role: Role,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const subject = `role ${role.name}`;
  const entry = await reader.role(role.name);
  if (entry === undefined) {
    const dn = identityDn('role', role.name, context);
    yield await missing(reader, 'ROLE_MISSING', { subject, dn, marker: context.layout.role.marker });
    return;
  }
  yield* verifyAttribute(subject, entry, 'description', role.description);
  yield* verifyAttribute(subject, entry, 'serviceId', role.service);
  for (const member of reader.members(entry))
    if (!(await reader.isUser(member))) yield unknownMember(subject, member);
}

async function* verifyGrant(
  reader: KeystoneReader,
  grant: Grant,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const { role, user, tenant } = grant;
  const userDn = identityDn('user', user, context);
  if (tenant === undefined) {
    const roles = await reader.globalRoles(userDn);
    if (!roles.some((name) => name.toLowerCase() === role.toLowerCase()))
      yield notFound('GRANT_MISSING', `role ${role} of user ${user} everywhere`);
    return;
  }
  const subject = `role ${role} of user ${user} in tenant ${tenant}`;
  const tenantDn = identityDn('tenant', tenant, context);
  const holders = await reader.holders(role, tenantDn);
  if (holders === undefined)
    yield await missing(reader, 'GRANT_MISSING', {
      subject,
      dn: childDn('cn', role, tenantDn),
      marker: context.layout.grant.marker,
    });
  else if (!holders.some((dn) => equalDn(dn, userDn))) yield notFound('GRANT_MISSING', subject);
}

function* verifyUnique(subject: string, found: readonly Entry[]): Generator<Finding> {
  if (found.length < 2) return;
  const dns = found.map(({ dn }) => dn);
  yield {
    code: 'NAME_AMBIGUOUS',
    severity: 'error',
    subject,
    message: `${found.length} entries have this name (${dns.join('; ')}); Keystone takes the first that it gets`,
    remedy: 'Delete or rename all but one.',
  };
}

function* verifyEnabled(subject: string, entry: Entry, enabled: boolean): Generator<Finding> {
  const value = valuesOf(entry, 'keystoneEnabled')[0];
  if (value === (enabled ? 'TRUE' : 'FALSE')) return;
  yield {
    code: 'ENABLED_DIFFERS',
    severity: 'error',
    subject,
    message: `keystoneEnabled of ${entry.dn} is ${value ?? 'missing'}, it should say ${enabled ? 'TRUE' : 'FALSE'}`,
    remedy: SEED_REMEDY,
  };
}

function* verifyAttribute(
  subject: string,
  entry: Entry,
  attribute: string,
  value: string | undefined,
): Generator<Finding> {
  const values = valuesOf(entry, attribute);
  if (value === undefined || values.includes(value)) return;
  yield {
    code: 'ATTRIBUTE_DIFFERS',
    severity: 'warning',
    subject,
    message: `${attribute} of ${entry.dn} is ${values.join(', ') || 'missing'}, it should say ${value}`,
    remedy: SEED_REMEDY,
  };
}

interface Sought {
  readonly subject: string;
  readonly dn: string;
  /** The class by which Keystone looks for it. */
  readonly marker: string;
}

/** What Keystone does not find is not there, or there with classes that hide it. */
async function missing(
  reader: KeystoneReader,
  code: FindingCode,
  { subject, dn, marker }: Sought,
): Promise<Finding> {
  const classes = await reader.classesAt(dn);
  if (classes === undefined) return notFound(code, subject);
  return {
    code: 'OTHER_KIND',
    severity: 'error',
    subject,
    message: `${dn} is an entry of another kind (${classes.join(', ')}), which Keystone does not take for a ${marker}`,
    remedy:
      'Rename or remove that entry, or give tenants and roles trees of their own (--tenant-tree-dn, --role-tree-dn).',
  };
}

function notFound(code: FindingCode, subject: string): Finding {
  return { code, severity: 'error', subject, message: 'Keystone does not find it', remedy: SEED_REMEDY };
}

function unknownMember(subject: string, member: string): Finding {
  return {
    code: 'MEMBER_UNKNOWN',
    severity: 'error',
    subject,
    message: `its member ${member} is no user that Keystone can read; listing the users of the tenant or role ends in HTTP 500`,
    remedy: 'Remove that member value.',
  };
}
