import { isAbsolute, join, resolve } from 'node:path';
import { namesIn, readBytesIfPresent } from '../../files.ts';
import { checkLdapOptions } from '../../keystone-conf/modern/check-ldap-options.ts';
import { dialectOf, PYTHON_2 } from '../../keystone-conf/document/conf-dialect.ts';
import { applyEdits, type ConfEdit } from '../../keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf } from '../../keystone-conf/document/document.ts';
import { domainConfEdits, domainConfigDir, domainFileName } from '../../keystone-conf/modern/domain-conf.ts';
import { DEFAULT_ORIGIN, type Assumed } from '../../keystone-conf/kept-setting.ts';
import { legacyConfEdits } from '../../keystone-conf/legacy/legacy-conf.ts';
import { modernConfEdits } from '../../keystone-conf/modern/modern-conf.ts';
import { optionValue } from '../../keystone-conf/document/option-value.ts';
import type { ModernConfSettings } from '../../keystone-conf/modern/modern-settings.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { notesOfFiles } from './conf-notes.ts';
import { findInCatalogue, type ReleaseName } from '../../releases/catalogue.ts';
import type { OsloConfStyle, Release, Trees } from '../../releases/release.ts';
import type { Secret } from '../../secret.ts';
import type { ObservedConf, FilePlan, ConfNote, ConfPlan } from './conf-plan.ts';

/** What keystone.conf shall say, whatever the release calls it. */
export interface ConfSettings {
  /** What is absent stays as the file has it, which must then have it if Keystone needs it. */
  readonly url?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  /** For releases that have an option for it. */
  readonly suffix?: string | undefined;
  readonly trees: Partial<Trees>;
  /** Which of them nobody gave, by the modern name of the option, and whence they come: they replace nothing. */
  readonly assumed?: Assumed;
  /** 2011 only: takes tokens out of SQL too. */
  readonly moveToken?: boolean;
  readonly startTls?: boolean;
  readonly caFile?: string | undefined;
  /** A domain of its own, by its file, from Havana on. */
  readonly domain?: { readonly name: string; readonly configDir?: string | undefined } | undefined;
}

/** A file as the release reads it. @throws `FILE_UNREADABLE`, also where it is needed and not there */
export async function observeConf(
  path: string,
  release?: Pick<Release, 'conf'>,
  options: { readonly mayBeAbsent?: boolean } = {},
): Promise<ObservedConf> {
  const bytes = await readBytesIfPresent(path);
  if (bytes === undefined && options.mayBeAbsent !== true)
    throw new KeystoneLdapError('FILE_UNREADABLE', `Cannot read ${path}: there is no such file.`);
  const dialect = release === undefined ? PYTHON_2 : dialectOf(release.conf);
  return { path, bytes, before: parseConf(bytes ?? Buffer.alloc(0), path, dialect) };
}

/**
 * The file whose `[ldap]` counts: that of the domain, which may be absent, else the main one.
 * @throws `INPUT_INVALID` for a domain that cannot have a file
 */
export async function observeLdapConf(
  main: ObservedConf,
  domain: ConfSettings['domain'],
  release: Release,
): Promise<ObservedConf> {
  if (domain === undefined || release.conf.kind !== 'oslo') return main;
  const name = releaseName(release);
  const folder = domain.configDir ?? absoluteConfigDir(main, name);
  return await observeConf(join(folder, domainFileName(domain.name, name)), release, { mayBeAbsent: true });
}

/**
 * What makes this keystone.conf, and the file of a domain where one is named, find identities in LDAP.
 * @throws `CONF_INVALID`, `INPUT_INVALID` for settings that the release could not read back
 */
export async function planConf(
  main: ObservedConf,
  settings: ConfSettings,
  release: Release,
): Promise<ConfPlan> {
  const { files, notes } = await planFiles(main, settings, release);
  return { files, notes: [...notes, ...(await notesOfFiles(files, release))] };
}

async function planFiles(main: ObservedConf, settings: ConfSettings, release: Release): Promise<ConfPlan> {
  const { conf } = release;
  if (conf.kind === 'oslo') return await planModernConf(main, settings, release, conf);
  if (settings.domain !== undefined)
    throw new KeystoneLdapError('USAGE', `${release.title} has no domains; leave out --domain.`);
  const { user: userTreeDn, tenant: tenantTreeDn, role: roleTreeDn } = settings.trees;
  const legacy = {
    ...settings,
    userTreeDn,
    tenantTreeDn,
    roleTreeDn,
    moveToken: settings.moveToken === true,
  };
  const { edits, kept, notes } = legacyConfEdits(main.before, legacy, conf);
  return { files: [{ ...filePlan(main, edits), kept }], notes };
}

/** The bytes of the edited file. */
export function plannedBytes({ after }: FilePlan): Buffer {
  return formatConf(after);
}

async function planModernConf(
  main: ObservedConf,
  settings: ConfSettings,
  release: Release,
  conf: OsloConfStyle,
): Promise<ConfPlan> {
  const modern = modernSettings(settings, conf);
  const entry = releaseName(release);
  if (settings.domain === undefined) {
    const { edits, kept, notes } = modernConfEdits(main.before, modern, entry);
    const file = { ...filePlan(main, edits), kept };
    return { files: [file], notes: [...notes, ...optionNotes(file, notes, entry)] };
  }
  const { name: domain } = settings.domain;
  // Keystone resolves a relative path against its own working directory.
  const configDir = settings.domain.configDir && resolve(settings.domain.configDir);
  const own = await observeLdapConf(main, { name: domain, configDir }, release);
  const plan = domainConfEdits(main.before, own.before, { ...modern, domain, configDir }, entry);
  const placed = { backupFolder: join(main.path, '..'), like: main.path };
  const files = [{ ...filePlan(own, plan.domain), kept: plan.kept, ...placed }, filePlan(main, plan.main)];
  return { files, notes: [...plan.notes, ...(await leftBehind(main, configDir, entry))] };
}

/** The files of domains that Keystone reads now and no longer will, because it is to look elsewhere. */
async function leftBehind(
  main: ObservedConf,
  configDir: string | undefined,
  release: ReleaseName,
): Promise<readonly ConfNote[]> {
  const before = domainConfigDir(main.before, release);
  if (configDir === undefined || resolve(before) === configDir) return [];
  const names = (await namesIn(before)).filter((name) => /^keystone\..+\.conf$/.test(name));
  const files = names.length === 0 ? '' : `; Keystone no longer reads ${names.join(', ')} there`;
  const message = `${main.path}: [identity] domain_config_dir changes from ${before} to ${configDir}${files}`;
  return names.length === 0 && optionValue(main.before, 'identity', 'domain_config_dir') === undefined
    ? []
    : [{ code: 'DOMAIN_DIR_CHANGED', message }];
}

/** @throws `CONF_INVALID` if the file has one of which only Keystone knows what it is relative to */
function absoluteConfigDir(main: ObservedConf, release: ReleaseName): string {
  const folder = domainConfigDir(main.before, release);
  if (isAbsolute(folder)) return folder;
  throw new KeystoneLdapError(
    'CONF_INVALID',
    `${main.path}: [identity] domain_config_dir = ${folder} is relative to the directory in which Keystone is started.`,
    { hint: 'Name the directory with --domain-config-dir; it is written as an absolute path.' },
  );
}

/** What the file itself sets in vain, beside what the edit says already. */
function optionNotes(
  { after, path }: FilePlan,
  known: readonly ConfNote[],
  release: ReleaseName,
): ConfNote[] {
  return checkLdapOptions(after, release)
    .filter(({ message }) => known.every((note) => note.message !== message))
    .map(({ code, line, message }) => ({ code, message: `${path}:${line}: ${message}` }));
}

function modernSettings(
  settings: ConfSettings,
  { options, usual, serves }: OsloConfStyle,
): ModernConfSettings {
  const { url, user, password, suffix, trees, startTls, caFile, assumed } = settings;
  const written = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : String(value)] as const],
  );
  return {
    urls: url === undefined ? [] : [url],
    user,
    password,
    suffix,
    trees: {
      ...(trees.user !== undefined && { user: trees.user }),
      ...(trees.group !== undefined && { group: trees.group }),
      ...(trees.tenant !== undefined && { project: trees.tenant }),
      ...(trees.role !== undefined && { role: trees.role }),
      ...(trees.domain !== undefined && { domain: trees.domain }),
    },
    options: Object.fromEntries(written),
    assumed: { ...Object.fromEntries(usual.map((name) => [name, DEFAULT_ORIGIN])), ...assumed },
    tls: { startTls, caCertFile: caFile },
    serves: settings.domain === undefined ? serves : [],
  };
}

function filePlan(observed: ObservedConf, edits: readonly ConfEdit[]): FilePlan {
  return { ...observed, edits, after: applyEdits(observed.before, edits) };
}

function releaseName({ name }: Release): ReleaseName {
  const entry = findInCatalogue(name);
  if (entry === undefined) throw new Error(`${name} is not in the catalogue`);
  return entry.name;
}
