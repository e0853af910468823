import { equalDn } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import { identityDn, type EntryContext } from '../identities/desired-entries.ts';
import type { Grant, Group, Identities, Role, Tenant, User } from '../identities/identities.ts';
import { holderOf } from '../identities/memberships.ts';
import { layoutOf } from '../releases/layout-of.ts';
import type { EntryKind } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import {
  ambiguous,
  attributeDiffers,
  enabledDiffers,
  missing,
  SEED,
  storedPassword,
  unknownMember,
} from './identity-findings.ts';
import type { KeystoneReader } from './keystone-reader.ts';

/** Asks for every identity the way the release asks, and says what it would not get. */
export async function* verifyIdentities(
  reader: KeystoneReader,
  identities: Identities,
  context: EntryContext,
): AsyncGenerator<Finding> {
  const check = new IdentityCheck(reader, context);
  for (const tenant of identities.tenants) yield* check.tenant(tenant);
  for (const user of identities.users) yield* check.user(user);
  for (const role of identities.roles) yield* check.role(role);
  for (const group of identities.groups) yield* check.group(group);
  for (const grant of identities.grants) yield* check.grant(grant);
}

class IdentityCheck {
  readonly #reader: KeystoneReader;
  readonly #context: EntryContext;

  constructor(reader: KeystoneReader, context: EntryContext) {
    this.#reader = reader;
    this.#context = context;
  }

  async *tenant({ name, enabled, description }: Tenant): AsyncGenerator<Finding> {
    const subject = `tenant ${name}`;
    const found = await this.#reader.byName('tenant', name);
    const entry = found[0];
    if (entry === undefined) {
      yield missing('TENANT_MISSING', subject);
      return;
    }
    yield* ambiguous(subject, found);
    const is = await this.#reader.isEnabled('tenant', entry);
    yield* enabledDiffers(subject, entry.dn, { is, should: enabled });
    yield* attributeDiffers(subject, entry, this.#layout('tenant').description, description);
    yield* this.#members('tenant', subject, entry);
  }

  async *user(user: User): AsyncGenerator<Finding> {
    const subject = `user ${user.name}`;
    const found = await this.#reader.byName('user', user.name);
    const entry = found[0];
    if (entry === undefined) {
      yield missing('USER_MISSING', subject);
      return;
    }
    const layout = this.#context.layout.user;
    yield* ambiguous(subject, found);
    const is = await this.#reader.isEnabled('user', entry);
    yield* enabledDiffers(subject, entry.dn, { is, should: user.enabled });
    yield* attributeDiffers(subject, entry, layout.email, user.email);
    if (user.password !== undefined) yield* storedPassword(subject, entry, layout);
    if (this.#context.layout.tenant !== undefined) yield* this.#defaultTenant(user, entry);
  }

  async *role(role: Role): AsyncGenerator<Finding> {
    const subject = `role ${role.name}`;
    const entry = await this.#reader.role(role.name);
    if (entry === undefined) {
      yield missing('ROLE_MISSING', `${subject} (${identityDn('role', role.name, this.#context)})`);
      return;
    }
    yield* attributeDiffers(subject, entry, this.#layout('role').description, role.description);
    yield* attributeDiffers(subject, entry, 'serviceId', role.service);
    yield* this.#members('role', subject, entry);
  }

  async *group({ name, description, members = [] }: Group): AsyncGenerator<Finding> {
    const subject = `group ${name}`;
    const found = await this.#reader.byName('group', name);
    const entry = found[0];
    if (entry === undefined) {
      yield missing('GROUP_MISSING', subject);
      return;
    }
    yield* ambiguous(subject, found);
    yield* attributeDiffers(subject, entry, this.#layout('group').description, description);
    const present = this.#reader.members('group', entry);
    const isIds = this.#layout('group').membersAre === 'ids';
    for (const user of members) {
      const wanted = isIds ? this.#context.idOf('user', user) : identityDn('user', user, this.#context);
      if (!present.some((member) => (isIds ? member === wanted : equalDn(member, wanted))))
        yield missing('MEMBERSHIP_MISSING', `user ${user} in group ${name}`);
    }
    yield* this.#members('group', subject, entry);
  }

  async *grant(grant: Grant): AsyncGenerator<Finding> {
    const { role, tenant } = grant;
    const { kind, name } = holderOf(grant);
    const dn = identityDn(kind, name, this.#context);
    const roleId = this.#context.idOf('role', role);
    const held =
      tenant === undefined
        ? (await this.#reader.globalRoles(dn)).some((id) => id.toLowerCase() === roleId.toLowerCase())
        : ((await this.#reader.holders(roleId, identityDn('tenant', tenant, this.#context))) ?? []).some(
            (holder) => equalDn(holder, dn),
          );
    const where = tenant === undefined ? 'everywhere' : `in tenant ${tenant}`;
    if (!held) yield missing('GRANT_MISSING', `role ${role} of ${kind} ${name} ${where}`);
  }

  async *#defaultTenant(user: User, entry: Entry): AsyncGenerator<Finding> {
    const tenants = (await this.#reader.memberTenants(entry.dn)).map(({ dn }) => dn);
    const wanted = user.tenant === undefined ? undefined : identityDn('tenant', user.tenant, this.#context);
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
    if (second !== undefined && this.#context.layout.tenantAccess === 'member-or-role')
      yield {
        code: 'DEFAULT_TENANT_DIFFERS',
        severity: 'warning',
        subject,
        message: `it is a member of ${tenants.length} tenants; the one that the server returns first is its default tenant`,
        remedy: 'Give access to further tenants by roles in them.',
      };
  }

  async *#members(kind: EntryKind, subject: string, entry: Entry): AsyncGenerator<Finding> {
    const isFatal = this.#context.layout.unknownMembers === 'HTTP 500';
    for (const member of this.#reader.members(kind, entry))
      if (!(await this.#reader.isUser(member))) yield unknownMember(subject, member, isFatal);
  }

  #layout(kind: EntryKind): ReturnType<typeof layoutOf> {
    return layoutOf(this.#context.layout, kind);
  }
}
