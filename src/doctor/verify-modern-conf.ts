import { isDn } from '../directory/dn.ts';
import type { Problem } from '../errors.ts';
import { checkLdapOptions } from '../keystone-conf/modern/check-ldap-options.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { writtenDriver } from '../keystone-conf/modern/driver-edits.ts';
import { readModernConf, type ModernConf } from '../keystone-conf/modern/read-modern-conf.ts';
import { isSince, type CatalogueRelease } from '../releases/catalogue.ts';
import { driverKind, driverOption, isLoadable } from '../releases/driver-options.ts';
import { poolNumberFaults, type PoolNumberFault } from '../releases/pool-numbers.ts';
import { modernRelease } from '../releases/modern.ts';
import type { EntryKind, Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { optionPlace, optionSubject } from './option-place.ts';
import { searchFaults } from './search-faults.ts';

/** What a keystone.conf of Essex or later says about LDAP, where it says enough to ask the directory. */
export interface ModernConfVerdict {
  readonly conf: ModernConf | undefined;
  /** The release as this file sets it up. */
  readonly release: Release;
  readonly trees: Trees | undefined;
  /** The kinds that no search is possible for; a finding says why. */
  readonly unsearchable: ReadonlySet<EntryKind>;
  /** Whether Keystone can make the driver at all; an error says why not. */
  readonly isLoadable: boolean;
  readonly findings: readonly Finding[];
}

/** What a file with which no driver can be made does to Keystone: the files of domains are read at the first request. */
const NO_START = { main: 'Keystone does not start', domain: 'Keystone answers HTTP 500 to every request' };

/** Reads keystone.conf, or a domain's own file, as the release does. */
export function verifyModernConf(
  doc: ConfDocument,
  entry: CatalogueRelease,
  isOfDomain = false,
): ModernConfVerdict {
  const effect = NO_START[isOfDomain ? 'domain' : 'main'];
  const file = doc.file ?? 'keystone.conf';
  const reading = readModernConf(doc, entry.name, entry.version);
  if (reading.problems !== undefined) {
    const findings = reading.problems.map((problem) =>
      unreadable(problem, file, `Decide what the value is to be, and correct it; with it ${effect}.`),
    );
    const nothing = {
      ...{ conf: undefined, trees: undefined, isLoadable: false },
      unsearchable: new Set<EntryKind>(),
    };
    return { ...nothing, release: modernRelease(entry), findings };
  }
  const { conf } = reading;
  const holding = conf.serves === 'all' ? 'all' : 'identity';
  const release = withUnreadable(modernRelease(entry, { options: conf.options, holding }), conf);
  const faults = startFaults(doc, entry, conf, effect);
  const trees = treesIn(conf, release);
  const isUsed = conf.serves !== 'nothing' && faults.length === 0;
  const searches = isUsed
    ? searchFaults({ doc, releaseName: entry.name, layout: release.layout, trees })
    : [];
  const drivers = driverFindings(doc, entry, conf, effect);
  const findings = [
    ...drivers,
    ...[...faults, ...searches.map(({ finding }) => finding)],
    ...conf.unreadable.map((problem) => unreadable(problem, file, MEMBERS_REMEDY)),
    ...poolNumberFindings(doc, conf),
    // What ends every request is not ignored, whatever else is off.
    ...optionFindings(doc, file, entry).filter(
      (one) => !faults.some(({ subject }) => subject === one.subject),
    ),
  ];
  const unsearchable = new Set(searches.map(({ kind }) => kind));
  const isLoadable = faults.length === 0 && !drivers.some(({ message }) => message.startsWith(NO_DRIVER));
  return { conf: isUsed ? conf : undefined, release, trees, unsearchable, isLoadable, findings };
}

const MEMBERS_REMEDY =
  'Decide what the value is to be, and correct it; Keystone answers HTTP 500 when it is asked for the members of a group, and to every login.';

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

function* poolNumberFindings(doc: ConfDocument, { options }: ModernConf): Generator<Finding> {
  const { everyRequest, everyLogin, noOtherServer } = poolNumberFaults(options);
  if (everyRequest !== undefined)
    yield numberFinding(doc, everyRequest, 'Keystone answers HTTP 500 to every request');
  if (everyLogin !== undefined)
    yield numberFinding(doc, everyLogin, 'Keystone refuses every login but the first after its start');
  if (noOtherServer !== undefined)
    yield numberFinding(doc, noOtherServer, 'Keystone tries no other server if one does not answer');
  if (options['user_enabled_mask'] === undefined && 'user_enabled_mask' in options)
    yield numberFinding(
      doc,
      { option: 'user_enabled_mask', text: '[ldap] user_enabled_mask is empty' },
      'Keystone answers HTTP 500 once it finds a user',
    );
}

function numberFinding(doc: ConfDocument, { option, text }: PoolNumberFault, effect: string): Finding {
  return {
    code: 'CONF_UNREADABLE_VALUE',
    severity: 'error',
    subject: optionPlace(doc, 'ldap', option),
    message: `${text}; ${effect}`,
    remedy: text.endsWith('is empty')
      ? 'Decide on a number, or remove the line; an empty number is not the default.'
      : 'Decide on a number, or remove the line: the default works.',
  };
}

const NO_DRIVER = 'Keystone knows no driver by this name';

function driverFindings(
  doc: ConfDocument,
  { name }: CatalogueRelease,
  { serves }: ModernConf,
  effect: string,
): Finding[] {
  if (serves !== 'nothing') return [];
  const written = writtenDriver(doc, 'identity');
  const finding = (message: string, remedy: string): Finding => ({
    code: 'CONF_BACKENDS',
    severity: 'error',
    subject: optionSubject(doc, 'identity', 'driver'),
    message,
    remedy,
  });
  const kind = written === undefined ? 'unset' : driverKind('identity', written);
  if (written === undefined || kind === 'sql')
    return [
      finding(
        `${written === undefined ? 'it is not set, and the default is not LDAP' : 'it is SQL'}: Keystone does not ask the directory`,
        'Decide whether the users of this file are to come from the directory: those in SQL, service users included, can then no longer log in.',
      ),
    ];
  const ldap = driverOption(name, 'identity')?.ldap ?? 'ldap';
  // A comment that oslo.config does not take for one, or another spelling.
  if (/^ldap(?:$|[^\w.])/i.test(written.trim()))
    return [
      finding(
        `${NO_DRIVER}; ${effect}${written.trim().length > 4 ? '; what follows "ldap" is part of the value, not a comment' : ''}`,
        `Set driver = ${ldap} in [identity].`,
      ),
    ];
  return [
    finding(
      `this driver is not one of Keystone: ${effect} unless the driver is installed, and whether that one asks the directory is not known here`,
      'Decide which driver is meant, and ask its documentation whether it reads [ldap].',
    ),
  ];
}

/** With these Keystone makes no driver: it does not start, or answers HTTP 500 to every request. */
function startFaults(
  doc: ConfDocument,
  { name: release }: CatalogueRelease,
  { options }: ModernConf,
  effect: string,
): Finding[] {
  const faults: Finding[] = [];
  const written = writtenDriver(doc, 'identity');
  const driver = driverOption(release, 'identity');
  const isOurs = written !== undefined && driverKind('identity', written) === 'ldap';
  if (isOurs && driver !== undefined && !isLoadable(driver, written))
    faults.push({
      code: 'CONF_UNREADABLE_VALUE',
      severity: 'error',
      subject: optionPlace(doc, 'identity', 'driver'),
      message: `[identity] driver: ${release} cannot load "${written}"; ${effect}`,
      remedy: `Set driver = ${driver.ldap ?? 'ldap'} in [identity].`,
    });
  // Parsed also while emulation is off, 2014.2 to 29.0.0.
  const group = options['user_enabled_emulation_dn'];
  if (isSince(release, '2014.2') && typeof group === 'string' && group !== '' && !isDn(group))
    faults.push({
      code: 'CONF_UNREADABLE_VALUE',
      severity: 'error',
      subject: optionPlace(doc, 'ldap', 'user_enabled_emulation_dn'),
      message: `[ldap] user_enabled_emulation_dn: "${group}" is not a DN; Keystone answers HTTP 500 to every request`,
      remedy:
        'Decide which group is meant, and correct the value; Keystone also reads it while user_enabled_emulation is off.',
    });
  return faults;
}

function optionFindings(doc: ConfDocument, file: string, { name, version }: CatalogueRelease): Finding[] {
  return checkLdapOptions(doc, name, version).map(({ code, message, line, file: where = file }) => ({
    code: 'CONF_OPTION',
    severity: 'warning',
    subject: `${where}:${line}`,
    message,
    remedy:
      code === 'MISSING'
        ? `Set ${message.replace(/^.*: set /, '')}`
        : 'Decide what was meant: correct the option or remove it; Keystone ignores it silently.',
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
