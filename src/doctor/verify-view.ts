import { valuesOf } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { layoutOf, treeOf } from '../releases/layout-of.ts';
import type { EntryLayout, Layout } from '../releases/release.ts';
import { countEnabled, everybodyDisabled } from './count-enabled.ts';
import type { Finding } from './finding.ts';
import { leftOutUsers, type LeftOut } from './left-out-users.ts';
import { optionSubject } from './option-place.ts';
import { KeystoneDriver, KeystoneFailure, PagesRefused, type Shown } from './keystone-driver.ts';
import { listRefused } from './pages-refused.ts';
import { isCut, listCut, type TreesSource, type TreeTarget } from './verify-trees.ts';

/** About so many members Keystone is asked in vain; a few are enough to see that it fails at each. */
const MOST_MEMBERS = 1000;
const FEW_MEMBERS = 3;

/** What Keystone lists; absent what it fails to list, and groups where it has none. */
export interface SeenCounts {
  readonly users?: number;
  readonly enabled?: number;
  readonly groups?: number;
}

export interface ViewTarget extends TreeTarget {
  /** Fewer users than these are a fault. */
  readonly minUsers: number;
  /** Whether a few questions are to do: one user who is enabled is enough, and some members of groups. */
  readonly isBrief?: boolean;
  /** As for {@link DriverContext}. */
  readonly pageSize?: number | undefined;
  readonly onSeen?: ((seen: SeenCounts) => void) | undefined;
  /** The file that sets the options, if there is one. */
  readonly conf?: TreesSource | undefined;
}

/**
 * Whether Keystone would show anybody: it lists users, some of them are enabled, and groups do not all seem empty. Which
 * users there should be is not known here.
 */
export async function* verifyView(directory: Session, target: ViewTarget): AsyncGenerator<Finding> {
  const { release, trees, minUsers, isBrief = false, onSeen } = target;
  const place = { layout: release.layout, trees, pageSize: target.pageSize, ...(isBrief && { enough: 1 }) };
  let seen: SeenCounts = {};
  try {
    const count = await countEnabled(directory, 'user', place);
    seen = { users: count.all, enabled: count.enabled };
    if (count.all < minUsers) {
      const leftOut = count.all === 0 ? await leftOutUsers(directory, target) : undefined;
      yield tooFewUsers(count.all, target, leftOut);
    }
    const disabled = everybodyDisabled(count, place);
    if (disabled !== undefined) yield disabled;
  } catch (error) {
    yield listFails('user', error, target);
  }
  // Without any user, no group can have one.
  const groups = (seen.users ?? 0) > 0 ? yield* verifyGroups(directory, target) : undefined;
  onSeen?.({ ...seen, ...(groups !== undefined && { groups }) });
}

/** Returns how many there are, where Keystone lists them. */
async function* verifyGroups(
  directory: Session,
  target: ViewTarget,
): AsyncGenerator<Finding, number | undefined> {
  const { layout } = target.release;
  const { trees, isBrief = false, pageSize } = target;
  const mostMembers = isBrief ? FEW_MEMBERS : MOST_MEMBERS;
  if (layout.group === undefined || trees.group === undefined) return undefined;
  try {
    const groups = await seenGroups(
      new KeystoneDriver(directory, { layout, trees, pageSize }),
      layout,
      mostMembers,
    );
    const finding = membersFail(groups) ?? allSeemEmpty(groups, target);
    if (finding !== undefined) yield finding;
    return groups.all;
  } catch (error) {
    yield listFails('group', error, target);
    return undefined;
  }
}

function tooFewUsers(
  count: number,
  { release, trees, conf, minUsers: min }: ViewTarget,
  leftOut: LeftOut | undefined,
): Finding {
  const { marker, filter } = release.layout.user;
  const sought = filter === undefined ? marker : `${marker} and ${filter}`;
  return {
    code: 'TOO_FEW_USERS',
    severity: 'error',
    subject: `users below ${trees.user}`,
    count,
    message: `Keystone lists ${count === 0 ? 'no user' : `${count} of at least ${min} users`} (${sought}, scope ${release.layout.scope})${leftOut === undefined ? '' : leftOutText(leftOut, conf)}; nobody ${count === 0 ? '' : 'else '}can log in`,
    remedy:
      leftOut !== undefined
        ? `Correct ${leftOut.option}: decide which attribute of the entries holds the ${leftOut.option === 'user_id_attribute' ? 'ids' : 'names'} of users.`
        : 'Decide where the users are: correct user_tree_dn, user_objectclass, user_filter or query_scope so that they find them, or add the users.',
  };
}

function leftOutText({ option, attribute, count }: LeftOut, conf: TreesSource | undefined): string {
  const place = conf === undefined ? '' : ` (${optionSubject(conf.doc, 'ldap', option)})`;
  return `: ${count} such ${count === 1 ? 'entry has' : 'entries have'} no ${attribute}, which is ${option}${place}`;
}

/** @throws what says nothing of Keystone: a connection that is lost */
function listFails(kind: 'user' | 'group', error: unknown, { trees, conf }: ViewTarget): Finding {
  const subject = `${kind}s below ${trees[kind] ?? ''}`;
  if (error instanceof PagesRefused) return listRefused(subject, error.why, conf?.doc);
  if (isCut(error)) return listCut(subject, 0, error);
  if (!(error instanceof KeystoneLdapError) || !isAnswer(error)) throw error;
  const why =
    error instanceof KeystoneFailure ? `HTTP ${error.status}: ${error.why}` : `HTTP 500: ${error.message}`;
  return {
    code: 'LIST_FAILS',
    severity: 'error',
    subject,
    message: `listing them ends in ${why.replace(/\.$/, '')}`,
    remedy: 'Decide how to correct the option or the entry that is named; until then Keystone lists nobody.',
  };
}

function isAnswer({ code, resultCode }: KeystoneLdapError): boolean {
  return code === 'KEYSTONE_FAILS' || code === 'INPUT_INVALID' || resultCode !== undefined;
}

/** Attributes that hold members, in one class of groups or another. */
export const MEMBER_ATTRIBUTES: readonly string[] = ['member', 'uniqueMember', 'memberUid', 'roleOccupant'];

/** Whether it is the placeholder of a release that needs one, in the form of any of them. */
export function isPlaceholder(member: string): boolean {
  return /^\s*[a-z]+\s*=\s*dumb\s*,\s*dc\s*=\s*nonexistent\s*$/i.test(member);
}

interface SeenGroups {
  readonly all: number;
  /** Groups that have values of this attribute, whatever Keystone makes of them. */
  readonly holding: ReadonlyMap<string, number>;
  /** Groups that were looked at for members, none of which Keystone shows; absent where it shows one. */
  readonly empty?: readonly string[];
  /** How many members were asked about, where those were not all. */
  readonly asked?: number;
  readonly failing?: { readonly group: string; readonly failure: KeystoneFailure };
}

/** Lists the groups, and asks for the members of one after the other, the smallest first, until Keystone shows one. */
async function seenGroups(driver: KeystoneDriver, layout: Layout, mostMembers: number): Promise<SeenGroups> {
  const { rdn, nameAttribute, members = 'member' } = layoutOf(layout, 'group');
  const { placeholder } = layout;
  const attributes = new Set([...MEMBER_ATTRIBUTES, members]);
  const asked = [rdn, nameAttribute, ...attributes].filter((name) => name !== undefined);
  const holding = new Map<string, number>();
  const held: HeldGroup[] = [];
  let all = 0;
  for await (const group of driver.list('group', asked)) {
    all += 1;
    for (const attribute of attributes) {
      const values = valuesOf(group.entry, attribute).filter((value) => value !== placeholder?.dn);
      const isHolding = values.some((value) => !isPlaceholder(value));
      if (isHolding) holding.set(attribute, (holding.get(attribute) ?? 0) + 1);
      if (attribute === members && values.length > 0)
        held.push({ group: withoutMembers(group), count: values.length, isHolding });
    }
  }
  return { all, holding, ...(await shownMembers(driver, held, mostMembers)) };
}

interface HeldGroup {
  readonly group: Shown;
  readonly count: number;
  /** Whether it has a member that is no placeholder; a placeholder that is left over may be harmful. */
  readonly isHolding: boolean;
}

async function shownMembers(
  driver: KeystoneDriver,
  held: readonly HeldGroup[],
  most: number,
): Promise<Pick<SeenGroups, 'empty' | 'asked' | 'failing'>> {
  const empty: string[] = [];
  let failing: SeenGroups['failing'];
  let asked = 0;
  for (const { group, count, isHolding } of held.toSorted((one, other) => one.count - other.count)) {
    if (asked >= most) break;
    const { dn } = group.entry;
    try {
      if ((await driver.usersIn(group.id, most - asked)).length > 0) return {};
    } catch (error) {
      if (!(error instanceof KeystoneFailure)) throw error;
      failing ??= { group: dn, failure: error };
    }
    asked += count;
    if (isHolding) empty.push(dn);
  }
  return { empty, ...(asked >= most && { asked: most }), ...(failing && { failing }) };
}

/** Members are not kept: there may be as many as users. */
function withoutMembers({ entry, ...group }: Shown): Shown {
  return { ...group, entry: { dn: entry.dn, attributes: {} } };
}

function allSeemEmpty(
  { holding, empty, asked }: SeenGroups,
  { release, trees }: ViewTarget,
): Finding | undefined {
  if (empty === undefined || holding.size === 0) return undefined;
  const { members = 'member' } = layoutOf(release.layout, 'group');
  const finding = (message: string, remedy: string): Finding => ({
    code: 'GROUPS_EMPTY',
    severity: 'error',
    subject: `groups below ${treeOf(trees, 'group')}`,
    message,
    remedy,
  });
  const [other, count] = [...holding].find(([attribute]) => attribute !== members) ?? [];
  if (empty.length === 0)
    return finding(
      `none has ${members}, which is group_member_attribute, but ${count ?? 0} have ${other ?? ''}; Keystone shows no member in any group`,
      `Run "keystone-ldap configure --map group_member_attribute=${other ?? ''}${other === 'memberUid' ? ' --map group_members_are_ids=true' : ''}".`,
    );
  const examples = empty.slice(0, 3).join('; ');
  const some = asked === undefined ? `any ${members}` : `any of the first ${asked} values of ${members}`;
  return finding(
    `Keystone finds no user for ${some} of ${empty.length}, such as ${examples}; it shows no member in any group`,
    membersRemedy(layoutOf(release.layout, 'group')),
  );
}

/** What to do where no member is a user. */
export function membersRemedy({ members = 'member', membersAre, nesting }: EntryLayout): string {
  if (nesting !== undefined)
    return 'Set group_ad_nesting = false, unless the server is Active Directory: no other has its rule for nested groups.';
  return `Decide what is wrong: each ${members} must be the ${membersAre === 'ids' ? 'id' : 'DN'} of a user that Keystone lists, which depends on group_members_are_ids, user_tree_dn, user_filter and user_id_attribute.`;
}

function membersFail({ failing }: SeenGroups): Finding | undefined {
  if (failing === undefined) return undefined;
  const { group, failure } = failing;
  return {
    code: 'MEMBERS_FAIL',
    severity: 'error',
    subject: `members of ${group}`,
    message: `listing them ends in HTTP ${failure.status}: ${failure.why}`,
    remedy: 'Decide how to correct the option or the value that is named.',
  };
}
