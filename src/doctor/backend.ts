import type { Aliases, Credentials } from '../directory/session.ts';
import { nearestWord } from '../did-you-mean.ts';
import { KeystoneLdapError } from '../errors.ts';
import { shellWord } from '../shell-word.ts';
import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { writtenDriver } from '../keystone-conf/modern/driver-edits.ts';
import type { ModernConf } from '../keystone-conf/modern/read-modern-conf.ts';
import type { LegacyConf } from '../keystone-conf/legacy/read-legacy-conf.ts';
import { LOCAL_IDS, shownIds, type ShownIds } from '../keystone-conf/modern/shown-ids.ts';
import { findInCatalogue, type ReleaseName } from '../releases/catalogue.ts';
import { comparingPasswords } from '../releases/comparing-passwords.ts';
import { poolNumberFaults, type PoolNumberFaults } from '../releases/pool-numbers.ts';
import { driverKind } from '../releases/driver-options.ts';
import type { LdapSettings } from '../releases/layout-options.ts';
import type { EntryKind, Release, Trees } from '../releases/release.ts';
import { withIdAttributes } from '../releases/with-id-attributes.ts';
import { ignoredNameFault } from './database-limits.ts';
import { problemOf, type Finding } from './finding.ts';
import type { DomainFile, DomainFiles, KeystoneFiles, KeystoneSource } from './keystone-files.ts';
import { optionSubject } from './option-place.ts';
import { projectLoginFault, unreadableOption, type OptionFault } from './default-section.ts';
import { readListLimit, type ListLimit } from './list-limit.ts';
import { OPTIONS_OF_2011, type ServerOptionNames } from './server-option-names.ts';
import { verifyConf } from './verify-conf.ts';
import { misnamedAttributes } from './search-faults.ts';
import { verifyModernConf } from './verify-modern-conf.ts';

/** One LDAP driver of a Keystone: that of the main file, or that of a domain. */
export interface Backend {
  readonly domain: string | undefined;
  readonly file: string;
  readonly doc: ConfDocument;
  /** The release as this file sets it up. */
  readonly release: Release;
  /** From Essex on. */
  readonly releaseName: ReleaseName | undefined;
  readonly options: LdapSettings;
  readonly trees: Trees;
  /** The kinds that its settings make every search of fail, which findings say. */
  readonly unsearchable: ReadonlySet<EntryKind>;
  /** Why: a sentence's main clause. */
  readonly unsearchableBecause?: string | undefined;
  readonly server: KeystoneServer;
  readonly ids: ShownIds;
  /** Absent where lists have no end. */
  readonly listLimit?: ListLimit | OptionFault | undefined;
  /** Why a search for one user, or for the groups of a user, fails. */
  readonly misnamed?: string | undefined;
  /** Why every login to a project fails: a sentence's main clause. */
  readonly projectLoginFault?: string | undefined;
}

/** How the driver connects. */
export interface KeystoneServer {
  /** What the file calls its options (default: those of `[ldap]`). */
  readonly optionNames?: ServerOptionNames;
  /** Tried in this order. */
  readonly urls: readonly string[];
  readonly credentials: Credentials;
  readonly startTls: boolean;
  /** Whether Keystone hands its options of TLS to libldap: with StartTLS, or if the list begins with ldaps. */
  readonly setsTls: boolean;
  /** For its own account; users log in without a pool by default. */
  readonly usesPool: boolean;
  readonly caFile?: string | undefined;
  readonly caDir?: string | undefined;
  readonly checkCertificate: boolean;
  /** Absent where Keystone would wait without end. */
  readonly timeoutMs?: number | undefined;
  /** 0 where Keystone asks for all entries at once. */
  readonly pageSize: number;
  /** Absent where it lets no alias be followed. */
  readonly aliases?: Aliases | undefined;
  /** What Keystone fails at before it connects. */
  readonly poolNumbers?: PoolNumberFaults | undefined;
}

/** Either a backend, or what keeps the file from describing one; findings there may be in both cases. */
export interface BackendReading {
  readonly backend: Backend | undefined;
  /** Whether Keystone can make the driver at all. */
  readonly isLoadable: boolean;
  readonly findings: readonly Finding[];
}

/**
 * The LDAP drivers that the files set up, and what is wrong with how they do.
 * @throws `USAGE` where there is no file of the domain that was asked for
 */
export function readBackends(files: KeystoneFiles, source: KeystoneSource): readonly BackendReading[] {
  const { main, release, domains } = files;
  const { domain: wanted } = source;
  if (wanted !== undefined) requireDomainFile(domains, wanted);
  const asked = (domains?.files ?? []).filter(({ domain }) => wanted === undefined || domain === wanted);
  const readings = asked.map(({ domain, doc }) => {
    const reading = readBackend(doc, release, { ...source, main, domain });
    // That another driver is meant is no fault of a domain, unless its LDAP was asked for.
    const isMeant =
      wanted === undefined || doc.problems.length > 0 || writtenDriver(doc, 'identity') === undefined;
    const findings = reading.findings.filter(({ code }) => code !== 'CONF_BACKENDS' || !isMeant);
    return { ...reading, findings };
  });
  if (wanted !== undefined) return readings;
  const own = readBackend(main, release, { ...source, main, domain: undefined });
  // If domains have drivers of their own, SQL is the usual default, which holds the service users.
  const written = main.problems.length > 0 ? undefined : writtenDriver(main, 'identity');
  const isUsual = asked.length > 0 && (written === undefined || driverKind('identity', written) === 'sql');
  const findings = own.findings.filter(({ code }) => code !== 'CONF_BACKENDS' || !isUsual);
  return [{ ...own, findings }, ...readings];
}

/** The file of a domain, by its name as it is written. @throws `USAGE` where there is none */
export function requireDomainFile(domains: DomainFiles | undefined, wanted: string): DomainFile {
  const files = domains?.files ?? [];
  const found = files.find(({ domain }) => domain === wanted);
  if (found !== undefined) return found;
  const names = [...new Set(files.map(({ domain }) => domain))];
  const nearest = nearestWord(wanted, names);
  throw new KeystoneLdapError(
    'USAGE',
    `There is no keystone.${wanted}.conf in ${domains?.dir || 'a folder of domains'}: the domain "${wanted}" has the default driver.`,
    {
      hint:
        nearest !== undefined
          ? `Did you mean --domain ${shellWord(nearest)}? Upper and lower case count.`
          : `${names.length === 0 ? 'No domain has a file there.' : `The domains with a file are ${names.join(', ')}.`} Leave out --domain for the default driver.`,
    },
  );
}

interface BackendContext {
  readonly main: ConfDocument;
  readonly domain: string | undefined;
  readonly domainId?: string | undefined;
}

/** What one file says of LDAP: keystone.conf, or that of a domain. */
export function readBackend(doc: ConfDocument, release: Release, context: BackendContext): BackendReading {
  const file = doc.file ?? 'keystone.conf';
  const { domain } = context;
  const entry = findInCatalogue(release.version ?? release.name);
  if (release.conf.kind === 'legacy' || entry === undefined) {
    if (release.conf.kind !== 'legacy') throw new Error(`${release.name} is not in the catalogue`);
    const { conf, findings } = verifyConf(doc, release.name, release.conf);
    if (conf === undefined) return { backend: undefined, isLoadable: false, findings };
    const { trees } = conf;
    const server = legacyServerOf(conf);
    const rest = { releaseName: undefined, options: {}, ids: LOCAL_IDS, unsearchable: new Set<never>() };
    const hashing = conf.hashesPasswords === false ? comparingPasswords(release) : release;
    const asSet = withIdAttributes(hashing, conf.idAttributes);
    const backend = { domain, file, doc, release: asSet, trees, server, ...rest };
    return { backend, isLoadable: true, findings };
  }
  const verdict = verifyModernConf(doc, entry, domain !== undefined);
  const { conf, trees, unsearchable, isLoadable, findings } = verdict;
  if (conf === undefined || trees === undefined) return { backend: undefined, isLoadable, findings };
  const faultOfLogins = projectLoginFault(context.main, entry.name);
  const backend: Backend = {
    ...{ domain, file, doc, trees, unsearchable },
    unsearchableBecause: unsearchable.size === 0 ? undefined : unreadableValues(findings),
    release: verdict.release,
    releaseName: entry.name,
    options: conf.options,
    misnamed: misnamedAttributes(doc, conf.options),
    server: serverOf(conf),
    ids: shownIds(context.main, entry.name, context),
    listLimit: readListLimit(doc, context.main, entry.name),
    projectLoginFault: faultOfLogins && `${faultOfLogins.setBy}: ${faultOfLogins.fault}`,
  };
  const further = [...listLimitFindings(backend.listLimit, faultOfLogins), ...ignoredName(backend)];
  return { backend, isLoadable, findings: [...findings, ...further] };
}

function unreadableValues(findings: readonly Finding[]): string {
  return findings
    .filter(({ code }) => code === 'CONF_UNREADABLE_VALUE')
    .map((finding) => problemOf(finding).message)
    .join('; ');
}

function* listLimitFindings(
  limit: Backend['listLimit'],
  ofLogins: OptionFault | undefined,
): Generator<Finding> {
  const ofLists = limit !== undefined && 'fault' in limit ? limit : undefined;
  const [lists, logins] = ['every list of users and groups', 'every login to a project'];
  const isOne = ofLists?.setBy === ofLogins?.setBy;
  const failing = (what: string): string => `${what} ends in HTTP 500`;
  if (ofLists !== undefined) yield limitFinding(ofLists, failing(isOne ? `${lists} and ${logins}` : lists));
  if (ofLogins !== undefined && !isOne)
    yield ofLogins.option === 'list_limit'
      ? limitFinding(ofLogins, failing(logins))
      : unreadableOption(ofLogins, failing(logins));
}

function* ignoredName({ release, doc }: Backend): Generator<Finding> {
  const fault = ignoredNameFault(release);
  if (fault !== undefined)
    yield {
      ...{ code: 'CONF_UNREADABLE_VALUE', severity: 'error' },
      subject: optionSubject(doc, 'ldap', 'user_attribute_ignore'),
      message: `${fault}; every login ends in HTTP 500`,
      remedy:
        'Decide which attribute has the name of users: name it in user_name_attribute, and take name out of this list.',
    };
}

function limitFinding(fault: OptionFault, effect: string): Finding {
  return {
    ...unreadableOption(fault, effect),
    remedy: 'Decide how many entries a list may have, and write the number; without it lists have no end.',
  };
}

/** `default` leaves it to `DEREF` of ldap.conf, without which libldap never does. */
const ALIASES: Readonly<Record<string, Aliases>> = {
  searching: 'search',
  finding: 'find',
  always: 'always',
};

/** How a Keystone of 2011 connects: in clear, to one server. */
export function legacyServerOf({
  url,
  user: dn,
  password,
}: Pick<LegacyConf, 'url' | 'user' | 'password'>): KeystoneServer {
  const credentials = { kind: 'simple', dn, password } as const;
  const inClear = { startTls: false, setsTls: false, checkCertificate: true };
  return { optionNames: OPTIONS_OF_2011, urls: [url], credentials, ...inClear, usesPool: false, pageSize: 0 };
}

/** How Keystone connects with these options. */
export function serverOf({ urls, account, options, startTls, caFile }: ModernConf): KeystoneServer {
  const seconds = Number(
    options[options['use_pool'] === true ? 'pool_connection_timeout' : 'connection_timeout'],
  );
  const { tls_cacertdir: caDir, tls_req_cert: check } = options;
  return {
    // None at all is an address that nobody answers at.
    urls: urls.some((url) => url !== '') ? urls.filter((url) => url !== '') : [''],
    credentials:
      account === undefined
        ? { kind: 'anonymous' }
        : { kind: 'simple', dn: account.user, password: account.password },
    startTls,
    setsTls: startTls || urls[0]?.toLowerCase().startsWith('ldaps') === true,
    usesPool: options['use_pool'] === true,
    caFile: caFile === '' ? undefined : caFile,
    caDir: typeof caDir === 'string' && caDir !== '' ? caDir : undefined,
    checkCertificate: check !== 'never' && check !== 'allow',
    timeoutMs: seconds > 0 ? seconds * 1000 : undefined,
    pageSize: Number(options['page_size'] ?? 0),
    aliases: ALIASES[String(options['alias_dereferencing'])],
    poolNumbers: connectionFaults(options, urls),
  };
}

/** The pool takes what stands before the first comma for a server, also if it is nothing, and then waits to try again. */
function connectionFaults(options: LdapSettings, [first]: readonly string[]): PoolNumberFaults {
  const faults = poolNumberFaults(options);
  const { everyRequest = first === '' ? faults.noOtherServer : undefined } = faults;
  return { ...faults, everyRequest };
}
