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
  /** Of the slapd that runs now; a restart changes it. */
  readonly pid: number;
  readonly dir: string;
  /** Settles when the slapd that runs now has ended, for whatever reason. */
  readonly exited: Promise<number | null>;
  /** What slapd has said; also after its end. */
  logs(): string;
  /**
   * Ends slapd if it still runs, does what is to be done while none runs, and starts it again on the same ports.
   * @throws `SLAPD_FAILED`
   */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** Lets the server outlive this process; who ends it then is `stopSandbox`. */
  letGo(): void;
  stop(): Promise<void>;
}

/** Joins what was started with the identities it was configured with; an abort of the signal stops it. */
export function runningSlapd(
  launched: LaunchedSlapd,
  identities: Pick<RunningSlapd, 'suffix' | 'bindDn' | 'password'>,
  signal: AbortSignal | undefined,
): RunningSlapd {
  const { uri, ldapiUri, ldapsUri } = launched;
  let slapd = launched.process;
  let restarting = Promise.resolve();
  const onAbort = (): void => void slapd.stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  const stop = async (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort);
    await restarting.catch(() => undefined);
    await slapd.stop();
  };
  const restart = async (meanwhile: () => Promise<void>): Promise<void> => {
    await slapd.end();
    await meanwhile();
    slapd = await launched.again();
  };
  return {
    uri,
    ldapiUri,
    ldapsUri,
    ...identities,
    get pid() {
      return slapd.pid;
    },
    dir: slapd.dir,
    get exited() {
      return slapd.exited;
    },
    logs: () => slapd.logs(),
    restart: (meanwhile) => (restarting = restarting.then(() => restart(meanwhile))),
    letGo: () => slapd.letGo(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
