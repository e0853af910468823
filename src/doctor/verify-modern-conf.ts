import { isDn } from '../directory/dn.ts';
import type { Problem } from '../errors.ts';
import { checkLdapOptions } from '../keystone-conf/check-ldap-options.ts';
import { placeOf, type ConfDocument } from '../keystone-conf/document.ts';
import { writtenDriver } from '../keystone-conf/driver-edits.ts';
import { findOptions } from '../keystone-conf/option-value.ts';
import { readModernConf, type ModernConf } from '../keystone-conf/read-modern-conf.ts';
import { isSince, type CatalogueRelease } from '../releases/catalogue.ts';
import { driverKind, driverOption, isLoadable } from '../releases/driver-options.ts';
import { emptyNumberFaults } from '../releases/empty-numbers.ts';
import { modernRelease } from '../releases/modern.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';

/** What a keystone.conf of Essex or later says about LDAP, where it says enough to ask the directory. */
export interface ModernConfVerdict {
  readonly conf: ModernConf | undefined;
  /** The release as this file sets it up. */
  readonly release: Release;
  readonly trees: Trees | undefined;
  readonly findings: readonly Finding[];
}

/** Reads keystone.conf, or a domain's own file, as the release does. */
export function verifyModernConf(doc: ConfDocument, entry: CatalogueRelease): ModernConfVerdict {
  const file = doc.file ?? 'keystone.conf';
  const reading = readModernConf(doc, entry.name, entry.version);
  if (reading.problems !== undefined) {
    const findings = reading.problems.map((problem) =>
      unreadable(problem, file, 'Correct the value; Keystone does not start with it.'),
    );
    return { conf: undefined, release: modernRelease(entry), trees: undefined, findings };
  }
  const { conf } = reading;
  const holding = conf.serves === 'all' ? 'all' : 'identity';
  const release = withUnreadable(modernRelease(entry, { options: conf.options, holding }), conf);
  const faults = startFaults(doc, file, entry, conf);
  const findings = [
    ...driverFindings(file, conf),
    ...faults,
    ...conf.unreadable.map((problem) => unreadable(problem, file, MEMBERS_REMEDY)),
    ...emptyNumberFindings(file, conf),
    ...optionFindings(doc, file, entry),
  ];
  const isUsed = conf.serves !== 'nothing' && faults.length === 0;
  return { conf: isUsed ? conf : undefined, release, trees: treesIn(conf, release), findings };
}

const MEMBERS_REMEDY =
  'Correct the value; Keystone answers HTTP 500 when it is asked for the members of a group, and to every login.';

function unreadable({ message, line, file: where }: Problem, file: string, remedy: string): Finding {
  const place = where ?? file;
  return {
    code: 'CONF_UNREADABLE_VALUE',
    severity: 'error',
    subject: line === undefined ? place : `${place}:${line}`,
    message,
    remedy,
  };
}

/** The layout of groups is known but for what a member is named by. */
function withUnreadable(release: Release, { unreadable: [problem] }: ModernConf): Release {
  const { layout } = release;
  if (problem === undefined || layout.group === undefined) return release;
  const unreadableMembers = problem.message.replace(/\.$/, '');
  return { ...release, layout: { ...layout, group: { ...layout.group, unreadableMembers } } };
}

function* emptyNumberFindings(file: string, { options }: ModernConf): Generator<Finding> {
  const { everyRequest, everyLogin, noOtherServer } = emptyNumberFaults(options);
  const finding = (message: string): Finding => ({
    code: 'CONF_UNREADABLE_VALUE',
    severity: 'error',
    subject: file,
    message,
    remedy: 'Give it a number, or remove the line; an empty number is not the default.',
  });
  if (everyRequest !== undefined)
    yield finding(`${everyRequest}; Keystone answers HTTP 500 to every request`);
  if (everyLogin !== undefined)
    yield finding(`${everyLogin}; Keystone refuses every login but the first after its start`);
  if (noOtherServer !== undefined)
    yield finding(`${noOtherServer}; Keystone tries no other server if one does not answer`);
  if (options['user_enabled_mask'] === undefined && 'user_enabled_mask' in options)
    yield finding('[ldap] user_enabled_mask is empty; Keystone answers HTTP 500 once it finds a user');
}

function driverFindings(file: string, { serves }: ModernConf): Finding[] {
  if (serves !== 'nothing') return [];
  return [
    {
      code: 'CONF_BACKENDS',
      severity: 'error',
      subject: `${file}: [identity] driver`,
      message: 'it is not LDAP, by this file or by default: Keystone does not ask the directory',
      remedy: 'Run "keystone-ldap configure" on this file.',
    },
  ];
}

/** With these Keystone makes no driver: it does not start, or answers HTTP 500 to every request. */
function startFaults(
  doc: ConfDocument,
  file: string,
  { name: release }: CatalogueRelease,
  { options }: ModernConf,
): Finding[] {
  const subjectOf = (section: string, option: string): string => {
    const found = findOptions(doc, section, option).at(-1);
    const place = found === undefined ? undefined : placeOf(doc, found.line);
    return place === undefined ? file : `${place.file ?? file}:${place.line}`;
  };
  const faults: Finding[] = [];
  const written = writtenDriver(doc, 'identity');
  const driver = driverOption(release, 'identity');
  const isOurs = written !== undefined && driverKind('identity', written) === 'ldap';
  if (isOurs && driver !== undefined && !isLoadable(driver, written))
    faults.push({
      code: 'CONF_UNREADABLE_VALUE',
      severity: 'error',
      subject: subjectOf('identity', 'driver'),
      message: `[identity] driver: ${release} cannot load "${written}"; Keystone does not start`,
      remedy: `Write "driver = ${driver.ldap ?? 'ldap'}" in [identity].`,
    });
  // Parsed also while emulation is off, 2014.2 to 29.0.0.
  const group = options['user_enabled_emulation_dn'];
  if (isSince(release, '2014.2') && typeof group === 'string' && group !== '' && !isDn(group))
    faults.push({
      code: 'CONF_UNREADABLE_VALUE',
      severity: 'error',
      subject: subjectOf('ldap', 'user_enabled_emulation_dn'),
      message: `[ldap] user_enabled_emulation_dn: "${group}" is not a DN; Keystone answers HTTP 500 to every request`,
      remedy: 'Correct the value; Keystone also reads it while user_enabled_emulation is off.',
    });
  return faults;
}

function optionFindings(doc: ConfDocument, file: string, { name, version }: CatalogueRelease): Finding[] {
  return checkLdapOptions(doc, name, version).map(({ message, line, file: where = file }) => ({
    code: 'CONF_OPTION',
    severity: 'warning',
    subject: `${where}:${line}`,
    message,
    remedy: 'Correct or remove the option; Keystone does not complain of it.',
  }));
}

function treesIn({ trees }: ModernConf, { layout }: Release): Trees {
  return {
    user: trees.user,
    ...(layout.group && { group: trees.group }),
    ...(layout.tenant && { tenant: trees.project }),
    ...(layout.role && { role: trees.role }),
    ...(layout.domain && { domain: trees.domain }),
  };
}
