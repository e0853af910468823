import { isDn, rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { equal } from '../directory/filter.ts';
import { inWindow } from '../directory/in-window.ts';
import type { SearchRequest, Session } from '../directory/session.ts';
import { rawFilterEffect } from '../identities/check/raw-filter.ts';
import { grantLayoutOf, layoutOf, treeOf } from '../releases/layout-of.ts';
import { unreadTrees } from '../releases/unread-trees.ts';
import type { LegacyBehaviour, Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { grantsWithoutRole } from './grants-without-role.ts';
import { KeystoneReader } from './keystone-reader.ts';
import { listRequest } from './list-request.ts';
import { isNotAscii } from './login-of-2011.ts';
import { nameOf } from './name-of.ts';
import { otherRevision } from './other-revision.ts';
import { Tally } from './tally.ts';
import { isCut } from './verify-trees.ts';

export interface LegacyTarget {
  readonly release: Release;
  readonly trees: Trees;
}

/** What single generations fail at with what is in the trees: 2011, and later releases at roles without an entry. */
export async function* legacyFindings(session: Session, target: LegacyTarget): AsyncGenerator<Finding> {
  const { release, trees } = target;
  const { legacy } = release;
  if (legacy === undefined) {
    yield* grantsWithoutRole(session, target);
    return;
  }
  yield* unreadFindings(target);
  let isOther = false;
  for await (const finding of otherRevision(session, target)) {
    isOther = true;
    yield finding;
  }
  if (release.nameRules.userDnInFilter) yield* treeFinding(trees);
  try {
    const ids = new Set<string>();
    // That it does not find the entries of another revision goes without saying.
    for await (const finding of userFindings(session, target, ids))
      if (!isOther || finding.code !== 'DN_NOT_OF_ID') yield finding;
    yield* tenantFindings(session, target, ids);
    yield* tenantRoleFindings(session, { ...target, legacy, ids });
    if (legacy.disabledDefaultTenant === 'HTTP 403') yield* disabledTenants(session, target, ids);
  } catch (error) {
    // That the server does not give all of them is a finding of its own.
    if (!isCut(error)) throw error;
  }
}

function* unreadFindings({ release, trees }: LegacyTarget): Generator<Finding> {
  for (const { kind, tree, instead } of unreadTrees(release.conf, trees))
    yield {
      code: 'CONF_TREES',
      severity: 'error',
      subject: `${kind} tree ${tree}`,
      message: `${release.name} has no option for it, and looks for ${kind}s in ${instead}`,
      remedy: `Decide between this tree and this release: it keeps ${kind}s in ${instead}.`,
    };
}

/** The tree is a part of each user's DN. */
function* treeFinding({ user }: Trees): Generator<Finding> {
  if (rawFilterEffect(user) === undefined) return;
  yield {
    code: 'TREE_BREAKS_FILTERS',
    severity: 'error',
    subject: `user tree ${user}`,
    message:
      'it goes into search filters as it is, with characters that mean something there: Keystone finds no tenant and no role of any user',
    remedy: 'Decide on another tree for the users, whose DN has no such character.',
  };
}

interface EntryTarget extends LegacyTarget {
  readonly reader: KeystoneReader;
}

/** Adds those whom Keystone finds by their ids to `ids`. */
async function* userFindings(
  session: Session,
  target: LegacyTarget,
  ids: Set<string>,
): AsyncGenerator<Finding> {
  const { release, trees } = target;
  const reader = readerOf(session, target);
  const [breaking, losing] = [new Tally(), new Tally()];
  const isTreeAtFault = rawFilterEffect(trees.user) !== undefined;
  const names = new NameFaults('user', { ...target, reader });
  for await (const entry of session.search(namesRequest('user', target))) {
    const id = reader.idOf('user', entry);
    const isFound = reader.isFoundById('user', entry);
    if (isFound) ids.add(id.toLowerCase());
    const effect = isTreeAtFault ? undefined : reader.filterEffect(id, release.nameRules);
    if (effect === 'refused') breaking.add(entry.dn);
    else if (effect !== undefined && isFound) losing.add(entry.dn);
    // What breaks the listing is said once.
    if (effect !== 'refused') names.see(entry);
  }
  const subject = `users below ${trees.user}`;
  if (breaking.count > 0)
    yield {
      ...{ code: 'USER_BREAKS_LISTING', severity: 'error', subject, count: breaking.count },
      message: `Keystone puts DNs of users into search filters as they are, and that breaks with ${breaking.text}; listing the users ends in HTTP 500 for everybody`,
      remedy: RENAME,
    };
  if (losing.count > 0)
    yield {
      ...{ code: 'USER_LOSES_ACCESS', severity: 'error', subject, count: losing.count },
      message: `Keystone puts DNs of users into search filters as they are, and finds no tenants and roles of ${losing.text}, or those of others`,
      remedy: RENAME,
    };
  yield* names.findings();
}

function namesRequest(kind: LegacyKind, { release, trees }: LegacyTarget): SearchRequest {
  const { nameAttribute, members } = layoutOf(release.layout, kind);
  const attributes = [nameAttribute, members].filter((name) => name !== undefined);
  return listRequest(kind, { layout: release.layout, trees }, attributes.length > 0 ? attributes : ['1.1']);
}

type LegacyKind = 'user' | 'tenant' | 'role';

/** Entries that Keystone does not find by their ids, and names beyond ASCII. */
class NameFaults {
  readonly #kind: LegacyKind;
  readonly #target: EntryTarget;
  readonly #lost = new Tally();
  readonly #beyond = new Tally();

  constructor(kind: LegacyKind, target: EntryTarget) {
    this.#kind = kind;
    this.#target = target;
  }

  see(entry: Entry): void {
    const { release, reader } = this.#target;
    const kind = this.#kind;
    const names = [reader.idOf(kind, entry), nameOf(kind, entry, release.layout)];
    if (!reader.isFoundById(kind, entry)) this.#lost.add(entry.dn);
    else if (release.nameRules.asciiOnly && names.some(isNotAscii)) this.#beyond.add(entry.dn);
  }

  *findings(): Generator<Finding> {
    const { release, trees } = this.#target;
    const kind = this.#kind;
    // Where the answer to a login has no role in it, none is looked for.
    if (kind === 'role' && release.legacy?.namesTenantAndRoles !== true) return;
    const subject = `${kind}s below ${treeOf(trees, kind)}`;
    const { rdn } = layoutOf(release.layout, kind);
    if (this.#lost.count > 0)
      yield {
        ...{ code: 'DN_NOT_OF_ID', severity: 'error', subject, count: this.#lost.count },
        message: `Keystone takes the first value of an RDN for the id, and looks for ${rdn}=ID right below the tree; so it does not find ${this.#lost.text}; ${LOST[kind]}`,
        remedy: `Decide what names ${kind}s: rename these entries to ${rdn}=ID${release.conf.kind === 'legacy' && release.conf.entryOptions ? `, or name the attribute of their RDNs in ${kind}_id_attr` : ''}.`,
      };
    if (this.#beyond.count > 0)
      yield {
        ...{ code: 'NAME_NOT_ASCII', severity: 'error', subject, count: this.#beyond.count },
        message: `not ASCII is the name or id of ${this.#beyond.text}; ${BEYOND[kind]} in HTTP 500`,
        remedy: `Decide on names in ASCII for these ${kind}s.`,
      };
  }
}

const LOST: Readonly<Record<LegacyKind, string>> = {
  user: 'their logins are refused, and listing the users of a tenant that has one of them ends in HTTP 500',
  tenant: 'no login to one of them succeeds',
  role: 'each login of a holder ends in HTTP 500',
};
const BEYOND: Readonly<Record<LegacyKind, string>> = {
  user: 'each of their logins ends',
  tenant: 'each login to one of them ends',
  role: 'each login of a holder ends',
};

/** What of a tenant's members is no user; those of a role are never listed. */
async function* tenantFindings(
  session: Session,
  target: LegacyTarget,
  ids: ReadonlySet<string>,
): AsyncGenerator<Finding> {
  const { release, trees } = target;
  const reader = readerOf(session, target);
  const names = new NameFaults('tenant', { ...target, reader });
  const gone = new Tally();
  for await (const entry of session.search(namesRequest('tenant', target))) {
    names.see(entry);
    for (const member of reader.members('tenant', entry))
      if (!isUser(member, ids)) gone.add(`${member} in ${entry.dn}`);
  }
  yield* names.findings();
  if (gone.count === 0) return;
  const { members = 'member' } = layoutOf(release.layout, 'tenant');
  yield {
    ...{ code: 'MEMBER_UNKNOWN', severity: 'error', count: gone.count },
    subject: `${members}${OF_TENANTS}${treeOf(trees, 'tenant')}`,
    message: `these members are not users that Keystone can read: ${gone.text}; listing the users of that tenant ends in HTTP 500`,
    remedy: 'Decide for each: if the user is gone, remove the value, else the user belongs into the tree.',
  };
}

const OF_TENANTS = ' of tenants below ';

/** Whether it is about members of tenants themselves, and not of roles in them. */
export function isOfTenantMembers({ code, subject }: Finding): boolean {
  return code === 'MEMBER_UNKNOWN' && subject.includes(OF_TENANTS);
}

/** Of the DN of a member only the first value counts. */
function isUser(member: string, ids: ReadonlySet<string>): boolean {
  return isDn(member) && ids.has(rdnOf(member).value.toLowerCase());
}

const RENAME =
  'Decide on other names for these entries: an RDN without , + " < > ; = ( ) * \\, a leading # or an outer space.';

interface TenantRoleTarget extends LegacyTarget {
  readonly legacy: LegacyBehaviour;
  /** Of the users whom Keystone finds by them, in lower case. */
  readonly ids: ReadonlySet<string>;
}

async function* tenantRoleFindings(session: Session, target: TenantRoleTarget): AsyncGenerator<Finding> {
  const { release, trees, legacy, ids } = target;
  const { layout } = release;
  const { marker, members } = grantLayoutOf(layout);
  const roles = new Set<string>();
  const names = new NameFaults('role', { ...target, reader: readerOf(session, target) });
  for await (const entry of session.search(namesRequest('role', target))) {
    names.see(entry);
    roles.add(rdnOf(entry.dn).value.toLowerCase());
  }
  yield* names.findings();
  const request = {
    base: treeOf(trees, 'tenant'),
    scope: 'sub',
    filter: equal('objectClass', marker),
    attributes: [members],
  } as const;
  const [withoutRole, dangling] = [new Tally(), new Tally()];
  for await (const entry of session.search(request)) {
    const holders = valuesOf(entry, members).filter((one) => one !== layout.placeholder?.dn);
    if (holders.length === 0) continue;
    if (!roles.has(rdnOf(entry.dn).value.toLowerCase())) withoutRole.add(entry.dn);
    for (const holder of holders) if (!isUser(holder, ids)) dangling.add(`${holder} in ${entry.dn}`);
  }
  const subject = `roles in tenants below ${request.base}`;
  if (withoutRole.count > 0 && legacy.namesTenantAndRoles)
    yield {
      ...{ code: 'ROLE_ENTRY_MISSING', severity: 'error', subject, count: withoutRole.count },
      message: `without an entry of the role itself in ${treeOf(trees, 'role')} are ${withoutRole.text}; a login of a holder to that tenant ends in HTTP 500`,
      remedy:
        'Decide whether there is to be such a role: make it again, or delete the entries of it in tenants.',
    };
  if (dangling.count > 0 && legacy.danglingInTenantRole === 'HTTP 500')
    yield {
      ...{ code: 'MEMBER_UNKNOWN', severity: 'error', subject, count: dangling.count },
      message: `these members are not users that Keystone can read: ${dangling.text}; listing the users of that tenant ends in HTTP 500`,
      remedy:
        'Decide for each whether the user is gone: then remove the value; a groupOfNames keeps cn=dumb,dc=nonexistent.',
    };
}

async function* disabledTenants(
  session: Session,
  target: LegacyTarget,
  ids: ReadonlySet<string>,
): AsyncGenerator<Finding> {
  const { layout } = target.release;
  const { members = 'member', enabled } = layoutOf(layout, 'tenant');
  if (enabled.kind !== 'attribute') return;
  const reader = readerOf(session, target);
  const request = listRequest('tenant', { layout, trees: target.trees }, [members, enabled.attribute]);
  const locked = new Tally();
  for await (const entry of session.search(request)) {
    if (valuesOf(entry, enabled.attribute)[0] !== enabled.disabled) continue;
    const holders = valuesOf(entry, members).filter((one) => isUser(one, ids));
    const defaults = await inWindow(holders, async (dn) => (await reader.memberTenants(dn))[0]?.dn);
    for (const [index, dn] of holders.entries())
      if (defaults[index] === entry.dn) locked.add(`${dn} (${rdnOf(entry.dn).value})`);
  }
  if (locked.count === 0) return;
  yield {
    ...{ code: 'DEFAULT_TENANT_DISABLED', severity: 'warning', count: locked.count },
    subject: `users below ${target.trees.user}`,
    message: `the default tenant is disabled of ${locked.text}; each of their logins is refused (HTTP 403), also one to another tenant`,
    remedy:
      'Decide whether the tenant is to be enabled, or these users are to be members of another one instead.',
  };
}

function readerOf(session: Session, { release, trees }: LegacyTarget): KeystoneReader {
  const context = { layout: release.layout, trees, idOf: (_: unknown, name: string) => name };
  return new KeystoneReader(session, { ...context, placeOf: () => undefined });
}
