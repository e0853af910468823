import { foldCase, isDn, rdnOf } from '../../directory/dn.ts';
import { valuesOf } from '../../directory/entry.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import type { Finding } from '../finding.ts';
import { isListed } from '../is-listed.ts';
import { KeystoneDriver, KeystoneFailure } from '../keystone-driver.ts';
import { optionSubject } from '../option-place.ts';
import { strangerFindings, Strangers } from '../strangers.ts';
import { isPlaceholder, membersRemedy } from '../verify-view.ts';
import { Tally } from '../tally.ts';
import type { EntryContext, MakeEntryCheck } from './check.ts';

/** The members of groups against the users that Keystone sees. */
export const groupMembers: MakeEntryCheck = (context) => {
  const { backend, kind } = context;
  const { layout, legacy } = backend.release;
  const { members: attribute, membersAre, nesting } = layoutOf(layout, kind);
  // A rule of the server says who is a member; what it makes of a value is not known here. Those of 2011 are looked at
  // where all that this code fails at is.
  const isRead = attribute !== undefined && nesting === undefined && legacy === undefined;
  const fates = newFates();
  const strangers = new Strangers();
  let known = 0;
  const readForId = new Tally();
  const unknown: string[] = [];
  // Where the RDN is of the type of ids, its value is the id, wherever the entry is.
  const { rdn } = layout.user;
  const isTakenForUser = (member: string): boolean =>
    isDn(member) && foldCase(rdnOf(member).type) === foldCase(rdn) && isKnown(member, context.users);
  return {
    see(entry) {
      if (!isRead || !context.users.isComplete) return;
      strangers.addGroup(entry.dn);
      if (!isListed(entry, kind, layout)) return;
      for (const member of valuesOf(entry, attribute)) {
        const fate = fateOf(member, membersAre, context);
        if (fate === undefined || fate === 'spelling' || isTakenForUser(member)) known += 1;
        else if (unknown.length < MOST_ASKED) unknown.push(member);
        noteRead(readForId, member, context);
        if (fate === 'stranger') strangers.add(member, entry.dn);
        else if (fate !== undefined) fates[fate].add(`${member} in ${entry.dn}`);
      }
    },
    async *findings() {
      const values = strangers.count + fates.unknownId.count;
      const mayBeNone = kind === 'group' && known === 0 && values > 0 && context.users.size > 0;
      const isNone = mayBeNone && !(await isAnyUser(unknown, context));
      // If no id at all is known, the setting is wrong, and not each value.
      yield* memberFindings(isNone ? { ...fates, unknownId: new Tally() } : fates, context);
      yield* idNotRead(readForId, context);
      // Without users the members are not what is wrong.
      if (context.users.size === 0) return;
      yield* strangerFindings(await strangers.places(context), context);
      if (isNone) yield noneKnown(values, context);
    },
  };
};

/** From Train on Keystone reads the entry of a user whose DN does not begin with the id attribute. */
function noteRead(read: Tally, member: string, { backend, users }: EntryContext): void {
  const { lookup, user, group } = backend.release.layout;
  if (lookup !== 'id' || group?.membersAre !== 'dns' || !isDn(member) || !users.hasDn(member)) return;
  if (rdnOf(member).type.toLowerCase() !== user.rdn) read.add(member);
}

/** Whether Keystone gets an id there: all users have one, so that it is the attribute that is at fault. */
async function* idNotRead(read: Tally, context: EntryContext): AsyncGenerator<Finding> {
  const {
    count,
    examples: [member],
  } = read;
  if (member === undefined) return;
  const { release, trees, doc } = context.backend;
  const driver = new KeystoneDriver(context.session, { layout: release.layout, trees });
  try {
    await driver.userBehind(member, context.kind);
  } catch (error) {
    if (!(error instanceof KeystoneFailure)) throw error;
    const { rdn } = release.layout.user;
    yield {
      ...{ code: 'MEMBERS_FAIL', severity: 'error', count },
      subject: optionSubject(doc, 'ldap', 'user_id_attribute'),
      message: `listing the users of a group ends in HTTP ${error.status}: Keystone does not get ${rdn} with the entry of a member, such as ${member}`,
      remedy:
        'Decide on another user_id_attribute: one that the entries of users hold. Keystone gets none that the server computes, such as entryUUID.',
    };
  }
}

type Fate = 'form' | 'placeholder' | 'harmful placeholder' | 'unknownId' | 'spelling';
type Fates = Readonly<Record<Fate, Tally>>;

/** About so many members Keystone is asked, to be sure. */
const MOST_ASKED = 8;

/** An entry with several ids is found by each of them, and shown with the first. */
async function isAnyUser(
  members: readonly string[],
  { session, backend, kind }: EntryContext,
): Promise<boolean> {
  const { release, trees } = backend;
  const driver = new KeystoneDriver(session, { layout: release.layout, trees });
  for (const member of members) {
    try {
      if ((await driver.userBehind(member, kind)) !== undefined) return true;
    } catch (error) {
      if (!(error instanceof KeystoneFailure)) throw error;
    }
  }
  return false;
}

/** Of a single member that Keystone passes over there is no harm; of all of them there is. */
function noneKnown(count: number, { backend, kind }: EntryContext): Finding {
  const layout = layoutOf(backend.release.layout, kind);
  const { members = 'member' } = layout;
  return {
    ...{ code: 'GROUPS_EMPTY', severity: 'error', count },
    subject: `groups below ${backend.trees[kind] ?? ''}`,
    message: `none of the ${count} values of ${members} is a user that Keystone lists; it shows no member in any group`,
    remedy: membersRemedy(layout),
  };
}

const newFates = (): Fates => ({
  form: new Tally(),
  placeholder: new Tally(),
  'harmful placeholder': new Tally(),
  unknownId: new Tally(),
  spelling: new Tally(),
});

/** `undefined` where the member is a user whom Keystone finds by it; a stranger is the DN of something else. */
function fateOf(
  member: string,
  are: 'dns' | 'ids',
  { users, backend }: EntryContext,
): Fate | 'stranger' | undefined {
  if (isDn(member) !== (are === 'dns')) return 'form';
  if (are === 'ids') {
    if (users.hasId(member)) return undefined;
    return users.hasIdInAnyCase(member) ? 'spelling' : 'unknownId';
  }
  if (users.hasDn(member)) return users.isSpelledDn(member) ? undefined : 'spelling';
  const { placeholder } = backend.release.layout;
  if (member === placeholder?.dn) return undefined;
  return isPlaceholder(member) ? placeholderFate(member, backend) : 'stranger';
}

/** From Train on Keystone reads the id from an entry that is not there, unless the id is in the DN. */
function placeholderFate(member: string, { release }: EntryContext['backend']): Fate {
  const { lookup, user } = release.layout;
  const isRead = lookup === 'id' && foldCase(rdnOf(member).type) !== foldCase(user.rdn);
  return isRead ? 'harmful placeholder' : 'placeholder';
}

function isKnown(member: string, users: EntryContext['users']): boolean {
  return isDn(member) && users.hasIdInAnyCase(rdnOf(member).value);
}

function* memberFindings(fates: Fates, { backend, kind, users }: EntryContext): Generator<Finding> {
  const { members = 'member', membersAre } = layoutOf(backend.release.layout, kind);
  const subject = `${members} of ${kind}s below ${backend.trees[kind] ?? ''}`;
  if (fates.form.count > 0)
    yield {
      ...{ code: 'MEMBERS_FORM', severity: 'error', subject, count: fates.form.count },
      message: `${membersAre === 'dns' ? 'these member values are not DNs:' : 'these member values are DNs, though group_members_are_ids is on:'} ${fates.form.text}; ${membersAre === 'dns' ? 'listing the users of such a group ends in HTTP 500, and Keystone' : 'Keystone'} does not find these groups of the user`,
      remedy: `Set group_members_are_ids = ${membersAre === 'dns' ? 'True' : 'False'}, if all groups are like these; else write ${membersAre === 'dns' ? 'DNs' : 'ids'} into ${members}.`,
    };
  if (fates.unknownId.count > 0 && users.size > 0)
    yield {
      ...{ code: 'MEMBER_UNKNOWN', severity: 'warning', subject, count: fates.unknownId.count },
      message: `no user that Keystone shows has the id ${fates.unknownId.text}; Keystone passes over them`,
      remedy:
        'Decide for each: if the user is gone, remove the value; if the user exists and user_filter or user_objectclass leaves it out, nothing needs to be done.',
    };
  if (fates.spelling.count > 0)
    yield {
      ...{ code: 'MEMBER_SPELLING', severity: 'warning', subject, count: fates.spelling.count },
      message: `these members are spelled differently from the users themselves: ${fates.spelling.text}; ${membersAre === 'ids' ? 'Keystone finds the user in the group, but not the group of the user' : 'Keystone takes the id from here, so that the user has another one in this group'}`,
      remedy: 'Decide who may edit the groups: write each value as the entry of the user is written.',
    };
  yield* placeholderFindings(fates, subject, backend);
}

/** Until Ocata the placeholder is Keystone's own, and where its option is on, no leftover. */
function* placeholderFindings(
  fates: Fates,
  subject: string,
  { releaseName, options }: EntryContext['backend'],
): Generator<Finding> {
  if (releaseName === undefined || options['use_dumb_member'] === true) return;
  const kinds = [
    ['harmful placeholder', 'error', 'listing the members of such a group ends in HTTP 500'],
    ['placeholder', 'warning', 'Keystone passes over it'],
  ] as const;
  for (const [fate, severity, effect] of kinds) {
    const { count, text } = fates[fate];
    if (count === 0) continue;
    yield {
      ...{ code: 'MEMBER_PLACEHOLDER', severity, subject, count },
      message: `placeholder members left over from use_dumb_member: ${text}; ${effect}`,
      remedy: 'Decide for each group: remove the value where there is another member.',
    };
  }
}
