import { isAbsolute, resolve } from 'node:path';
import { effectiveNamed } from '../../keystone-conf/modern/effective-option.ts';
import { domainConfigDir } from '../../keystone-conf/modern/domain-conf.ts';
import { findInCatalogue, seriesOf } from '../../releases/catalogue.ts';
import { optionStatus } from '../../releases/ldap-options.ts';
import type { Finding } from '../finding.ts';
import { readsDomainFiles, type DomainFiles, type KeystoneFiles } from '../keystone-files.ts';
import type { FilesCheck } from './check.ts';

/** Whether Keystone finds the files of domains, and takes each for what it is meant to be. */
export const domainFiles: FilesCheck = function* (files) {
  const { domains } = files;
  if (domains === undefined) return;
  yield* unused(files, domains);
  if (!domains.exists)
    yield {
      code: 'DOMAIN_DIR_MISSING',
      severity: 'error',
      subject: domains.dir,
      message: 'there is no such folder; Keystone uses the default driver for every domain',
      remedy:
        'Decide where the files of the domains are to be: create the folder, or correct [identity] domain_config_dir.',
    };
  yield* relativeDir(files);
  for (const path of domains.others)
    yield {
      code: 'DOMAIN_FILE_NAME',
      severity: 'warning',
      subject: path,
      message:
        'its name is not keystone.NAME.conf; Keystone passes over it, and its domain has the default driver',
      remedy:
        'Decide what it is: name it keystone.NAME.conf with the name of the domain as it is stored, or move it out of this folder.',
    };
  yield* twice(domains);
};

function* relativeDir({ main, release, mainPaths }: KeystoneFiles): Generator<Finding> {
  const entry = findInCatalogue(release.name);
  const isKnown =
    entry !== undefined && optionStatus(entry.name, 'domain_config_dir', 'identity').status === 'known';
  if (!isKnown || main.problems.length > 0) return;
  const dir = domainConfigDir(main, entry.name);
  if (dir !== '' && !isAbsolute(dir))
    yield {
      code: 'DOMAIN_DIR_RELATIVE',
      severity: 'error',
      subject: `${mainPaths[0] ?? 'keystone.conf'}: [identity] domain_config_dir`,
      message: `${dir} is relative to the directory in which Keystone is started; it finds no domain anywhere else`,
      remedy: `Decide which folder is meant, and write its absolute path.`,
    };
}

function* twice({ files }: DomainFiles): Generator<Finding> {
  for (const domain of new Set(files.map((file) => file.domain))) {
    const paths = files.filter((file) => file.domain === domain).map(({ path }) => path);
    if (paths.length < 2) continue;
    yield {
      code: 'DOMAIN_FILE_TWICE',
      severity: 'error',
      subject: `domain ${domain}`,
      message: `several files are for it (${paths.join('; ')}); Keystone looks into all folders below and takes one of them`,
      remedy: 'Decide which one counts, and move the others out of the folder.',
    };
  }
}

/** Why Keystone reads no file of any domain, although some were asked for. */
export function unreadDomainFiles(files: KeystoneFiles): readonly Finding[] {
  const { main, release, domains } = files;
  const series = seriesOf(release);
  if (domains === undefined || series === undefined || main.problems.length > 0) return [];
  return readsDomainFiles(main, series) ? [] : [...unused(files, domains)];
}

/** They were asked for, and this Keystone does not look at them. */
function* unused({ main, release }: KeystoneFiles, { dir }: DomainFiles): Generator<Finding> {
  const entry = findInCatalogue(release.name);
  if (entry === undefined || main.problems.length > 0) return;
  const finding = (why: string, remedy: string): Finding => ({
    code: 'DOMAIN_FILES_UNUSED',
    severity: 'error',
    subject: dir,
    message: `Keystone does not read the files of domains: ${why}`,
    remedy,
  });
  const option = 'domain_config_dir';
  if (optionStatus(entry.name, option, 'identity').status !== 'known')
    yield finding(
      `${entry.name} has none`,
      'Decide between a release from Havana on and one driver for all.',
    );
  else if (!readsDomainFiles(main, entry.name))
    yield whyNot(
      finding,
      effectiveNamed(main, entry.name, 'domain_specific_drivers_enabled', 'identity').value === true,
    );
  else if (resolve(domainConfigDir(main, entry.name)) !== resolve(dir))
    yield finding(
      `it looks into ${domainConfigDir(main, entry.name)}`,
      `Set ${option} = ${dir} in [identity].`,
    );
}

function whyNot(finding: (why: string, remedy: string) => Finding, isEnabled: boolean): Finding {
  return isEnabled
    ? finding(
        '[identity] domain_configurations_from_database is on',
        'Decide where the configurations are to be: upload the files with keystone-manage domain_config_upload, or switch the option off.',
      )
    : finding(
        '[identity] domain_specific_drivers_enabled is off',
        'Decide whether domains are to have drivers of their own: then set domain_specific_drivers_enabled = true in [identity].',
      );
}
