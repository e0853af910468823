import type { Session } from '../../directory/session.ts';
import { readBackend, requireDomainFile, type Backend, type BackendReading } from '../../doctor/backend.ts';
import { readableByKeystone } from '../../doctor/checks/readable-by-keystone.ts';
import { unreadDomainFiles } from '../../doctor/checks/domain-files.ts';
import type { ConnectLimits } from '../../doctor/connect-as-keystone.ts';
import { optionPlace } from '../../doctor/option-place.ts';
import { reachBackend } from '../../doctor/reach-backend.ts';
import type { Finding } from '../../doctor/finding.ts';
import { serviceFaults } from '../../doctor/service-faults.ts';
import {
  readKeystoneFiles,
  readMainConf,
  type KeystoneFiles,
  type KeystoneSource,
} from '../../doctor/keystone-files.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { shellWord } from '../../shell-word.ts';
import { domainFileName } from '../../keystone-conf/modern/domain-conf.ts';
import { LOCAL_IDS, mapsIds, publicIds, type ShownIds } from '../../keystone-conf/modern/shown-ids.ts';
import { findInCatalogue, seriesOf } from '../../releases/catalogue.ts';
import type { Release, Trees } from '../../releases/release.ts';
import { chosenRelease } from '../inputs/chosen-release.ts';
import { flagName, type IsGiven } from '../flags/command-context.ts';
import type { Io } from '../terminal/io.ts';
import { requireMainConf } from '../flags/keystone-flags.ts';
import { remark } from '../terminal/output.ts';
import { resolveTrees } from '../inputs/release-flags.ts';
import { resolveConfRelease } from '../inputs/resolve-conf-release.ts';
import type { Connection } from '../../system/connection.ts';
import { lazyConnection } from '../inputs/resolve-connection.ts';
import type { VerifyFlags } from './verify-flags.ts';

/** Where `verify` looks, and what it found on the way there. */
export interface VerifySource {
  readonly release: Release;
  /** Absent where keystone.conf tells none that works; the findings say why. */
  readonly connection: Connection | undefined;
  readonly findings: readonly Finding[];
  readonly treesIn: (directory: Session) => Promise<Trees>;
  readonly ids: ShownIds;
  /** What keystone.conf sets up, if one is named. */
  readonly backend?: Backend;
  /** Why every login to a project fails. */
  readonly projectLoginFault?: string | undefined;
}

/** Server, identity and trees from keystone.conf where one is named, else from flags and environment. */
export async function resolveVerifySource(
  flags: VerifyFlags,
  io: Io,
  isGiven: IsGiven,
): Promise<VerifySource> {
  requireMainConf(flags);
  const { keystoneConf } = flags;
  if (keystoneConf !== undefined) {
    requireOnce(isGiven);
    const said = await whatConfSays(keystoneConf, flags, io);
    return await sourceOf(said, flags, io);
  }
  const connecting = lazyConnection(flags, io);
  const release = await chosenRelease(flags, io, connecting);
  requireMappedIds(flags, release);
  return {
    release,
    ids: (flags.domain ?? flags.domainId) === undefined ? LOCAL_IDS : publicIds(flags),
    connection: await connecting(),
    findings: [],
    treesIn: (directory) => resolveTrees(flags, release, io, directory),
  };
}

function requireOnce(isGiven: IsGiven): void {
  const twice = SAID_BY_CONF.filter(isGiven);
  if (twice.length === 0) return;
  throw new KeystoneLdapError(
    'USAGE',
    `--keystone-conf says what ${twice.map(flagName).join(', ')} would say.`,
    {
      hint: 'Leave these flags out to see what Keystone sees, or leave out --keystone-conf.',
    },
  );
}

const SAID_BY_CONF = [
  ...['uri', 'bindDn', 'passwordFile', 'promptPassword', 'mechanism', 'startTls', 'caFile'],
  ...['map', 'ldapHolds', 'suffix'],
  ...['userTreeDn', 'groupTreeDn', 'tenantTreeDn', 'projectTreeDn', 'roleTreeDn', 'domainTreeDn'],
];

/** A domain's id matters to public ids only. @throws `USAGE` */
function requireMappedIds({ domainId }: VerifyFlags, { name, title }: Release): void {
  const entry = findInCatalogue(name);
  if (domainId === undefined || (entry !== undefined && mapsIds(entry.name))) return;
  throw new KeystoneLdapError('USAGE', `${title} shows ids as they are: leave out --domain-id.`);
}

type ConfFiles = KeystoneSource['files'];

/** What a file says, whatever the release calls it. */
interface ConfSays extends BackendReading {
  readonly release: Release;
  readonly file: string;
}

async function whatConfSays(files: ConfFiles, flags: VerifyFlags, io: Io): Promise<ConfSays> {
  const { domain, domainId, domainConfigDir, configDir: dirs } = flags;
  const { doc: before } = await readMainConf({ files, dirs });
  const release = await resolveConfRelease(flags.release, before, io);
  requireMappedIds(flags, release);
  const all = await readKeystoneFiles({ files, dirs, domainConfigDir, domain, domainId }, release);
  const unreadable: Finding[] = [];
  for await (const finding of readableByKeystone(all)) unreadable.push(finding);
  const said = whatIsSet(all, flags);
  return { ...said, findings: [...unreadable, ...said.findings] };
}

function whatIsSet(all: KeystoneFiles, { domain, domainId }: VerifyFlags): ConfSays {
  const { release, mainPaths } = all;
  const [first = ''] = mainPaths;
  const faults = serviceFaults(all);
  if (faults.length > 0)
    return { backend: undefined, isLoadable: false, findings: faults, release, file: first };
  const { main } = all;
  const isOfMain = domain === undefined || release.conf.kind === 'legacy';
  if (isOfMain || all.main.problems.length > 0) {
    const reading = readBackend(main, release, { main, domain: undefined, domainId });
    const findings = reading.findings.map((finding) => ofSomeDomain(finding, ldapDomains(all)));
    return { ...reading, findings, release, file: first };
  }
  requireFileName(domain, release);
  const { path: file, doc } = requireDomainFile(all.domains, domain);
  const { findings, ...reading } = readBackend(doc, release, { main, domain, domainId });
  return { ...reading, findings: [...unreadDomainFiles(all), ...findings], release, file };
}

/** @throws `INPUT_INVALID` for a domain that cannot have a file */
function requireFileName(domain: string, release: Release): void {
  const series = seriesOf(release);
  if (series !== undefined) domainFileName(domain, series);
}

/** Those whose own file has an LDAP driver. */
function ldapDomains({ main, release, domains }: KeystoneFiles): readonly string[] {
  return (domains?.files ?? []).flatMap(({ domain, doc }) =>
    readBackend(doc, release, { main, domain }).backend === undefined ? [] : [domain],
  );
}

/** Where only domains are in LDAP, the default driver is not what is asked about. */
function ofSomeDomain(finding: Finding, domains: readonly string[]): Finding {
  if (finding.code !== 'CONF_BACKENDS' || domains.length === 0) return finding;
  const remedy = `Decide which domain is meant, and name it: ${domains.map((one) => `--domain ${shellWord(one)}`).join(' or ')}.`;
  return { ...finding, remedy };
}

async function sourceOf(said: ConfSays, flags: VerifyFlags, io: Io): Promise<VerifySource> {
  const { backend, findings } = said;
  const { release, ids } = backend ?? { release: said.release, ids: LOCAL_IDS };
  const nothing = {
    release,
    ids,
    connection: undefined,
    treesIn: () => Promise.reject(new Error('no trees')),
  };
  if (backend === undefined || backend.unsearchable.size > 0) return { ...nothing, findings };
  const { server, trees, projectLoginFault } = backend;
  if (server.poolNumbers?.everyRequest !== undefined) return { ...nothing, findings };
  const {
    session,
    options,
    findings: ofServers,
    unreachable,
  } = await reachBackend(backend, limitsOf(flags, io));
  await session?.[Symbol.asyncDispose]();
  // A server that does not answer says nothing of the file.
  if (unreachable !== undefined) throw unreachableBy(unreachable, backend);
  if (options === undefined) return { ...nothing, findings: [...findings, ...ofServers] };
  const connection = {
    waitMs: 0,
    options: { ...options, onRemark: (text: string) => remark(io, `warning: ${text}`) },
  };
  const treesIn = () => Promise.resolve(trees);
  return { release, connection, findings, ids, backend, projectLoginFault, treesIn };
}

function limitsOf({ timeout, wait = 0 }: VerifyFlags, { signal }: Io): ConnectLimits {
  return { signal, waitMs: wait * 1000, timeoutMs: timeout === undefined ? undefined : timeout * 1000 };
}

function unreachableBy({ code, message, cause }: KeystoneLdapError, { doc }: Backend): KeystoneLdapError {
  return new KeystoneLdapError(code, message, {
    hint: `Start the server, or correct url (${optionPlace(doc, 'ldap', 'url')}); --wait SECONDS waits for it.`,
    cause,
  });
}
