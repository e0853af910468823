import { basename, join } from 'node:path';
import { filesBelow } from '../files.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { domainConfigDir } from '../keystone-conf/modern/domain-conf.ts';
import { effectiveNamed } from '../keystone-conf/modern/effective-option.ts';
import { mergeConfs } from '../keystone-conf/document/merge-confs.ts';
import { observeConf } from '../plan/conf/plan-conf.ts';
import { optionStatus } from '../releases/ldap-options.ts';
import { findInCatalogue, seriesOf, type ReleaseName } from '../releases/catalogue.ts';
import type { Release } from '../releases/release.ts';

/** What Keystone is started with, and what is asked about it. */
export interface KeystoneSource {
  /** `--config-file`, in their order. */
  readonly files: readonly [string, ...string[]];
  /** `--config-dir`: the `*.conf` in each, sorted, after all files. */
  readonly dirs?: readonly string[] | undefined;
  /** Where the domains' files are, if not where the main file says. */
  readonly domainConfigDir?: string | undefined;
  /** Only the file of this domain. */
  readonly domain?: string | undefined;
  readonly domainId?: string | undefined;
}

/** All files of a Keystone. */
export interface KeystoneFiles {
  readonly release: Release;
  readonly main: ConfDocument;
  readonly mainPaths: readonly string[];
  /** Absent where Keystone reads no files of domains. */
  readonly domains: DomainFiles | undefined;
}

export interface DomainFiles {
  readonly dir: string;
  /** Whether there is such a folder. */
  readonly exists: boolean;
  /** Those that Keystone takes for a domain's. */
  readonly files: readonly DomainFile[];
  /** What else lies there. */
  readonly others: readonly string[];
}

export interface DomainFile {
  readonly domain: string;
  readonly path: string;
  readonly doc: ConfDocument;
}

/** The main configuration, of files and folders: what a later one sets counts. @throws `FILE_UNREADABLE` */
export async function readMainConf(
  { files, dirs = [] }: Pick<KeystoneSource, 'files' | 'dirs'>,
  release?: Pick<Release, 'conf'>,
): Promise<{ readonly doc: ConfDocument; readonly paths: readonly [string, ...string[]] }> {
  const inDirs = await Promise.all(
    dirs.map(async (dir) =>
      ((await filesBelow(dir)) ?? [])
        .filter((name) => /^[^/]+\.conf$/.test(name))
        .map((name) => join(dir, name)),
    ),
  );
  const [first, ...others] = files;
  const further = [...others, ...inDirs.flat()];
  const documentAt = async (path: string) => (await observeConf(path, release)).before;
  const docs = await Promise.all(further.map(documentAt));
  return { doc: mergeConfs([await documentAt(first), ...docs]), paths: [first, ...further] };
}

/** Reads everything that the release reads. @throws `FILE_UNREADABLE`, `CONF_INVALID` */
export async function readKeystoneFiles(source: KeystoneSource, release: Release): Promise<KeystoneFiles> {
  const { doc: main, paths: mainPaths } = await readMainConf(source, release);
  const entry = release.conf.kind === 'oslo' ? findInCatalogue(release.name) : undefined;
  const isAsked = source.domainConfigDir !== undefined || source.domain !== undefined;
  const isRead =
    entry !== undefined && main.problems.length === 0 && (isAsked || readsDomainFiles(main, entry.name));
  const dir = isRead ? (source.domainConfigDir ?? domainConfigDir(main, entry.name)) : '';
  return {
    release,
    main,
    mainPaths,
    domains: isRead ? await readDomainFiles(dir, release, entry.name) : undefined,
  };
}

/** Whether Keystone looks for the files of domains at all. @throws `CONF_INVALID` */
export function readsDomainFiles(main: ConfDocument, release: ReleaseName): boolean {
  const isOn = (name: string): boolean =>
    optionStatus(release, name, 'identity').status === 'known' &&
    effectiveNamed(main, release, name, 'identity').value === true;
  return isOn('domain_specific_drivers_enabled') && !isOn('domain_configurations_from_database');
}

/** Those that a main configuration makes Keystone read. @throws `FILE_UNREADABLE`, `CONF_INVALID` */
export async function domainFilesOf(main: ConfDocument, release: Release): Promise<DomainFiles | undefined> {
  const series = seriesOf(release);
  if (series === undefined || !readsDomainFiles(main, series)) return undefined;
  return await readDomainFiles(domainConfigDir(main, series), release, series);
}

/** Keystone walks through the folders below too, so that a copy put aside there counts. */
async function readDomainFiles(
  dir: string,
  release: Pick<Release, 'conf'>,
  name: ReleaseName,
): Promise<DomainFiles> {
  const found = await filesBelow(dir);
  const named = (found ?? []).map((path) => ({ path, domain: domainOf(basename(path), name) }));
  const files = named.flatMap(({ path, domain }) => (domain === undefined ? [] : [{ path, domain }]));
  return {
    dir,
    exists: found !== undefined,
    files: await Promise.all(
      files.map(async ({ path, domain }) => ({
        domain,
        path: join(dir, path),
        doc: (await observeConf(join(dir, path), release)).before,
      })),
    ),
    others: named.filter(({ domain }) => domain === undefined).map(({ path }) => join(dir, path)),
  };
}

/** `keystone.NAME.conf`; until Juno the name has no dot. */
function domainOf(file: string, release: ReleaseName): string | undefined {
  const domain = /^keystone\.(.+)\.conf$/.exec(file)?.[1];
  return domain?.includes('.') === true && ['2013.2', '2014.1'].includes(release) ? undefined : domain;
}
