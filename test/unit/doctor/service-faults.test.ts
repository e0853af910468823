import { expect, test } from 'vitest';
import { domainDrivers } from '../../../src/doctor/checks/domain-drivers.ts';
import { serviceFaults } from '../../../src/doctor/service-faults.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import { findRelease } from '../../../src/releases/find-release.ts';

/** The codes found by those who answer for one domain, and by doctor, with these files of domains beside a default driver in SQL. */
async function codesOf(release: string, ...texts: readonly string[]): Promise<readonly string[][]> {
  const doc = (text: string, path: string) => parseConf(Buffer.from(text), path, OSLO_CONFIG);
  const files = texts.map((text, at) => {
    const path = `keystone.d${at}.conf`;
    return { domain: `d${at}`, path, doc: doc(text, path) };
  });
  const main = doc('[identity]\ndomain_specific_drivers_enabled = true\n', 'keystone.conf');
  const domains = { dir: 'domains', exists: true, files, others: [] };
  const all = { release: findRelease(release), main, mainPaths: ['keystone.conf'], domains };
  const found: Finding[] = [];
  for await (const finding of domainDrivers(all)) found.push(finding);
  return [serviceFaults(all), found].map((findings) => findings.map(({ code }) => code));
}

const SQL = '[identity]\ndriver = keystone.identity.backends.sql.Identity\n';
const UNNAMED = '[ldap]\nurl = ldap://a\n';

test.each([
  // Juno is the first that minds.
  ['2013.2', [SQL], [[], []]],
  ['2014.1', [SQL, SQL], [[], []]],
  ['2014.2', [SQL], [['SQL_DRIVERS'], ['SQL_DRIVERS']]],
  ['2014.2', [UNNAMED], [['SQL_DRIVERS'], ['DOMAIN_FILE_DRIVER']]],
  ['2014.1', [UNNAMED], [[], ['DOMAIN_FILE_DRIVER']]],
])('Of %s with domains %j: %j', async (release, texts, expected) => {
  expect(await codesOf(release, ...texts)).toEqual(expected);
});
