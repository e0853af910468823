import type { Session, SessionOptions } from '../../directory/session.ts';
import { readBackend, type Backend } from '../../doctor/backend.ts';
import { causesOnly } from '../../doctor/causes-only.ts';
import { impossibleTls } from '../../doctor/checks/tls-settings.ts';
import { assumedBackend, withEntryErrors } from '../../doctor/entry-findings.ts';
import type { Finding } from '../../doctor/finding.ts';
import { legacyEntries } from '../../doctor/legacy-entries.ts';
import { legacyFindings } from '../../doctor/legacy-findings.ts';
import { releaseAsObserved } from '../../doctor/observed-emulation.ts';
import { reachBackend } from '../../doctor/reach-backend.ts';
import { verifySchema } from '../../doctor/verify-schema.ts';
import { verifyListed } from '../../doctor/verify.ts';
import type { VerifyTarget } from '../../doctor/verify-target.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { shellCommand } from '../../shell-word.ts';
import { placeOf, type ConfDocument } from '../../keystone-conf/document/document.ts';
import { findOptions } from '../../keystone-conf/document/option-value.ts';
import type { Release } from '../../releases/release.ts';
import { asInConf, type InConf } from './as-in-conf.ts';
import { carryGiven } from '../verify/carry-given.ts';
import { chosenRelease } from '../inputs/chosen-release.ts';
import type { IsMeant } from '../flags/command-context.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { printJson, remark, say } from '../terminal/output.ts';
import { hasAllTrees, resolveSuffix, resolveTrees } from '../inputs/release-flags.ts';
import { findingText } from '../verify/render-verdict.ts';
import { withDirectory, type Connection } from '../../system/connection.ts';
import { lazyConnection } from '../inputs/resolve-connection.ts';
import type { InitFlags } from './run-init.ts';

/**
 * What `init --read-only` does: see whether a directory that others fill is as the mapping says, and tell the command
 * by which Keystone gets to use it. It writes nothing.
 */
export async function checkInit(given: InitFlags, io: Io, isMeant: IsMeant): Promise<ExitCode> {
  refuseWriting(given);
  const connecting = lazyConnection(given, io);
  const chosen = await chosenRelease(given, io, connecting);
  const inConf = await asInConf(chosen, given, isMeant);
  const { release: named, flags, own } = inConf;
  const connection = await connecting();
  return await withDirectory(connection, async (directory) => {
    const needsSuffix = !hasAllTrees(flags, named) || (named.conf.kind === 'oslo' && own?.isUsed !== true);
    const suffix = needsSuffix ? await resolveSuffix(flags, io, directory) : flags.suffix;
    const trees = await resolveTrees({ ...flags, ...(suffix && { suffix }) }, named, io, directory);
    const verdict = await confFindings(inConf, io);
    await using asKeystone = verdict.opened?.session;
    const release = verdict.isSearchable ? await releaseAsObserved(directory, named, trees) : named;
    const place = { release: releaseMeant(release, verdict, given), trees };
    const findings: Finding[] = [];
    for await (const finding of lookAt(
      { directory, asKeystone, connection },
      place,
      verdict,
      given.map === undefined,
    ))
      findings.push(carryGiven(finding, given));
    const words = configureWords({ ...given, ...(suffix && { suffix }) }, release.name, connection, inConf);
    const configure = shellCommand(words);
    const ok = findings.every(({ severity }) => severity !== 'error');
    if (flags.json === true)
      printJson(io, { command: 'init', applied: false, release: release.name, ok, findings, configure });
    else render({ findings, ok, subject: `Schema and trees of ${release.name}`, configure }, io);
    return ok ? 0 : 1;
  });
}

/** As the file sets it up, if it is in use and no flag overrides its options. */
function releaseMeant(observed: Release, { backend }: ConfVerdict, { map, ldapHolds }: InitFlags): Release {
  return backend !== undefined && map === undefined && ldapHolds === undefined ? backend.release : observed;
}

interface Sessions {
  readonly directory: Session;
  /** What Keystone's own account sees decides, if the file names one that gets in. */
  readonly asKeystone: Session | undefined;
  readonly connection: Connection;
}

function lookAt(
  { directory, asKeystone, connection }: Sessions,
  place: Pick<VerifyTarget, 'release' | 'trees'>,
  { findings, isSearchable, backend, opened }: ConfVerdict,
  isAsInFile: boolean,
): AsyncGenerator<Finding> {
  const session = asKeystone ?? directory;
  const options = opened?.options ?? connection.options;
  const pageSize = opened && backend?.server.pageSize;
  const found = async function* (): AsyncGenerator<Finding> {
    yield* findings;
    if (!isSearchable) return;
    // Flags count before the file.
    yield* verifySchema(directory, place.release, isAsInFile ? backend?.doc : undefined);
    yield* verifyListed(session, { ...place, minUsers: 1, pageSize, conf: backend });
    yield* legacyFindings(session, place);
    yield* legacyEntries(session, place);
  };
  const causes = causesOnly(found());
  if (!isSearchable) return causes;
  const { release, trees } = place;
  const all = withEntryErrors(causes, {
    ...{ session, options },
    backend: backend === undefined ? assumedBackend(release, trees, options) : { ...backend, ...place },
  });
  return causesOnly(all);
}

interface ConfVerdict {
  readonly findings: Finding[];
  readonly isSearchable: boolean;
  readonly backend?: Backend | undefined;
  /** With Keystone's own account. */
  readonly opened?: { readonly session: Session; readonly options: SessionOptions } | undefined;
}

/**
 * What is wrong in a file that has LDAP already, and would stay so: "configure" keeps what is set. Whether Keystone's own
 * account gets in is tried if the file names it.
 */
async function confFindings(
  { release, own, doc }: Pick<InConf<InitFlags>, 'release' | 'own' | 'doc'>,
  { signal }: Io,
): Promise<ConfVerdict> {
  if (doc === undefined || own?.isUsed !== true) return { findings: [], isSearchable: true };
  const { backend, findings } = readBackend(doc, release, { main: doc, domain: undefined });
  const isSearchable = backend?.unsearchable.size === 0;
  if (backend === undefined || own.url === undefined)
    return { findings: [...findings], isSearchable, backend };
  if (!own.hasAccount)
    return { findings: [...findings, ...(await impossibleTls(backend))], isSearchable, backend };
  const reached = await reachBackend(backend, { signal });
  const { session, options } = reached;
  return {
    ...{ findings: [...findings, ...reached.findings], isSearchable, backend },
    opened: session && options && { session, options },
  };
}

function refuseWriting(flags: InitFlags): void {
  const stray = [
    ...(flags.serviceAccount === undefined ? [] : ['--service-account']),
    ...(flags.schemaFile === undefined ? [] : ['--schema-file']),
    ...(flags.replaceSchema === true ? ['--replace-schema'] : []),
  ];
  if (stray.length === 0) return;
  throw new KeystoneLdapError('USAGE', `--read-only writes nothing: leave out ${stray.join(', ')}.`);
}

interface Answer {
  readonly findings: readonly Finding[];
  readonly ok: boolean;
  readonly subject: string;
  readonly configure: string;
}

function render({ findings, ok, subject, configure }: Answer, io: Io): void {
  for (const finding of findings) say(io, findingText(finding, io.colour));
  if (!ok) {
    remark(io, 'Nothing was written (--read-only): make what is missing, or name what is there with --map.');
    return;
  }
  say(io, `${subject} are there; nothing was written. Keystone uses them after:\n\n    ${configure}\n`);
  if (configure.includes('-D DN'))
    remark(
      io,
      'DN is the account that Keystone binds as: one that may read the trees, and not an administrator.',
    );
}

/**
 * The command that makes Keystone find what this run found. What keystone.conf has already is left to it. The account of
 * this run is not Keystone's: one that administers the directory must not get into keystone.conf.
 */
function configureWords(
  flags: InitFlags,
  release: string,
  connection: Connection,
  { own, doc }: Pick<InConf<InitFlags>, 'own' | 'doc'>,
): readonly string[] {
  // The declaration also has what no flag of this run says, such as the domain.
  if (flags.declaredConf !== undefined && flags.configFile !== undefined)
    return ['keystone-ldap', 'configure', '-f', flags.configFile];
  return [
    ...['keystone-ldap', 'configure', '--release', release],
    ...['--keystone-conf', confToEdit(flags, doc)],
    ...(own?.url === undefined ? serverWords(flags, connection) : []),
    ...(own?.hasAccount === true ? [] : ['-D', 'DN', '-W']),
    ...(own?.suffix === undefined ? valued('--suffix', flags.suffix) : []),
    ...valued('--user-tree-dn', flags.userTreeDn),
    ...valued('--group-tree-dn', flags.groupTreeDn),
    ...valued('--tenant-tree-dn', flags.tenantTreeDn ?? flags.projectTreeDn),
    ...valued('--role-tree-dn', flags.roleTreeDn),
    ...valued('--domain-tree-dn', flags.domainTreeDn),
    ...(flags.map ?? []).flatMap((pair) => ['--map', pair]),
    ...valued('--ldap-holds', flags.ldapHolds),
  ];
}

/** Of several files, the one in which the address is set: "configure" edits one. */
function confToEdit({ keystoneConf }: InitFlags, doc: ConfDocument | undefined): string {
  const [first = '/etc/keystone/keystone.conf', ...others] = keystoneConf ?? [];
  const url = others.length === 0 || doc === undefined ? undefined : findOptions(doc, 'ldap', 'url').at(-1);
  return (url && doc && placeOf(doc, url.line).file) ?? first;
}

function serverWords({ caFile }: InitFlags, { options: { uri, startTls } }: Connection): readonly string[] {
  const tls = startTls === undefined ? [] : [startTls === 'require' ? '-ZZ' : '-Z'];
  return ['-H', uri, ...tls, ...valued('--ca-file', caFile)];
}

function valued(flag: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [flag, value];
}
