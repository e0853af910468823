import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session, SessionOptions } from '../directory/session.ts';
import { openSession } from '../directory/open-session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { filesBelow, readText } from '../files.ts';
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
}

export interface ConnectLimits {
  readonly signal?: AbortSignal | undefined;
  /** Where keystone.conf sets none. */
  readonly timeoutMs?: number | undefined;
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
  const { used, findings } = await tryServers(all, { server, file, process }, noOtherServer !== undefined);
  const severity = used === undefined ? 'error' : 'warning';
  return {
    session: used?.session,
    options: used?.options,
    findings: findings.map((finding) => ({ ...finding, severity })),
  };
}

interface Place {
  readonly server: KeystoneServer;
  readonly file: string;
  readonly process: ProcessTls;
}

async function tryServers(
  all: readonly SessionOptions[],
  { server, file, process }: Place,
  isOnlyFirst: boolean,
): Promise<{ readonly used: Opened | undefined; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  let used: Opened | undefined;
  let hasEnded = refusesToConnect(server);
  for (const options of all) {
    const attempt = await tryServer(options, server, file);
    findings.push(...attempt.findings);
    if (hasEnded) {
      await attempt.opened?.session[Symbol.asyncDispose]();
      continue;
    }
    if (attempt.hasShakenHands) process.keep();
    used = attempt.opened;
    hasEnded = attempt.isLast || isOnlyFirst;
  }
  return { used, findings };
}

interface Opened {
  readonly session: Session;
  readonly options: SessionOptions;
}

interface Attempt {
  readonly opened?: Opened;
  readonly findings: readonly Finding[];
  /** Whether Keystone would go on to no other server. */
  readonly isLast: boolean;
  /** Whether there was a handshake of TLS, whatever came of it. */
  readonly hasShakenHands: boolean;
}

async function tryServer(options: SessionOptions, server: KeystoneServer, file: string): Promise<Attempt> {
  try {
    const session = await openAsDriver(options);
    const findings = [...expiry(session)];
    const hasShakenHands = session.certificate !== undefined;
    return { opened: { session, options }, findings, isLast: true, hasShakenHands };
  } catch (error) {
    const isOver = !goesOn(error, server, options);
    const hasShakenHands = speaksTls(options) && error instanceof KeystoneLdapError && !isUnreachable(error);
    // That StartTLS fails at ldaps:// is a finding of the settings.
    if (isTlsTwice(options)) return { findings: [], isLast: isOver, hasShakenHands };
    const finding = await connectionFails(error, options, {
      file,
      goesOn: !isOver,
      names: server.optionNames,
    });
    return { findings: [finding], isLast: isOver, hasShakenHands };
  }
}

/** Keystone looks at the start of the whole list only (`_common_ldap_initialization`, Folsom to 29.0.0). */
function refusesToConnect({ startTls, urls }: KeystoneServer): boolean {
  return startTls && urls[0]?.toLowerCase().startsWith('ldaps') === true;
}

/** StartTLS fails where TLS has begun with the first byte. */
async function openAsDriver(options: SessionOptions): Promise<Session> {
  if (!isTlsTwice(options)) return await openSession(options);
  const session = await openSession({ ...options, credentials: { kind: 'anonymous' } });
  await session[Symbol.asyncDispose]();
  throw new KeystoneLdapError(
    'TLS_FAILED',
    `Cannot start TLS on ${options.uri}: it is TLS from its first byte on, and use_tls is set.`,
  );
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
  process.set(server);
  const { trust } = process;
  const ca = usesTls(server) ? await readCa(trust) : undefined;
  const wait = server.timeoutMs ?? timeoutMs;
  return server.urls.map((url) => ({
    uri: addressOf(url),
    credentials: server.credentials,
    checkCertificate: trust.checkCertificate,
    checkName: trust.checkName,
    ...(server.aliases !== undefined && { aliases: server.aliases }),
    ...(server.startTls && { startTls: 'require' as const }),
    ...(ca !== undefined && { ca }),
    ...(wait !== undefined && { timeoutMs: wait }),
    ...(signal !== undefined && { signal }),
  }));
}

/** libldap also takes a whole URL of RFC 4516, of which it connects to the address. */
function addressOf(url: string): string {
  return url.replace(/^(ldaps?:\/\/[^/?]*)[/?].*$/i, '$1');
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
