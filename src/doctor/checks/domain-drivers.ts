import { writtenDriver } from '../../keystone-conf/modern/driver-edits.ts';
import { hasSection } from '../../keystone-conf/document/option-value.ts';
import { driverOption } from '../../releases/driver-options.ts';
import { isSince, seriesOf } from '../../releases/catalogue.ts';
import { sqlDrivers, sqlTwice } from '../service-faults.ts';
import type { FilesCheck } from './check.ts';

/** A domain's file inherits nothing from keystone.conf, and only one driver of all may be SQL. */
export const domainDrivers: FilesCheck = function* (files) {
  const { release, domains } = files;
  const series = seriesOf(release);
  if (domains === undefined || series === undefined) return;
  const consequence = isSince(series, '2014.2')
    ? '; beside another SQL driver Keystone answers HTTP 500 to every request'
    : '';
  for (const { path, doc } of domains.files)
    if (doc.problems.length === 0 && writtenDriver(doc, 'identity') === undefined)
      yield {
        code: 'DOMAIN_FILE_DRIVER',
        severity: 'error',
        subject: path,
        message: `it names no [identity] driver, so that the domain is in SQL${hasSection(doc, 'ldap') ? ' and its [ldap] is not used' : ''}; what the main file says does not count here${consequence}`,
        remedy: `Set driver = ${driverOption(series, 'identity')?.ldap ?? 'ldap'} in [identity] of ${path}.`,
      };
  const inSql = sqlDrivers(files).filter(({ isUnnamed }) => !isUnnamed);
  if (inSql.length > 1) yield sqlTwice(inSql, domains.dir);
};
