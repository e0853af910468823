import { effectiveDriver, writtenDriver } from '../keystone-conf/driver-edits.ts';
import { findInCatalogue, isSince } from '../releases/catalogue.ts';
import { readBackend } from './backend.ts';
import { serviceFault, unreadableOption } from './default-section.ts';
import type { Finding } from './finding.ts';
import { readsDomainFiles, type KeystoneFiles } from './keystone-files.ts';

/** Why Keystone answers HTTP 500 to every request, whatever the domain. */
export function serviceFaults(files: KeystoneFiles): readonly Finding[] {
  const inSql = sqlDrivers(files);
  return [
    ...unreadableForAll(files),
    ...brokenDomains(files),
    ...(inSql.length > 1 && areRead(files) ? [sqlTwice(inSql, files.domains?.dir ?? '')] : []),
  ];
}

/** What the main file sets that Keystone cannot read, and needs for every answer. */
export function unreadableForAll({ main, release }: KeystoneFiles): readonly Finding[] {
  const entry = findInCatalogue(release.name);
  const fault = entry && serviceFault(main, entry.name);
  return fault === undefined ? [] : [unreadableOption(fault, 'every request')];
}

/**
 * At the first request Keystone loads the files of all domains (Havana, 2013.2). A file whose domain is not in its database is
 * passed over, which cannot be known here.
 */
export function brokenDomains(files: KeystoneFiles, except?: string): readonly Finding[] {
  const { main, release, domains } = files;
  if (domains === undefined || !areRead(files)) return [];
  return domains.files
    .filter(({ domain }) => domain !== except)
    .map(({ domain, doc }) => readBackend(doc, release, { main, domain }))
    .filter(({ isLoadable }) => !isLoadable)
    .flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));
}

/** Not if the files were only asked about. */
function areRead({ main, release, domains }: KeystoneFiles): boolean {
  const entry = findInCatalogue(release.name);
  return domains !== undefined && entry !== undefined && readsDomainFiles(main, entry.name);
}

/** What is in SQL. */
export interface SqlDriver {
  readonly name: string;
  /** Of a file that names no driver, which is a fault of its own. */
  readonly isUnnamed: boolean;
}

/** The default driver, and those of the files, where Keystone minds how many are in SQL (Juno, 2014.2). */
export function sqlDrivers({ main, release, domains }: KeystoneFiles): readonly SqlDriver[] {
  const entry = findInCatalogue(release.name);
  if (entry === undefined || !isSince(entry.name, '2014.2')) return [];
  const all = [{ path: 'the default driver', doc: main }, ...(domains?.files ?? [])];
  return all
    .filter(({ doc }) => doc.problems.length === 0 && effectiveDriver(doc, entry.name, 'identity') === 'sql')
    .map(({ path, doc }) => ({
      name: path,
      isUnnamed: doc !== main && writtenDriver(doc, 'identity') === undefined,
    }));
}

export function sqlTwice(drivers: readonly SqlDriver[], subject: string): Finding {
  return {
    ...{ code: 'SQL_DRIVERS', severity: 'error', subject },
    message: `${drivers.length} drivers are SQL (${drivers.map(({ name }) => name).join('; ')}); Keystone allows one and does not start`,
    remedy:
      'Decide which one keeps SQL. A domain that is in SQL needs no file while the default driver is SQL: move its file out of the folder.',
  };
}
