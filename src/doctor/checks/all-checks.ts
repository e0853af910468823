import type { EntryKind } from '../../releases/release.ts';
import { accountRights } from './account-rights.ts';
import { accountSettings } from './account-settings.ts';
import { anonymous } from './anonymous.ts';
import { binaryIds } from './binary-ids.ts';
import { bypassedSiteRules } from './bypassed-rules.ts';
import type { DirectoryCheck, FilesCheck, MakeEntryCheck, SettingsCheck } from './check.ts';
import { confReadable } from './conf-readable.ts';
import { confText } from './conf-text.ts';
import { domainDrivers } from './domain-drivers.ts';
import { domainFiles } from './domain-files.ts';
import { droppedEntries } from './dropped-entries.ts';
import { duplicates } from './duplicates.ts';
import { enabledGroup } from './enabled-group.ts';
import { enabledPatch, enabledPatchOfValues } from './enabled-patch.ts';
import { enabledSettings } from './enabled-settings.ts';
import { enabledValues } from './enabled-values.ts';
import { groupMembers } from './group-members.ts';
import { hiddenAttributes } from './hidden-attributes.ts';
import { indexes } from './indexes.ts';
import { keyRepositories } from './key-repositories.ts';
import { legacy } from './legacy.ts';
import { lengths } from './lengths.ts';
import { listing } from './listing.ts';
import { memberAttribute } from './member-attribute.ts';
import { memcached } from './memcached.ts';
import { nobodyEnabled } from './nobody-enabled.ts';
import { readableByKeystone } from './readable-by-keystone.ts';
import { registry } from './registry.ts';
import { schema } from './schema.ts';
import { serviceSettings } from './service-settings.ts';
import { storedPasswords } from './stored-passwords.ts';
import { tlsSettings } from './tls-settings.ts';
import { trees } from './trees.ts';

/** In the order in which they run and report. */
export const FILES_CHECKS: readonly FilesCheck[] = [
  ...[confReadable, confText, readableByKeystone, domainFiles, domainDrivers],
  ...[serviceSettings, memcached, keyRepositories],
];
export const SETTINGS_CHECKS: readonly SettingsCheck[] = [
  accountSettings,
  enabledSettings,
  enabledPatch,
  tlsSettings,
];
export const DIRECTORY_CHECKS: readonly DirectoryCheck[] = [
  ...[anonymous, accountRights, bypassedSiteRules, schema],
  ...[trees, listing, legacy, indexes, registry],
];

const ENTRY_CHECKS = [hiddenAttributes, droppedEntries, binaryIds, duplicates, lengths];

export function entryChecks(kind: EntryKind): readonly MakeEntryCheck[] {
  return kind === 'user'
    ? [...ENTRY_CHECKS, enabledValues, enabledPatchOfValues, nobodyEnabled, storedPasswords, enabledGroup]
    : [...ENTRY_CHECKS, memberAttribute, groupMembers];
}
