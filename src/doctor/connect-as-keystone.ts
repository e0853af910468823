import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isLocalhost, isNamedForLibldap, type NamedCertificate } from '../directory/certificate-name.ts';
import { parseLdapUri } from '../directory/ldap-uri.ts';
import type { Session, SessionOptions } from '../directory/session.ts';
import { openSession } from '../directory/open-session.ts';
import { waitForSession } from '../directory/wait-for-session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { filesBelow, readText } from '../files.ts';
import { machineName } from '../machine-name.ts';
import type { KeystoneServer } from './backend.ts';
import { certificateText, connectionFails } from './connection-findings.ts';
import { goesOn, isUnreachable } from './fail-over.ts';
import type { Finding } from './finding.ts';
import { ProcessTls } from './process-tls.ts';

export interface KeystoneConnection {
  /** With the first server that works; the caller closes it. */
  readonly session: Session | undefined;
  readonly options: SessionOptions | undefined;
  readonly findings: readonly Finding[];
  /** The last error, if no server answers at all: nothing is then known of the settings. */
  readonly unreachable?: KeystoneLdapError | undefined;
}

export interface ConnectLimits {
  readonly signal?: AbortSignal | undefined;
  /** Where keystone.conf sets none. */
  readonly timeoutMs?: number | undefined;
  /** For how long a server that does not answer yet is asked again. */
  readonly waitMs?: number | undefined;
}

/**
 * Tries each server as Keystone does: with its account, its TLS and its patience. Others after one that works, or at which
 * Keystone ends, are tried for what is to be said of them. Empty numbers with which Keystone does not connect are findings
 * about the file.
 */
export async function connectAsKeystone(
  server: KeystoneServer,
  file: string,
  limits: ConnectLimits = {},
  process = new ProcessTls(),
): Promise<KeystoneConnection> {
  const { everyRequest, noOtherServer } = server.poolNumbers ?? {};
  if (everyRequest !== undefined) return { session: undefined, options: undefined, findings: [] };
  const all = await sessionOptions(server, limits, process);
  const place = { server, file, process, waitMs: limits.waitMs ?? 0 };
  const { used, findings, unreachable } = await tryServers(all, place, noOtherServer !== undefined);
  const severity = used === undefined ? 'error' : 'warning';
  return {
    session: used?.session,
    options: used?.options,
    findings: findings.map((finding) => ({ ...finding, severity })),
    ...(used === undefined && { unreachable }),
  };
}

interface Place {
  readonly server: KeystoneServer;
  readonly file: string;
  readonly process: ProcessTls;
  readonly waitMs: number;
}

async function tryServers(
  all: readonly SessionOptions[],
  place: Place,
  isOnlyFirst: boolean,
): Promise<Pick<KeystoneConnection, 'findings' | 'unreachable'> & { readonly used: Opened | undefined }> {
  const { server, process } = place;
  const findings: Finding[] = [];
  const errors: unknown[] = [];
  let used: Opened | undefined;
  let hasEnded = refusesToConnect(server);
  for (const options of all) {
    const attempt = await tryServer(options, place);
    findings.push(...attempt.findings);
    errors.push(attempt.error);
    if (hasEnded) {
      await attempt.opened?.session[Symbol.asyncDispose]();
      continue;
    }
    if (attempt.hasShakenHands) process.keep();
    used = attempt.opened;
    hasEnded = attempt.isLast || isOnlyFirst;
  }
  const areSilent = errors.every((error) => error instanceof KeystoneLdapError && isSilence(error));
  const last = errors.at(-1);
  return { used, findings, unreachable: areSilent && last instanceof KeystoneLdapError ? last : undefined };
}

/** Text that is not an address at all is a fault of the file. */
function isSilence(error: KeystoneLdapError): boolean {
  return isUnreachable(error) && error.code !== 'USAGE';
}

interface Opened {
  readonly session: Session;
  readonly options: SessionOptions;
}

interface Attempt {
  readonly opened?: Opened;
  readonly error?: unknown;
  readonly findings: readonly Finding[];
  /** Whether Keystone would go on to no other server. */
  readonly isLast: boolean;
  /** Whether there was a handshake of TLS, whatever came of it. */
  readonly hasShakenHands: boolean;
}

async function tryServer(options: SessionOptions, { server, file, waitMs }: Place): Promise<Attempt> {
  try {
    const session = await openAsDriver(options, waitMs);
    const findings = [...expiry(session)];
    const hasShakenHands = session.certificate !== undefined;
    return { opened: { session, options }, findings, isLast: true, hasShakenHands };
  } catch (error) {
    const isOver = !goesOn(error, server, options);
    const hasShakenHands = speaksTls(options) && error instanceof KeystoneLdapError && !isUnreachable(error);
    // That StartTLS fails at ldaps:// is a finding of the settings.
    if (isTlsTwice(options)) return { error, findings: [], isLast: isOver, hasShakenHands };
    const finding = await connectionFails(error, options, {
      file,
      goesOn: !isOver,
      names: server.optionNames,
    });
    return { error, findings: [finding], isLast: isOver, hasShakenHands };
  }
}

/** Keystone looks at the start of the whole list only (`_common_ldap_initialization`, Folsom to 29.0.0). */
function refusesToConnect({ startTls, urls }: KeystoneServer): boolean {
  return startTls && urls[0]?.toLowerCase().startsWith('ldaps') === true;
}

/** StartTLS fails where TLS has begun with the first byte, and libldap cannot start it on a socket of this machine. */
async function openAsDriver(options: SessionOptions, waitMs: number): Promise<Session> {
  const open = async (one: SessionOptions): Promise<Session> =>
    waitMs > 0 ? await waitForSession(one, waitMs) : await openSession(one);
  if (!cannotStartTls(options)) return await open(options);
  const session = await open({ ...options, credentials: { kind: 'anonymous' } });
  await session[Symbol.asyncDispose]();
  const why = isTlsTwice(options) ? 'it is TLS from its first byte on' : 'libldap has no TLS over ldapi://';
  throw new KeystoneLdapError(
    'TLS_FAILED',
    `Cannot start TLS on ${options.uri}: ${why}, and use_tls is set.`,
  );
}

function cannotStartTls({ startTls, uri }: SessionOptions): boolean {
  return startTls !== undefined && /^ldap[si]:/i.test(uri);
}

function isTlsTwice({ startTls, uri }: SessionOptions): boolean {
  return startTls !== undefined && /^ldaps:/i.test(uri);
}

function speaksTls({ startTls, uri }: SessionOptions): boolean {
  return startTls !== undefined || /^ldaps:/i.test(uri);
}

/** One for each server. @throws `FILE_UNREADABLE` for the CA */
export async function sessionOptions(
  server: KeystoneServer,
  { signal, timeoutMs }: ConnectLimits = {},
  process = new ProcessTls(),
): Promise<readonly SessionOptions[]> {
  if (server.setsTls) await requireCa(server);
  // What Keystone refuses before it sets anything leaves the process as it is.
  if (!refusesToConnect(server)) process.set(server);
  const { trust } = process;
  const ca = usesTls(server) ? await readCa(trust) : undefined;
  const machine = server.urls.some(asksForMachine) ? await machineName() : '';
  const wait = server.timeoutMs ?? timeoutMs;
  return server.urls.map((url) => ({
    uri: addressOf(url),
    credentials: server.credentials,
    checkCertificate: trust.checkCertificate,
    checkName: trust.checkName,
    ...(usesTls(server) && {
      isNamed: (host: string, certificate: NamedCertificate) => isNamedForLibldap(host, certificate, machine),
    }),
    ...(server.aliases !== undefined && { aliases: server.aliases }),
    ...(server.startTls && { startTls: 'require' as const }),
    ...(ca !== undefined && { ca }),
    ...(wait !== undefined && { timeoutMs: wait }),
    ...(signal !== undefined && { signal }),
  }));
}

/** Whether libldap asks the certificate for the name of this machine. */
function asksForMachine(url: string): boolean {
  try {
    const address = parseLdapUri(addressOf(url));
    return address.scheme !== 'ldapi' && isLocalhost(address.host);
  } catch {
    return false;
  }
}

/** libldap also takes a whole URL of RFC 4516, of which it connects to the address. */
function addressOf(url: string): string {
  return url.replace(/^(ldap[si]?:\/\/[^/?]*)[/?].*$/i, '$1');
}

export function usesTls({ startTls, urls }: KeystoneServer): boolean {
  return startTls || urls.some((url) => /^ldaps:/i.test(url));
}

/** Keystone looks whether its own are there, also if those of another driver count. */
async function requireCa({ caFile, caDir }: KeystoneServer): Promise<void> {
  const path = caFile ?? caDir;
  if (path === undefined) return;
  const found = await stat(path).catch(() => undefined);
  const isThere = caFile === undefined ? found?.isDirectory() : found?.isFile();
  if (isThere !== true)
    throw new KeystoneLdapError(
      'FILE_UNREADABLE',
      `There is no ${caFile === undefined ? 'folder' : 'file'} ${path}.`,
    );
}

/** The file comes first, the folder counts without one. */
async function readCa({
  caFile,
  caDir,
}: Pick<KeystoneServer, 'caFile' | 'caDir'>): Promise<string | undefined> {
  if (caFile !== undefined) {
    const pem = await readText(caFile);
    return holdsCertificate(pem) ? pem : '';
  }
  if (caDir === undefined) return undefined;
  const names = await filesBelow(caDir);
  if (names === undefined) throw new KeystoneLdapError('FILE_UNREADABLE', `There is no folder ${caDir}.`);
  return (await Promise.all(names.map((name) => readText(join(caDir, name))))).join('\n');
}

/** Without one GnuTLS, with which Debian builds libldap, trusts nobody, and OpenSSL does not connect. */
export function holdsCertificate(pem: string): boolean {
  return pem.includes('-----BEGIN CERTIFICATE-----');
}

const SOON_MS = 30 * 24 * 60 * 60 * 1000;

function* expiry({ uri, certificate }: Session): Generator<Finding> {
  if (certificate === undefined || certificate.validTo.getTime() - Date.now() > SOON_MS) return;
  yield {
    code: 'CERTIFICATE_EXPIRES',
    severity: 'warning',
    subject: uri,
    message: `its certificate is ${certificateText(certificate)}; from then on Keystone does not connect`,
    remedy: 'Decide who issues a new certificate for the server before that.',
  };
}
