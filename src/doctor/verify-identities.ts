import { childDn, equalDn } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import { identityDn, type EntryContext } from '../identities/entries/identity-dn.ts';
import type { Domain, Grant, Group, Identities, Role, Tenant, User } from '../identities/identities.ts';
import { inWindow } from '../directory/in-window.ts';
import { holderOf } from '../identities/entries/memberships.ts';
import { grantLayoutOf, layoutOf } from '../releases/layout-of.ts';
import type { EntryKind } from '../releases/release.ts';
import type { Finding, FindingCode } from './finding.ts';
import {
  ambiguous,
  attributeDiffers,
  domainDiffers,
  enabledDiffers,
  missing,
  notFound,
  passedOver,
  unknownMember,
} from './identity-findings.ts';
import type { KeystoneReader } from './keystone-reader.ts';
import { MemberSet } from '../identities/entries/member-set.ts';
import type { VerifyTarget } from './verify-target.ts';
import { verifyDefaultTenant } from './verify-default-tenant.ts';
import { verifyStoredPassword } from './verify-stored-password.ts';

/** Asks for every identity the way the release asks, and says what it would not get. */
export async function* verifyIdentities(
  reader: KeystoneReader,
  identities: Identities,
  context: EntryContext & Pick<VerifyTarget, 'onIdentity'>,
): AsyncGenerator<Finding> {
  const check = new IdentityCheck(reader, context);
  const { domains, tenants, users, roles, groups, grants } = identities;
  let done = 0;
  const total = domains.length + tenants.length + users.length + roles.length + groups.length + grants.length;
  const start = <T>(item: T, checkOne: (item: T) => AsyncGenerator<Finding>): AsyncGenerator<Finding> => {
    context.onIdentity?.(done, total);
    done += 1;
    return checkOne(item);
  };
  // What has members asks for them in a window of its own; two windows within each other would be too much for slapd.
  for (const domain of domains) yield* start(domain, (one) => check.domain(one));
  for (const tenant of tenants) yield* start(tenant, (one) => check.tenant(one));
  yield* await together(users, (user) => start(user, (one) => check.user(one)));
  for (const role of roles) yield* start(role, (one) => check.role(one));
  for (const group of groups) yield* start(group, (one) => check.group(one));
  yield* await together(grants, (grant) => start(grant, (one) => check.grant(one)));
}

/** The findings of many checks that are under way together, in the order of the items. */
async function together<T>(
  items: readonly T[],
  check: (item: T) => AsyncGenerator<Finding>,
): Promise<readonly Finding[]> {
  const found = await inWindow(items, async (item) => {
    const findings: Finding[] = [];
    for await (const finding of check(item)) findings.push(finding);
    return findings;
  });
  return found.flat();
}

class IdentityCheck {
  readonly #reader: KeystoneReader;
  readonly #context: EntryContext;
  /** Users that were looked for in vain: of what follows from that nothing is said. */
  readonly #unseen = new Set<string>();

  constructor(reader: KeystoneReader, context: EntryContext) {
    this.#reader = reader;
    this.#context = context;
  }

  async *domain({ name, enabled, description }: Domain): AsyncGenerator<Finding> {
    const subject = `domain ${name}`;
    const found = await this.#reader.byName('domain', name);
    const entry = found[0];
    if (entry === undefined) {
      yield await this.#missing('DOMAIN_MISSING', 'domain', name);
      return;
    }
    yield* ambiguous(subject, found);
    const is = await this.#reader.isEnabled('domain', entry);
    yield* enabledDiffers(subject, entry.dn, { is, should: enabled });
    yield* attributeDiffers(subject, entry, this.#layout('domain').description, description);
  }

  async *tenant({ name, enabled, description, members = [], domain }: Tenant): AsyncGenerator<Finding> {
    const subject = `tenant ${name}`;
    const found = await this.#reader.byName('tenant', name);
    const entry = found[0];
    if (entry === undefined) {
      yield await this.#missing('TENANT_MISSING', 'tenant', name);
      return;
    }
    yield* ambiguous(subject, found);
    const is = await this.#reader.isEnabled('tenant', entry);
    yield* enabledDiffers(subject, entry.dn, { is, should: enabled });
    yield* attributeDiffers(subject, entry, this.#layout('tenant').description, description);
    yield* this.#domain('tenant', subject, entry, domain);
    yield* this.#members('tenant', subject, entry);
    const present = new MemberSet(this.#reader.members('tenant', entry), 'dns');
    for (const user of members) {
      if (!present.has(identityDn('user', user, this.#context)))
        yield notFound('GRANT_MISSING', `access of user ${user} to tenant ${name}`);
    }
  }

  async *user(user: User): AsyncGenerator<Finding> {
    const subject = `user ${user.name}`;
    const found = await this.#reader.byName('user', user.name);
    const entry = found[0];
    if (entry === undefined) {
      this.#unseen.add(user.name);
      yield await this.#missing('USER_MISSING', 'user', user.name);
      return;
    }
    const layout = this.#context.layout.user;
    yield* ambiguous(subject, found);
    const is = await this.#reader.isEnabled('user', entry);
    const remedy = (await this.#reader.isEmulatedElsewhere(entry)) ? SCOPE_REMEDY : undefined;
    yield* enabledDiffers(subject, entry.dn, { is, should: user.enabled, remedy });
    yield* attributeDiffers(subject, entry, layout.email, user.email);
    yield* this.#domain('user', subject, entry, user.domain);
    if ((user.password ?? user.passwordHash) !== undefined)
      yield* verifyStoredPassword(this.#reader, subject, entry, layout);
    if (this.#context.layout.tenant !== undefined)
      yield* verifyDefaultTenant(this.#reader, user, entry, this.#context);
  }

  async *role(role: Role): AsyncGenerator<Finding> {
    const subject = `role ${role.name}`;
    const entry = await this.#reader.role(role.name);
    if (entry === undefined) {
      yield await this.#missing('ROLE_MISSING', 'role', role.name);
      return;
    }
    yield* attributeDiffers(subject, entry, this.#layout('role').description, role.description);
    yield* attributeDiffers(subject, entry, 'serviceId', role.service);
    yield* this.#members('role', subject, entry);
  }

  async *group({ name, description, members = [], domain }: Group): AsyncGenerator<Finding> {
    const subject = `group ${name}`;
    const found = await this.#reader.byName('group', name);
    const entry = found[0];
    if (entry === undefined) {
      yield await this.#missing('GROUP_MISSING', 'group', name);
      return;
    }
    yield* ambiguous(subject, found);
    yield* attributeDiffers(subject, entry, this.#layout('group').description, description);
    yield* this.#domain('group', subject, entry, domain);
    const { membersAre } = this.#layout('group');
    const present = new MemberSet(this.#reader.members('group', entry), membersAre);
    const valueOf = (user: string): string =>
      membersAre === 'ids' ? this.#context.idOf('user', user) : identityDn('user', user, this.#context);
    for (const user of members)
      if (!present.has(valueOf(user))) yield notFound('MEMBERSHIP_MISSING', `user ${user} in group ${name}`);
    const declared = members.filter((user) => !this.#unseen.has(user)).map(valueOf);
    yield* this.#members('group', subject, entry, new MemberSet(declared, membersAre));
  }

  async *grant(grant: Grant): AsyncGenerator<Finding> {
    const { role, tenant } = grant;
    const { kind, name } = holderOf(grant);
    const dn = identityDn(kind, name, this.#context);
    const roleId = this.#context.idOf('role', role);
    if (tenant === undefined) {
      const held = await this.#reader.globalRoles(dn);
      if (!held.some((id) => id.toLowerCase() === roleId.toLowerCase()))
        yield notFound('GRANT_MISSING', `role ${role} of ${kind} ${name} everywhere`);
      return;
    }
    const subject = `role ${role} of ${kind} ${name} in tenant ${tenant}`;
    const tenantDn = identityDn('tenant', tenant, this.#context);
    const holders = await this.#reader.holders(roleId, tenantDn);
    const { marker, rdn } = grantLayoutOf(this.#context.layout);
    if (holders === undefined)
      yield await missing(this.#reader, 'GRANT_MISSING', {
        subject,
        dn: childDn(rdn, roleId, tenantDn),
        marker,
      });
    else if (!holders.some((holder) => equalDn(holder, dn))) yield notFound('GRANT_MISSING', subject);
  }

  *#domain(kind: EntryKind, subject: string, entry: Entry, name: string | undefined): Generator<Finding> {
    if (name === undefined) return;
    yield* domainDiffers(subject, entry, this.#layout(kind).domain, this.#context.idOf('domain', name));
  }

  async #missing(code: FindingCode, kind: EntryKind, name: string): Promise<Finding> {
    const dn = identityDn(kind, name, this.#context);
    return await missing(this.#reader, code, { subject: `${kind} ${name}`, dn, ...this.#layout(kind) });
  }

  /** `declared` are the values that users have who should be listed. */
  async *#members(
    kind: EntryKind,
    subject: string,
    entry: Entry,
    declared?: MemberSet,
  ): AsyncGenerator<Finding> {
    const members = this.#reader.members(kind, entry);
    const fates = await inWindow(members, (member) => this.#reader.memberFate(kind, member));
    for (const [index, member] of members.entries()) {
      const fate = fates[index];
      if (fate === undefined || fate === 'user') continue;
      if (fate === 'skipped' && declared?.has(member) === true) yield passedOver(subject, member);
      else yield unknownMember(subject, member, fate);
    }
  }

  #layout(kind: EntryKind): ReturnType<typeof layoutOf> {
    return layoutOf(this.#context.layout, kind);
  }
}

const SCOPE_REMEDY =
  'Run "keystone-ldap configure --map query_scope=sub"; with query_scope = one Keystone looks among the enabled for a DN that it makes of the id.';
