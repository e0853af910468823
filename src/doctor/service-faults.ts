import { effectiveDriver, writtenDriver } from '../keystone-conf/modern/driver-edits.ts';
import { isSince, seriesOf } from '../releases/catalogue.ts';
import { readBackend } from './backend.ts';
import { serviceFault } from './default-section.ts';
import type { Finding } from './finding.ts';
import { optionPlace } from './option-place.ts';
import { readsDomainFiles, type DomainFiles, type KeystoneFiles } from './keystone-files.ts';

/** Why Keystone answers HTTP 500 to every request, whatever the domain. */
export function serviceFaults(files: KeystoneFiles): readonly Finding[] {
  const domains = domainsRead(files);
  const inSql = sqlDrivers(files);
  return [
    ...unreadableForAll(files),
    ...brokenDomains(files),
    ...(domains !== undefined && inSql.length > 1 ? [sqlTwice(inSql, domains.dir)] : []),
  ];
}

/** What the main file sets that Keystone cannot read, and needs for every answer. */
export function unreadableForAll({ main, release }: KeystoneFiles): readonly Finding[] {
  const series = seriesOf(release);
  const fault = series && serviceFault(main, series);
  return fault === undefined ? [] : [fault];
}

/**
 * At the first request Keystone loads the files of all domains (Havana, 2013.2). A file whose domain is not in its database is
 * passed over, which cannot be known here.
 */
export function brokenDomains(files: KeystoneFiles, except?: string): readonly Finding[] {
  const { main, release } = files;
  return (domainsRead(files)?.files ?? [])
    .filter(({ domain }) => domain !== except)
    .map(({ domain, doc }) => readBackend(doc, release, { main, domain }))
    .filter(({ isLoadable }) => !isLoadable)
    .flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));
}

/** Not those that were only asked about. */
function domainsRead({ main, release, domains }: KeystoneFiles): DomainFiles | undefined {
  const series = seriesOf(release);
  return series !== undefined && readsDomainFiles(main, series) ? domains : undefined;
}

/** What is in SQL. */
export interface SqlDriver {
  /** The default driver, or the file with the line that says so. */
  readonly name: string;
  /** Of a file that names no driver, which is a fault of its own. */
  readonly isUnnamed: boolean;
}

/** The default driver, and those of the files, where Keystone minds how many are in SQL (Juno, 2014.2). */
export function sqlDrivers({ main, release, domains }: KeystoneFiles): readonly SqlDriver[] {
  const series = seriesOf(release);
  if (series === undefined || !isSince(series, '2014.2')) return [];
  const all = [{ path: 'the default driver', doc: main }, ...(domains?.files ?? [])];
  return all
    .filter(({ doc }) => doc.problems.length === 0 && effectiveDriver(doc, series, 'identity') === 'sql')
    .map(({ path, doc }) => ({
      name: doc === main ? path : optionPlace(doc, 'identity', 'driver'),
      isUnnamed: doc !== main && writtenDriver(doc, 'identity') === undefined,
    }));
}

export function sqlTwice(drivers: readonly SqlDriver[], subject: string): Finding {
  return {
    ...{ code: 'SQL_DRIVERS', severity: 'error', subject },
    message: `${drivers.length} drivers are SQL (${drivers.map(({ name }) => name).join('; ')}); Keystone allows one and answers HTTP 500 to every request`,
    remedy:
      'Decide which one keeps SQL. A domain that is in SQL needs no file while the default driver is SQL: move its file out of the folder.',
  };
}
