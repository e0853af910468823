import type { ReleaseName } from '../../releases/catalogue.ts';
import { connectionRules } from '../../releases/connection-rules.ts';
import { TREE_KINDS } from '../../releases/default-trees.ts';
import { driverOption } from '../../releases/driver-options.ts';
import { optionNameIn, optionStatus } from '../../releases/ldap-options.ts';
import { applyEdits, type ConfEdit } from '../document/conf-edit.ts';
import { connectionFaults } from './connection-faults.ts';
import type { ConfDocument } from '../document/document.ts';
import { driverEdits, effectiveDriver, writtenDriver } from './driver-edits.ts';
import { effectiveNamed } from './effective-option.ts';
import type { KeptSetting } from '../kept-setting.ts';
import { ldapEdits, servedTrees } from './modern-ldap.ts';
import {
  ldapServed,
  requireSettings,
  settingsRefused,
  type ModernConfNote,
  type ModernConfSettings,
} from './modern-settings.ts';
import { optionValue } from '../document/option-value.ts';
import { optionStatusText } from './option-status-text.ts';

export interface ModernConfPlan {
  /** Empty where nothing is left to do. */
  readonly edits: readonly ConfEdit[];
  readonly kept: readonly KeptSetting[];
  readonly notes: readonly ModernConfNote[];
}

/**
 * The edit of keystone.conf, or of a domain's own file, by which a release from Essex on finds in LDAP what the
 * settings name, and the rest where it was: only options that the release knows, where they are not in effect yet.
 * @throws `INPUT_INVALID` for settings with which this release would not start or would let anybody in, `CONF_INVALID`
 */
export function modernConfEdits(
  doc: ConfDocument,
  settings: ModernConfSettings,
  release: ReleaseName,
): ModernConfPlan {
  requireSettings(settings, release);
  const served = ldapServed(settings, release);
  const drivers = driverEdits(doc, release, served);
  const ldap = ldapEdits(doc, release, settings, served);
  const edits = [...drivers, ...ldap.edits];
  const faults = [...gaps(doc, settings, release), ...connectionFaults(applyEdits(doc, edits), doc, release)];
  if (faults.length > 0) throw settingsRefused(faults.map((message) => ({ message })));
  return {
    edits,
    kept: ldap.kept,
    notes: [...sqlUsersNotes(doc, edits, release), ...notesOn(settings, release)],
  };
}

/** What neither the settings nor the file have. */
function gaps(
  doc: ConfDocument,
  { urls, user, password, assumed = {} }: ModernConfSettings,
  release: ReleaseName,
): readonly string[] {
  const isSet = (name: string): boolean => effectiveNamed(doc, release, name).setAs !== undefined;
  const isGiven = (name: string, value: unknown): boolean =>
    value !== undefined && assumed[name] === undefined;
  const isHalf =
    (isGiven('user', user) && password === undefined && !isSet('password')) ||
    (isGiven('password', password) && user === undefined && !isSet('user'));
  return [
    ...(urls.length === 0 && !isSet('url') ? ['url must name an LDAP server.'] : []),
    ...(isHalf ? ['user and password go together.'] : []),
  ];
}

function notesOn(settings: ModernConfSettings, release: ReleaseName): readonly ModernConfNote[] {
  return [
    ...driverNotes(settings, release),
    ...optionNotes(settings, release),
    ...treeNotes(settings, release),
    ...caNotes(settings, release),
  ];
}

/** A Keystone whose users are in SQL now, as far as its file can show it. */
function sqlUsersNotes(
  doc: ConfDocument,
  edits: readonly ConfEdit[],
  release: ReleaseName,
): readonly ModernConfNote[] {
  const now = effectiveDriver(doc, release, 'identity');
  const leavesSql =
    (now === 'sql' || now === 'other') &&
    effectiveDriver(applyEdits(doc, edits), release, 'identity') === 'ldap';
  // A file that names neither a driver nor a database is that of a Keystone without users.
  const isUsed = [writtenDriver(doc, 'identity'), databaseOf(doc)].some((value) => value !== undefined);
  if (!leavesSql || !isUsed) return [];
  const instead =
    optionStatus(release, 'domain_config_dir', 'identity').status === 'known'
      ? ' To keep them, configure LDAP for another domain: --domain NAME.'
      : '';
  const message =
    `Keystone no longer reads users from ${now === 'sql' ? 'SQL' : `the driver ${writtenDriver(doc, 'identity') ?? ''}`} with this file: ` +
    `users that only it has, such as the service users of Nova and Glance, can no longer log in.${instead}`;
  return [{ code: 'SQL_USERS_LEFT', message }];
}

const databaseOf = (doc: ConfDocument): string | undefined =>
  DATABASE_OPTIONS.map(([section, option]) => optionValue(doc, section, option)).find(
    (value) => value !== undefined,
  );

/** With the old names that oslo.db still reads. */
const DATABASE_OPTIONS = [
  ['database', 'connection'],
  ['sql', 'connection'],
  ['DEFAULT', 'sql_connection'],
  ['DATABASE', 'sql_connection'],
] as const;

function driverNotes(settings: ModernConfSettings, release: ReleaseName): readonly ModernConfNote[] {
  return [...ldapServed(settings, release)]
    .filter((section) => driverOption(release, section)?.ldapDeprecated)
    .map((section) => ({
      code: 'DRIVER_DEPRECATED',
      message: `The LDAP driver of [${section}] is deprecated in ${release} and gone with mitaka.`,
    }));
}

function optionNotes({ options }: ModernConfSettings, release: ReleaseName): readonly ModernConfNote[] {
  return Object.keys(options).flatMap((given): readonly ModernConfNote[] => {
    const name = optionNameIn(release, given);
    const status = optionStatus(release, name);
    const message = `[ldap] ${name} ${optionStatusText(status, release)}.`;
    if (status.status === 'backported') return [{ code: 'OPTION_BACKPORTED', message }];
    return status.status === 'known' && status.deprecated ? [{ code: 'OPTION_DEPRECATED', message }] : [];
  });
}

function treeNotes(settings: ModernConfSettings, release: ReleaseName): readonly ModernConfNote[] {
  const used = servedTrees(release, ldapServed(settings, release));
  return TREE_KINDS.filter((kind) => settings.trees[kind] !== undefined && !used.includes(kind)).map(
    (kind) => ({
      code: 'TREE_UNUSED',
      message: `${release} does not look for ${kind}s in LDAP with these drivers: ${settings.trees[kind] ?? ''} is left out.`,
    }),
  );
}

function caNotes({ tls, urls }: ModernConfSettings, release: ReleaseName): readonly ModernConfNote[] {
  if (tls.caCertFile === undefined && tls.reqCert === undefined) return [];
  const ldaps = urls.some((url) => /^ldaps:/i.test(url));
  const counts = tls.startTls === true || !ldaps || connectionRules(release).caCountsForLdaps;
  const message = `${release} checks the certificate behind ldaps:// by ldap.conf: set TLS_CACERT and TLS_REQCERT there.`;
  return counts ? [] : [{ code: 'CA_UNUSED', message }];
}
