import { join } from 'node:path';
import { openSession, type Session, type SessionOptions } from '../directory/session.ts';
import { filesBelow, readText } from '../files.ts';
import type { KeystoneServer } from './backend.ts';
import { certificateText, connectionFails } from './connection-findings.ts';
import type { Finding } from './finding.ts';

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
 * Tries each server as Keystone does: with its account, its TLS and its patience. Empty numbers with which Keystone does not
 * connect are findings about the file.
 */
export async function connectAsKeystone(
  server: KeystoneServer,
  file: string,
  limits: ConnectLimits = {},
): Promise<KeystoneConnection> {
  const { everyRequest, noOtherServer } = server.emptyNumbers ?? {};
  if (everyRequest !== undefined) return { session: undefined, options: undefined, findings: [] };
  const all = await sessionOptions(server, limits);
  const findings: Finding[] = [];
  let used: { readonly session: Session; readonly options: SessionOptions } | undefined;
  for (const options of all) {
    try {
      const session = await openSession(options);
      findings.push(...expiry(session));
      if (used === undefined) used = { session, options };
      else await session[Symbol.asyncDispose]();
    } catch (error) {
      findings.push(await connectionFails(error, options, file));
      if (noOtherServer !== undefined) break;
    }
  }
  const severity = used === undefined ? 'error' : 'warning';
  return {
    session: used?.session,
    options: used?.options,
    findings: findings.map((finding) => ({ ...finding, severity })),
  };
}

/** One for each server. @throws `FILE_UNREADABLE` for the CA */
export async function sessionOptions(
  server: KeystoneServer,
  { signal, timeoutMs }: ConnectLimits = {},
): Promise<readonly SessionOptions[]> {
  const ca = usesTls(server) ? await readCa(server) : undefined;
  const wait = server.timeoutMs ?? timeoutMs;
  return server.urls.map((uri) => ({
    uri,
    credentials: server.credentials,
    checkCertificate: server.checkCertificate,
    ...(server.aliases !== undefined && { aliases: server.aliases }),
    ...(server.startTls && { startTls: 'require' as const }),
    ...(ca !== undefined && { ca }),
    ...(wait !== undefined && { timeoutMs: wait }),
    ...(signal !== undefined && { signal }),
  }));
}

export function usesTls({ startTls, urls }: KeystoneServer): boolean {
  return startTls || urls.some((url) => /^ldaps:/i.test(url));
}

/** The file comes first, the folder counts without one. */
async function readCa({ caFile, caDir }: KeystoneServer): Promise<string | undefined> {
  if (caFile !== undefined) return await readText(caFile);
  if (caDir === undefined) return undefined;
  const names = (await filesBelow(caDir)) ?? [];
  return (await Promise.all(names.map((name) => readText(join(caDir, name))))).join('\n');
}

const SOON_MS = 30 * 24 * 60 * 60 * 1000;

function* expiry({ uri, certificate }: Session): Generator<Finding> {
  if (certificate === undefined || certificate.validTo.getTime() - Date.now() > SOON_MS) return;
  yield {
    code: 'CERTIFICATE_EXPIRES',
    severity: 'warning',
    subject: uri,
    message: `its certificate is ${certificateText(certificate)}; from then on Keystone does not connect`,
    remedy: 'Renew the certificate of the server, and restart it.',
  };
}
