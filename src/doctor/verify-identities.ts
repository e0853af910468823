import { equalDn } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { identityDn, type EntryContext } from '../identities/desired-entries.ts';
import type { Grant, Identities, Role, Tenant, User } from '../identities/identities.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { KeystoneReader } from './keystone-reader.ts';

const SEED = 'Run "keystone-ldap seed" with the same options.';

/** Asks for every identity the way the release asks, and says what it would not get. */
export async function* verifyIdentities(
  reader: KeystoneReader,
  identities: Identities,
  context: EntryContext,
): AsyncGenerator<Finding> {
  for (const tenant of identities.tenants) yield* verifyTenant(reader, tenant);
  for (const user of identities.users) yield* verifyUser(reader, user, context);
  for (const role of identities.roles) yield* verifyRole(reader, role, context);
  for (const grant of identities.grants) yield* verifyGrant(reader, grant, context);
}

async function* verifyTenant(reader: KeystoneReader, tenant: Tenant): AsyncGenerator<Finding> {
  const subject = `tenant ${tenant.name}`;
  const found = await reader.byName('tenant', tenant.name);
  const entry = found[0];
  if (entry === undefined) {
    yield missing('TENANT_MISSING', subject);
    return;
  }
  yield* verifyUnique(subject, found);
  yield* verifyEnabled(subject, entry, tenant.enabled);
  yield* verifyAttribute(subject, entry, 'description', tenant.description);
  for (const member of reader.members(entry))
    if (!(await reader.isUser(member))) yield unknownMember(subject, member);
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
    yield missing('USER_MISSING', subject);
    return;
  }
  yield* verifyUnique(subject, found);
  yield* verifyEnabled(subject, entry, user.enabled);
  yield* verifyAttribute(subject, entry, 'mail', user.email);
  if (user.password !== undefined) yield* verifyStoredPassword(subject, entry, context);
  yield* verifyDefaultTenant(reader, user, entry, context);
}

async function* verifyDefaultTenant(
  reader: KeystoneReader,
  user: User,
  entry: Entry,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const tenants = (await reader.memberTenants(entry.dn)).map(({ dn }) => dn);
  const wanted = user.tenant === undefined ? undefined : identityDn('tenant', user.tenant, context);
  const [first, second] = tenants;
  const subject = `user ${user.name}`;
  if (wanted !== undefined && (first === undefined || !equalDn(first, wanted)))
    yield {
      code: 'DEFAULT_TENANT_DIFFERS',
      severity: 'error',
      subject,
      message: `Keystone takes ${first ?? 'none'} for the default tenant instead of ${wanted}`,
      remedy: first === undefined ? SEED : `Remove the member value ${entry.dn} from ${first}.`,
    };
  if (second !== undefined)
    yield {
      code: 'DEFAULT_TENANT_DIFFERS',
      severity: 'warning',
      subject,
      message: `it is a member of ${tenants.length} tenants; the one that the server returns first is its default tenant`,
      remedy: 'Give access to further tenants by roles in them.',
    };
}

async function* verifyRole(
  reader: KeystoneReader,
  role: Role,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const subject = `role ${role.name}`;
  const entry = await reader.role(role.name);
  if (entry === undefined) {
    yield missing('ROLE_MISSING', `${subject} (${identityDn('role', role.name, context)})`);
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
  const held =
    tenant === undefined
      ? (await reader.globalRoles(userDn)).some((name) => name.toLowerCase() === role.toLowerCase())
      : ((await reader.holders(role, identityDn('tenant', tenant, context))) ?? []).some((dn) =>
          equalDn(dn, userDn),
        );
  if (!held)
    yield missing(
      'GRANT_MISSING',
      `role ${role} of user ${user} ${tenant === undefined ? 'everywhere' : `in tenant ${tenant}`}`,
    );
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
    remedy: SEED,
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
    remedy: SEED,
  };
}

/** Only what can be told without the password: that Keystone can read one, and in a form that it understands. */
function* verifyStoredPassword(subject: string, entry: Entry, { layout }: EntryContext): Generator<Finding> {
  if (layout.user.password === 'clear') return; // checked by a bind, for which Keystone need not read it
  const [stored] = valuesOf(entry, 'userPassword');
  if (stored === undefined)
    yield {
      code: 'PASSWORD_UNREADABLE',
      severity: 'error',
      subject,
      message: `userPassword of ${entry.dn} cannot be read with this identity, or is missing; every login fails`,
      remedy:
        'Give the identity of keystone.conf read access to userPassword, or set a password with "keystone-ldap seed --reset-passwords".',
    };
  else if (!stored.startsWith('$6$'))
    yield {
      code: 'PASSWORD_FORM',
      severity: 'error',
      subject,
      message: `the first userPassword of ${entry.dn} is no bare $6$ hash${schemeOf(stored)}; login ends in HTTP 500`,
      remedy:
        'Switch off ppolicy_hash_cleartext for the user tree, then run "keystone-ldap seed --reset-passwords".',
    };
}

/** The storage scheme in front of a value; never the value. */
function schemeOf(stored: string): string {
  const scheme = /^\{[A-Za-z0-9-]+\}/.exec(stored)?.[0];
  return scheme === undefined ? '' : ` but ${scheme}, perhaps hashed by the server`;
}

function missing(code: FindingCode, subject: string): Finding {
  return { code, severity: 'error', subject, message: 'Keystone does not find it', remedy: SEED };
}

function unknownMember(subject: string, member: string): Finding {
  return {
    code: 'MEMBER_UNKNOWN',
    severity: 'error',
    subject,
    message: `its member ${member} is no user that Keystone can read; listing the users of the tenant or role ends in HTTP 500`,
    remedy: `Remove that member value.`,
  };
}
