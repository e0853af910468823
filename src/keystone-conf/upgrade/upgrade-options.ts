import type { ReleaseName } from '../../releases/catalogue.ts';
import { grantRdn } from '../../releases/grant-rdn.ts';
import { optionStatus, type OptionStatus } from '../../releases/ldap-options.ts';
import { SERVICE_OPTIONS } from '../../releases/service-options.ts';
import { userFieldIn } from '../../releases/user-fields.ts';
import type { ConfEdit } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import { effectiveDriver } from '../modern/driver-edits.ts';
import { effectiveNamed } from '../modern/effective-option.ts';
import { optionStatusText } from '../modern/option-status-text.ts';
import { blocksOf, findOptions, optionText, optionValue } from '../document/option-value.ts';
import { osloEdit } from '../modern/oslo-edit.ts';
import { readOsloValue } from '../modern/oslo-value.ts';
import type { UpgradeNote, UpgradePart } from './upgrade-plan.ts';

/** What becomes of the options that the file sets: renamed, kept as comments, or noted. */
export function upgradeOptions(doc: ConfDocument, from: ReleaseName, to: ReleaseName): UpgradePart {
  const set = [
    ...optionsOf(doc, 'ldap').map((option) => ['ldap', option] as const),
    ...SERVICE_OPTIONS.filter(({ section, name }) => optionValue(doc, section, name) !== undefined).map(
      ({ section, name }) => [section, name] as const,
    ),
  ];
  return {
    edits: set.flatMap(([section, option]) => editOf(doc, section, option, to) ?? []),
    notes: [
      ...set.flatMap((place) => noteOn(doc, place, from, to)),
      ...placeholderNotes(doc, from, to),
      ...grantNotes(doc, from, to),
    ],
  };
}

function optionsOf(doc: ConfDocument, section: string): readonly string[] {
  return [...new Set(blocksOf(doc, section).flatMap(({ options }) => options.map(({ name }) => name)))];
}

function editOf(doc: ConfDocument, section: string, option: string, to: ReleaseName): ConfEdit | undefined {
  const status = optionStatus(to, option, section);
  const from = optionText(doc, section, option);
  const retired = (note: string): ConfEdit => ({ section, option, from, to: undefined, note });
  if (status.status === 'removed') return retired(`This option ${optionStatusText(status, to)}.`);
  if (status.status === 'alias')
    return optionValue(doc, section, status.to) === undefined
      ? { section, option, from, to: from, newName: status.to }
      : retired(`${status.to}, which is set too, is the newer name of this option and counts.`);
  return option === 'user_attribute_ignore' ? fieldsEdit(doc, option, to) : undefined;
}

/** Fields of a user that the newer release calls something else. */
function fieldsEdit(doc: ConfDocument, option: string, to: ReleaseName): ConfEdit | undefined {
  const reading = readOsloValue(optionValue(doc, 'ldap', option) ?? '', 'list');
  if (!('value' in reading) || !Array.isArray(reading.value)) return undefined;
  const fields = reading.value.map(String);
  const renamed = [...new Set(fields.map((field) => userFieldIn(to, field)))];
  if (renamed.length === fields.length && renamed.every((field, at) => field === fields[at]))
    return undefined;
  return osloEdit(doc, 'ldap', option, { value: renamed.join(',') });
}

function noteOn(
  doc: ConfDocument,
  [section, option]: readonly [string, string],
  from: ReleaseName,
  to: ReleaseName,
): readonly UpgradeNote[] {
  const after = optionStatus(to, option, section);
  const code = codeOf(optionStatus(from, option, section), after);
  if (code === undefined) return [];
  const line = findOptions(doc, section, option).at(-1)?.line ?? 0;
  const text =
    code === 'OPTION_BEGINS' ? `was not read by ${from} and counts in ${to}` : optionStatusText(after, to);
  return [{ code, message: `[${section}] ${option} ${text}.`, line: line + 1 }];
}

function codeOf(before: OptionStatus, after: OptionStatus): UpgradeNote['code'] | undefined {
  if (after.status === 'unknown') return 'OPTION_UNKNOWN';
  if (after.status === 'not yet') return 'OPTION_NOT_YET';
  if (after.status === 'backported') return 'OPTION_BACKPORTED';
  if (after.status !== 'known') return undefined;
  if (before.status === 'not yet') return 'OPTION_BEGINS';
  return after.deprecated ? 'OPTION_DEPRECATED' : undefined;
}

/** Without the option, Keystone takes the placeholder for a member like any other, and may fail over it. */
function placeholderNotes(doc: ConfDocument, from: ReleaseName, to: ReleaseName): readonly UpgradeNote[] {
  const gone = optionStatus(to, 'use_dumb_member').status === 'removed';
  const had = optionStatus(from, 'use_dumb_member').status === 'known';
  if (!gone || !had || effectiveDriver(doc, from, 'identity') !== 'ldap') return [];
  if (effectiveNamed(doc, from, 'use_dumb_member').value !== true) return [];
  const dumb = String(effectiveNamed(doc, from, 'dumb_member').value);
  const message =
    `${to} does not know placeholders: ${dumb} in a group is a member like any other, over which listing the group ` +
    'fails where its RDN is not the id attribute.';
  return [{ code: 'PLACEHOLDER_LEFT', message }];
}

/** Roles in tenants are entries with names of their own, which no option sets. */
function grantNotes(doc: ConfDocument, from: ReleaseName, to: ReleaseName): readonly UpgradeNote[] {
  const option = 'role_id_attribute';
  const isHeld = (release: ReleaseName) => effectiveDriver(doc, release, 'role') === 'ldap';
  if (optionStatus(to, option).status !== 'known' || !isHeld(from) || !isHeld(to)) return [];
  const attribute = String(effectiveNamed(doc, from, option).value);
  const [before, now] = [from, to].map((release) => grantRdn(release, attribute));
  if (before === now) return [];
  const message = `[ldap] ${option}: ${from} names roles in tenants by ${before}, and ${to} by ${now}: rename these entries, or ${to} does not find them.`;
  return [
    { code: 'NOT_EXPRESSIBLE', message, line: (findOptions(doc, 'ldap', option).at(-1)?.line ?? 0) + 1 },
  ];
}
