import { effectiveDriver, writtenDriver } from '../../keystone-conf/driver-edits.ts';
import { hasSection } from '../../keystone-conf/option-value.ts';
import { driverOption } from '../../releases/driver-options.ts';
import { findInCatalogue } from '../../releases/catalogue.ts';
import { sqlTwice } from '../domains-fault.ts';
import type { FilesCheck } from './check.ts';

/** A domain's file inherits nothing from keystone.conf, and only one driver of all may be SQL. */
export const domainDrivers: FilesCheck = function* ({ main, release, domains }) {
  const entry = findInCatalogue(release.name);
  if (domains === undefined || entry === undefined) return;
  const readable = domains.files.filter(({ doc }) => doc.problems.length === 0);
  for (const { path, doc } of readable)
    if (writtenDriver(doc, 'identity') === undefined)
      yield {
        code: 'DOMAIN_FILE_DRIVER',
        severity: 'error',
        subject: path,
        message: `it names no [identity] driver, so that the domain is in SQL${hasSection(doc, 'ldap') ? ' and its [ldap] is not used' : ''}; what the main file says does not count here; beside another SQL driver Keystone does not start`,
        remedy: `Set driver = ${driverOption(entry.name, 'identity')?.ldap ?? 'ldap'} in [identity] of ${path}.`,
      };
  // Without a driver they are in SQL too, which is a finding of its own.
  const inSql = readable.filter(
    ({ doc }) =>
      writtenDriver(doc, 'identity') !== undefined && effectiveDriver(doc, entry.name, 'identity') === 'sql',
  );
  const isMainSql = main.problems.length === 0 && effectiveDriver(main, entry.name, 'identity') === 'sql';
  const names = [...(isMainSql ? ['the default driver'] : []), ...inSql.map(({ path }) => path)];
  if (names.length > 1) yield sqlTwice(names, domains.dir);
};
