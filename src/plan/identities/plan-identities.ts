import { setImmediate } from 'node:timers/promises';
import { dnKey } from '../../directory/dn.ts';
import { inWindow } from '../../directory/in-window.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError, type Problem } from '../../errors.ts';
import { desiredEntries } from '../../identities/entries/desired-entries.ts';
import type { EntryContext, Switched } from '../../identities/entries/identity-dn.ts';
import type { DesiredEntry } from '../../identities/entries/desired-entry.ts';
import type { Group, Identities, User } from '../../identities/identities.ts';
import { otherId, requireKeptIds } from '../../identities/check/unkept-ids.ts';
import { kindsIn, treeOf } from '../../releases/layout-of.ts';
import type { EntryKind, Release, Trees } from '../../releases/release.ts';
import type { Change } from '../change.ts';
import { checkNewEntries } from './check-new-entries.ts';
import { diffEntry, type PasswordPolicy } from './diff-entry.ts';
import { entryContext, type KnownEntries } from './entry-context.ts';
import { secondDefaultTenants } from './second-default-tenants.ts';

/** An entry of the directory that a declaration takes for its own. */
export interface ExistingEntry {
  readonly dn: string;
  readonly label: string;
}

export interface IdentityTarget {
  readonly release: Release;
  readonly trees: Trees;
  readonly identities: Identities;
  readonly passwords: PasswordPolicy;
  /** What is known already of users who are not among the identities, but may be members of theirs. */
  readonly known?: KnownEntries;
  /** Whom the group of those who are enabled is about, if not the users among the identities. */
  readonly enabledUsers?: readonly Switched[];
  /** Takes what Keystone cannot live with; where nobody takes it, it is refused. */
  readonly onUnsafe?: (problem: Problem) => void;
  /** Takes an entry that has another id than the one that is declared; where nobody takes it, it is refused. */
  readonly onOtherId?: (problem: Problem) => void;
  /** Entries that do not exist yet, and will before these changes are made: those of an earlier part of the plan. */
  readonly toCome?: readonly string[];
  /** Draws the id of what has none yet; the key reads `user alice`. */
  readonly drawId?: (key: string) => string;
  /** Told of each entry that exists and is compatible. */
  readonly onExisting?: (entry: ExistingEntry) => void;
  /** Called before each entry is compared; hashing a password takes a tenth of a second. What it throws ends the plan. */
  readonly onEntry?: (done: number, total: number) => void;
}

/**
 * What is missing in the directory for these identities. Nothing is ever taken away but the old value of an attribute
 * that holds one, and members where others may not be.
 * @throws `NAME_TAKEN` naming every DN that an entry of another kind has, `INPUT_INVALID` for one that its class refuses,
 *   `UNSAFE_NAME` for a second default tenant, `IDS_NOT_KEPT` for an entry with another id, `LDAP_REFUSED` where a tree is missing
 */
export async function planIdentities(session: Session, target: IdentityTarget): Promise<readonly Change[]> {
  await requireTrees(session, target);
  const context = await entryContext(session, target, target.known);
  const others = settledIds(target, context);
  if (target.onOtherId === undefined) requireKeptIds(others, false);
  else others.forEach(target.onOtherId);
  const unsafe = await secondDefaultTenants(session, target, context);
  if (target.onUnsafe !== undefined) unsafe.forEach(target.onUnsafe);
  else if (unsafe.length > 0) throw secondDefaultTenant(unsafe);
  const problems: Problem[] = [];
  const changes: Change[] = [];
  const desired = desiredEntries(target.identities, context, target.enabledUsers);
  const observed = await inWindow(desired, (entry) => session.read(entry.dn, attributesOf(entry)));
  for (const [index, entry] of desired.entries()) {
    await setImmediate(); // signals and the progress line have their turn
    target.onEntry?.(index, desired.length);
    const difference = diffEntry(entry, observed[index], target.passwords);
    if ('problem' in difference) {
      problems.push(difference.problem);
      continue;
    }
    changes.push(...difference.changes);
    const found = observed[index];
    if (found !== undefined) target.onExisting?.({ dn: found.dn, label: entry.label });
  }
  if (problems.length > 0) throw nameTaken(problems);
  // Keystone's own classes are known to demand nothing else.
  if (target.release.schema.kind === 'modules') await checkNewEntries(session, changes);
  return changes;
}

/** What is there by its name, with another id than the one that is declared. */
function settledIds(
  { identities, trees }: IdentityTarget,
  { idOf, layout }: EntryContext,
): readonly Problem[] {
  const { users, tenants, roles, groups, domains } = identities;
  const items: Readonly<Record<EntryKind, readonly Group[] | readonly User[]>> = {
    ...{ user: users, tenant: tenants, role: roles, group: groups, domain: domains },
  };
  // Ids that the release itself has a name for were not declared.
  const ofRelease = new Set([layout.memberRole?.id, layout.defaultDomain?.id]);
  return kindsIn(trees).flatMap((kind) =>
    items[kind]
      .filter(({ name, id }) => id !== undefined && !ofRelease.has(id) && id !== idOf(kind, name))
      .map((item) => otherId(kind, item, idOf(kind, item.name))),
  );
}

/** @throws `LDAP_REFUSED` naming the first that is missing */
export async function requireTrees(
  session: Session,
  { trees, toCome = [] }: Pick<IdentityTarget, 'trees' | 'toCome'>,
): Promise<void> {
  const coming = new Set(toCome.map((dn) => dnKey(dn)));
  for (const kind of kindsIn(trees)) {
    const dn = treeOf(trees, kind);
    if (coming.has(dnKey(dn))) continue;
    if ((await session.read(dn, ['1.1'])) !== undefined) continue;
    throw new KeystoneLdapError('LDAP_REFUSED', `The ${kind} tree ${dn} does not exist.`, {
      hint: 'Run "keystone-ldap init" with the same options first.',
      resultCode: 32,
    });
  }
}

function secondDefaultTenant(problems: readonly Problem[]): KeystoneLdapError {
  return new KeystoneLdapError(
    'UNSAFE_NAME',
    'A user would have two default tenants, and Keystone would take either; nothing was written.',
    {
      problems,
      hint: 'Remove the member value from the other tenant, or the tenant from the identities, or insist with --allow-unsafe-names.',
    },
  );
}

function attributesOf({ exact, among, members, password }: DesiredEntry): string[] {
  const named = ['objectClass', 'entryCSN', ...Object.keys(exact), ...Object.keys(among)];
  if (members !== undefined && !(members.attribute in among)) named.push(members.attribute);
  return password === undefined ? named : [...named, 'userPassword'];
}

function nameTaken(problems: readonly Problem[]): KeystoneLdapError {
  return new KeystoneLdapError(
    'NAME_TAKEN',
    'Entries of another kind or name are in the way; nothing was written.',
    {
      problems,
      hint: 'Rename one of the two, or give tenants and roles trees of their own (--tenant-tree-dn, --role-tree-dn).',
    },
  );
}
