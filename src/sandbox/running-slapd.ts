import type { Secret } from '../secret.ts';
import type { LaunchedSlapd } from './launch-slapd.ts';

/** A slapd that answers, and that goes away with all it has written when it is disposed of. */
export interface RunningSlapd extends AsyncDisposable {
  /** `ldap://127.0.0.1:PORT` */
  readonly uri: string;
  /** `ldapi://%2F…`; a SASL EXTERNAL bind of this user is known there. */
  readonly ldapiUri: string;
  /** `ldaps://127.0.0.1:PORT`, where it was started with a certificate. */
  readonly ldapsUri: string | undefined;
  readonly suffix: string;
  /** The rootdn of the data. */
  readonly bindDn: string;
  readonly password: Secret;
  readonly pid: number;
  readonly dir: string;
  /** Settles when slapd has ended, for whatever reason. */
  readonly exited: Promise<number | null>;
  /** What slapd has said; also after its end. */
  logs(): string;
  stop(): Promise<void>;
}

/** Joins what was started with the identities it was configured with; an abort of the signal stops it. */
export function runningSlapd(
  { process: slapd, uri, ldapiUri, ldapsUri }: LaunchedSlapd,
  identities: Pick<RunningSlapd, 'suffix' | 'bindDn' | 'password'>,
  signal: AbortSignal | undefined,
): RunningSlapd {
  const onAbort = (): void => void slapd.stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  const stop = (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort);
    return slapd.stop();
  };
  return {
    uri,
    ldapiUri,
    ldapsUri,
    ...identities,
    pid: slapd.pid,
    dir: slapd.dir,
    exited: slapd.exited,
    logs: () => slapd.logs(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
