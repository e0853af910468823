import { valuesOf, type Entry } from '../../directory/entry.ts';
import { emulationGroupDn } from '../../identities/entries/emulation-group.ts';
import { findOptions } from '../../keystone-conf/document/option-value.ts';
import { optionStatus } from '../../releases/ldap-options.ts';
import type { EnabledForm } from '../../releases/release.ts';
import type { Backend } from '../backend.ts';
import type { Finding } from '../finding.ts';
import { optionSubject } from '../option-place.ts';
import { Tally } from '../tally.ts';
import { MEMBER_ATTRIBUTES } from '../verify-view.ts';
import type { EntryContext, MakeEntryCheck } from './check.ts';

/** The group of those who are enabled, once all users are known: without it nobody is. */
export const enabledGroup: MakeEntryCheck = (context) => ({
  see: () => undefined,
  findings: () => groupFindings(context),
});

async function* groupFindings({ backend, session, users }: EntryContext): AsyncGenerator<Finding> {
  const { layout } = backend.release;
  const { enabled } = layout.user;
  if (enabled.kind !== 'group') return;
  const dn = emulationGroupDn('user', { layout, trees: backend.trees });
  const group = await session.read(dn, [enabled.members, ...MEMBER_ATTRIBUTES]);
  const members = group === undefined ? [] : valuesOf(group, enabled.members);
  if (members.length === 0) yield nobodyIn(group, { dn, enabled, backend });
  const unknown = users.isComplete ? unknownOf(members, enabled, { users, backend }) : new Tally();
  // Without users the members are not what is wrong.
  if (unknown.count > 0 && users.size > 0)
    yield {
      code: 'ENABLED_MEMBER_UNKNOWN',
      severity: unknown.count === members.length ? 'error' : 'warning',
      subject: dn,
      count: unknown.count,
      message: `these members are not users that Keystone can read: ${unknown.text}; they enable nobody${unknown.count === members.length ? ', and nobody else is enabled' : ''}`,
      remedy:
        'Decide for each: write the DN (or the id) by which Keystone looks for the user; if the user is gone, remove the value.',
    };
}

interface EmulatedBy {
  readonly dn: string;
  readonly enabled: Extract<EnabledForm, { kind: 'group' }>;
  readonly backend: Backend;
}

function nobodyIn(group: Entry | undefined, emulated: EmulatedBy): Finding {
  const other = group && MEMBER_ATTRIBUTES.find((name) => valuesOf(group, name).length > 0);
  if (other !== undefined) return otherForm(other, emulated);
  return {
    code: 'ENABLED_GROUP_MISSING',
    severity: 'error',
    subject: emulated.dn,
    message: `enabled is emulated by this group${optionOf(emulated.backend)}, which ${group === undefined ? 'is not there, or which this account may not see' : 'has no member that this account may see'}; Keystone takes every user for disabled`,
    remedy:
      'Decide who is to be enabled: add the group with these users as members. Until then nobody can log in.',
  };
}

/** Where it is set, if a file does. */
function optionOf({ doc }: Backend): string {
  const option = 'user_enabled_emulation';
  return findOptions(doc, 'ldap', option).length === 0 ? '' : ` (${optionSubject(doc, 'ldap', option)})`;
}

/** Emulation reads `member` of a groupOfNames, unless it is to take after other groups (Mitaka, 9.0.0). */
function otherForm(attribute: string, { dn, enabled, backend }: EmulatedBy): Finding {
  const { release, releaseName } = backend;
  const isLikeGroups = release.layout.group?.members?.toLowerCase() === attribute.toLowerCase();
  const option = 'user_enabled_emulation_use_group_config';
  const canTakeAfter =
    isLikeGroups && releaseName !== undefined && optionStatus(releaseName, option).status === 'known';
  return {
    code: 'ENABLED_GROUP_MISSING',
    severity: 'error',
    subject: dn,
    message: `enabled is emulated by this group${optionOf(backend)}, whose members are in ${attribute}; Keystone reads ${enabled.members} of a ${enabled.marker} and takes every user for disabled`,
    remedy: canTakeAfter
      ? `Set ${option} = true.`
      : 'Decide who is to be enabled, and make it a groupOfNames with these users in member. Until then nobody can log in.',
  };
}

function unknownOf(
  members: readonly string[],
  { membersAre }: Extract<EnabledForm, { kind: 'group' }>,
  { users, backend }: Pick<EntryContext, 'users' | 'backend'>,
): Tally {
  const unknown = new Tally();
  for (const member of members) {
    const isKnown = membersAre === 'ids' ? users.hasId(member) : users.hasDn(member);
    if (!isKnown && member !== backend.release.layout.placeholder?.dn) unknown.add(member);
  }
  return unknown;
}
