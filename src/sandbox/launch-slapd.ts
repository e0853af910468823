import { setTimeout as delay } from 'node:timers/promises';
import { ldapiUri } from '../directory/ldap-uri.ts';
import { openSession } from '../directory/open-session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { freePort } from './free-port.ts';
import { lastLines } from './run-command.ts';
import { listenUrls, socketIn } from './listen-urls.ts';
import type { SlapdInstallation } from './slapd-installation.ts';
import { slapdFailed } from './slapd-failed.ts';
import { SlapdProcess } from './slapd-process.ts';
import { socketAnswers } from './socket-answers.ts';

export interface LaunchOptions {
  readonly installation: SlapdInstallation;
  readonly dir: string;
  /** Where the configuration is: `-F FOLDER` or `-f FILE`. */
  readonly configArgs: readonly string[];
  /** A free one is taken unless told. */
  readonly port?: number | undefined;
  /** Whether to listen on ldaps:// too, for which the configuration must name a certificate. */
  readonly ldaps?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface LaunchedSlapd {
  readonly process: SlapdProcess;
  readonly uri: string;
  readonly ldapiUri: string;
  readonly ldapsUri: string | undefined;
  /** Starts slapd once more, in the same folder and on the same ports, when the process before has ended. */
  readonly again: () => Promise<SlapdProcess>;
}

interface Ports {
  readonly port: number;
  readonly ldapsPort: number | undefined;
}

const READY_WITHIN_MS = 20_000;
/** Between two looks at a socket that is not there yet; slapd needs some 20 ms. */
const LOOK_EVERY_MS = 1;
const MOST_PORTS = 10;
/** At ldaps:// slapd finds out with its second call. */
const PORT_TAKEN = /daemon: (?:bind|listen)\([^)]*\) failed/;

/**
 * Starts slapd on ldapi and a TCP port of 127.0.0.1 and waits until it answers a SASL EXTERNAL bind.
 * @throws `SLAPD_FAILED`, `CANCELLED`
 */
export async function launchSlapd(options: LaunchOptions): Promise<LaunchedSlapd> {
  for (let left = MOST_PORTS; ; left -= 1) {
    const port = options.port ?? (await freePort());
    const ldapsPort = options.ldaps === true ? await freePort() : undefined;
    try {
      const process = await launchAt({ port, ldapsPort }, options);
      return {
        process,
        uri: `ldap://127.0.0.1:${port}`,
        ldapiUri: ldapiUri(socketIn(options.dir)),
        ldapsUri: ldapsPort === undefined ? undefined : `ldaps://127.0.0.1:${ldapsPort}`,
        again: () => launchAt({ port, ldapsPort }, options),
      };
    } catch (error) {
      const isPortTaken = error instanceof KeystoneLdapError && PORT_TAKEN.test(error.message);
      if (options.port !== undefined || left === 1 || !isPortTaken) throw error;
    }
  }
}

async function launchAt({ port, ldapsPort }: Ports, options: LaunchOptions): Promise<SlapdProcess> {
  const { installation, dir, configArgs, signal } = options;
  const slapd = new SlapdProcess(installation, dir, ['-h', listenUrls(dir, port, ldapsPort), ...configArgs]);
  try {
    await untilReady(slapd, signal);
    return slapd;
  } catch (error) {
    await slapd.end();
    throw explain(error, slapd, options);
  }
}

/** Ready is who answers a bind; the socket is looked at in small steps because slapd tells nobody. */
async function untilReady(slapd: SlapdProcess, signal: AbortSignal | undefined): Promise<void> {
  const socket = socketIn(slapd.dir);
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await socketAnswers(socket))) {
    if (signal?.aborted === true)
      throw new KeystoneLdapError('CANCELLED', 'The start of slapd was cancelled.');
    if (slapd.hasEnded) throw new EndedEarly(await slapd.exited);
    if (Date.now() > deadline) throw new Error(`it did not answer within ${READY_WITHIN_MS / 1000} s`);
    await delay(LOOK_EVERY_MS);
  }
  const session = await openSession({
    uri: ldapiUri(socket),
    credentials: { kind: 'external' },
    timeoutMs: READY_WITHIN_MS,
  });
  await session[Symbol.asyncDispose]();
}

class EndedEarly extends Error {
  constructor(exitCode: number | null) {
    super(exitCode === null ? 'it was killed' : `it ended at once with exit code ${exitCode}`);
  }
}

function explain(error: unknown, slapd: SlapdProcess, { installation }: LaunchOptions): KeystoneLdapError {
  if (error instanceof KeystoneLdapError && error.code === 'CANCELLED') return error;
  const why = error instanceof Error ? error.message : String(error);
  const said = lastLines(slapd.logs());
  return slapdFailed(installation, `${why}; it said:\n${said}`, error);
}
