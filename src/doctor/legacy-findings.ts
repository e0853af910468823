import { isDn, rdnOf } from '../directory/dn.ts';
import { valuesOf } from '../directory/entry.ts';
import { equal } from '../directory/filter.ts';
import { inWindow } from '../directory/in-window.ts';
import type { Session } from '../directory/session.ts';
import { rawFilterEffect } from '../identities/raw-filter.ts';
import { grantLayoutOf, layoutOf, treeOf } from '../releases/layout-of.ts';
import { unreadTrees } from '../releases/unread-trees.ts';
import type { LegacyBehaviour, Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { KeystoneReader } from './keystone-reader.ts';
import { listRequest } from './list-request.ts';
import { otherRevision } from './other-revision.ts';
import { Tally } from './tally.ts';
import { isCut } from './verify-trees.ts';

export interface LegacyTarget {
  readonly release: Release;
  readonly trees: Trees;
}

/** Where the code of 2011 fails with what is in the trees; nothing for later releases. */
export async function* legacyFindings(session: Session, target: LegacyTarget): AsyncGenerator<Finding> {
  const { release, trees } = target;
  const { legacy } = release;
  if (legacy === undefined) return;
  yield* unreadFindings(target);
  yield* otherRevision(session, target);
  if (release.nameRules.userDnInFilter) yield* treeFinding(trees);
  try {
    const ids = new Set<string>();
    yield* userFindings(session, target, ids);
    yield* tenantRoleFindings(session, { ...target, legacy, ids });
    if (legacy.disabledDefaultTenant === 'HTTP 403') yield* disabledTenants(session, target);
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

async function* userFindings(
  session: Session,
  { release, trees }: LegacyTarget,
  ids: Set<string>,
): AsyncGenerator<Finding> {
  const reader = readerOf(session, { release, trees });
  const [breaking, losing] = [new Tally(), new Tally()];
  const isTreeAtFault = rawFilterEffect(trees.user) !== undefined;
  for await (const { dn } of session.search(
    listRequest('user', { layout: release.layout, trees }, ['1.1']),
  )) {
    const id = rdnOf(dn).value;
    ids.add(id.toLowerCase());
    if (isTreeAtFault) continue;
    const effect = reader.filterEffect(id, release.nameRules);
    if (effect === 'refused') breaking.add(dn);
    else if (effect !== undefined) losing.add(dn);
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
}

const RENAME =
  'Decide on other names for these entries: an RDN without , + " < > ; = ( ) * \\, a leading # or an outer space.';

interface TenantRoleTarget extends LegacyTarget {
  readonly legacy: LegacyBehaviour;
  /** Of all users, in lower case. */
  readonly ids: ReadonlySet<string>;
}

async function* tenantRoleFindings(session: Session, target: TenantRoleTarget): AsyncGenerator<Finding> {
  const { release, trees, legacy, ids } = target;
  const { layout } = release;
  const { marker, members } = grantLayoutOf(layout);
  const roles = new Set<string>();
  for await (const { dn } of session.search(listRequest('role', { layout, trees }, ['1.1'])))
    roles.add(rdnOf(dn).value.toLowerCase());
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
    for (const holder of holders)
      if (!isDn(holder) || !ids.has(rdnOf(holder).value.toLowerCase()))
        dangling.add(`${holder} in ${entry.dn}`);
  }
  const subject = `roles in tenants below ${request.base}`;
  if (withoutRole.count > 0 && legacy.roleWithoutEntry === 'HTTP 500')
    yield {
      ...{ code: 'ROLE_ENTRY_MISSING', severity: 'error', subject, count: withoutRole.count },
      message: `without an entry of the role itself in ${treeOf(trees, 'role')} are ${withoutRole.text}; a login of a holder to that tenant ends in HTTP 500`,
      remedy:
        'Decide whether there is to be such a role: make it again, or delete the entries of it in tenants.',
    };
  if (dangling.count > 0 && legacy.danglingInTenantRole === 'HTTP 500')
    yield {
      ...{ code: 'MEMBER_UNKNOWN', severity: 'error', subject, count: dangling.count },
      message: `no users that Keystone can read are ${dangling.text}; listing the users of that tenant ends in HTTP 500`,
      remedy:
        'Decide for each whether the user is gone: then remove the value; a groupOfNames keeps cn=dumb,dc=nonexistent.',
    };
}

async function* disabledTenants(session: Session, target: LegacyTarget): AsyncGenerator<Finding> {
  const { layout } = target.release;
  const { members = 'member', enabled } = layoutOf(layout, 'tenant');
  if (enabled.kind !== 'attribute') return;
  const reader = readerOf(session, target);
  const request = listRequest('tenant', { layout, trees: target.trees }, [members, enabled.attribute]);
  const locked = new Tally();
  for await (const entry of session.search(request)) {
    if (valuesOf(entry, enabled.attribute)[0] !== enabled.disabled) continue;
    const holders = valuesOf(entry, members).filter((one) => one !== layout.placeholder?.dn);
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
