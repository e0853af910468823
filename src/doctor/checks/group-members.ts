import { isDn, isWithin, rdnOf } from '../../directory/dn.ts';
import { valuesOf } from '../../directory/entry.ts';
import { isSince } from '../../releases/catalogue.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import type { Finding } from '../finding.ts';
import { Tally } from '../tally.ts';
import type { EntryContext, MakeEntryCheck } from './check.ts';

/** The members of groups against the users that Keystone sees. */
export const groupMembers: MakeEntryCheck = (context) => {
  const { backend, kind } = context;
  const { members: attribute, membersAre } = layoutOf(backend.release.layout, kind);
  const fates = newFates();
  return {
    see(entry) {
      if (attribute === undefined || !context.users.isComplete) return;
      for (const member of valuesOf(entry, attribute)) {
        const fate = fateOf(member, membersAre, context);
        if (fate !== undefined) fates[fate].add(`${member} in ${entry.dn}`);
      }
    },
    findings: () => memberFindings(fates, context),
  };
};

type Fate = 'form' | 'placeholder' | 'outside' | 'unknown' | 'spelling';
type Fates = Readonly<Record<Fate, Tally>>;

const newFates = (): Fates => ({
  form: new Tally(),
  placeholder: new Tally(),
  outside: new Tally(),
  unknown: new Tally(),
  spelling: new Tally(),
});

/** `undefined` where the member is a user whom Keystone finds by it. */
function fateOf(
  member: string,
  are: 'dns' | 'ids',
  { users, backend, kind }: EntryContext,
): Fate | undefined {
  if (backend.release.legacy !== undefined) return fateIn2011(member, { users, backend, kind });
  if (isDn(member) !== (are === 'dns')) return 'form';
  if (are === 'ids') {
    if (users.hasId(member)) return undefined;
    return users.hasIdInAnyCase(member) ? 'spelling' : 'unknown';
  }
  if (users.hasDn(member)) return users.isSpelledDn(member) ? undefined : 'spelling';
  const { placeholder } = backend.release.layout;
  // Named by the id attribute, it is passed over everywhere.
  if (member === placeholder?.dn) return undefined;
  if (PLACEHOLDER.test(member.replace(/\s*([=,])\s*/g, '$1'))) return 'placeholder';
  return isWithin(member, backend.trees.user) ? 'unknown' : 'outside';
}

/** Nobody lists the members of a role, and of a tenant's only the first value of the DN counts. */
function fateIn2011(
  member: string,
  { users, backend, kind }: Pick<EntryContext, 'users' | 'backend' | 'kind'>,
): Fate | undefined {
  if (kind === 'role' || member === backend.release.layout.placeholder?.dn) return undefined;
  return isKnown(member, users) ? undefined : 'unknown';
}

function isKnown(member: string, users: EntryContext['users']): boolean {
  return isDn(member) && users.hasIdInAnyCase(rdnOf(member).value);
}

const PLACEHOLDER = /^[a-z]+=dumb,dc=nonexistent$/i;

function* memberFindings(fates: Fates, { backend, kind }: EntryContext): Generator<Finding> {
  const { members = 'member', membersAre } = layoutOf(backend.release.layout, kind);
  const isLegacy = backend.release.legacy !== undefined;
  const subject = `${members} of ${kind}s below ${backend.trees[kind] ?? ''}`;
  if (fates.form.count > 0)
    yield {
      ...{ code: 'MEMBERS_FORM', severity: 'error', subject, count: fates.form.count },
      message: `${membersAre === 'dns' ? 'no DNs are' : 'DNs, though group_members_are_ids is on, are'} ${fates.form.text}; Keystone does not find these groups of the user`,
      remedy: `Run "keystone-ldap configure --map group_members_are_ids=${membersAre === 'dns'}", or write ${membersAre === 'dns' ? 'DNs' : 'ids'} into ${members}.`,
    };
  if (fates.unknown.count > 0)
    yield {
      ...{ code: 'MEMBER_UNKNOWN', severity: isLegacy ? 'error' : 'warning', subject },
      count: fates.unknown.count,
      message: `no users that Keystone can read are ${fates.unknown.text}; ${isLegacy ? 'listing the users of that tenant ends in HTTP 500' : 'Keystone passes over them, or listing the group fails'}`,
      remedy: 'Remove these values.',
    };
  if (fates.outside.count > 0)
    yield {
      ...{ code: 'MEMBER_OUTSIDE', severity: 'warning', subject, count: fates.outside.count },
      message: `not below ${backend.trees.user} are ${fates.outside.text}; Keystone takes each for the user of its tree with the same id, passes over it, or fails`,
      remedy:
        'Remove these values, or set user_tree_dn to a tree that holds all users, with query_scope = sub.',
    };
  if (fates.spelling.count > 0)
    yield {
      ...{ code: 'MEMBER_SPELLING', severity: 'warning', subject, count: fates.spelling.count },
      message: `otherwise spelt than the users themselves are ${fates.spelling.text}; ${membersAre === 'ids' ? 'Keystone finds the user in the group, but not the group of the user' : 'Keystone takes the id from here, so that the user has another one in this group'}`,
      remedy: 'Write them as the entries of the users are written.',
    };
  yield* placeholderFinding(fates.placeholder, subject, backend);
}

/** Until Ocata the placeholder is Keystone's own, and where its option is on, no leftover. */
function* placeholderFinding(
  { count, text }: Tally,
  subject: string,
  { releaseName, options }: EntryContext['backend'],
): Generator<Finding> {
  const isKnown = releaseName === undefined || options['use_dumb_member'] === true;
  if (count === 0 || isKnown) return;
  const isHarmful = isSince(releaseName, 'train');
  yield {
    ...{ code: 'MEMBER_PLACEHOLDER', severity: 'warning', subject, count },
    message: `left of use_dumb_member are ${text}; ${isHarmful ? 'listing the group ends in HTTP 500 unless the value is named by the id attribute of users' : 'Keystone passes over it'}`,
    remedy: 'Remove these values from groups that have another member.',
  };
}
