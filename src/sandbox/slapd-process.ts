import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SlapdInstallation } from './slapd-installation.ts';

/** How long a slapd may take to end its work before it is killed. */
const GRACE_MS = 5_000;

/**
 * slapd sizes its tables by the limit of open files, which is a million in many containers;
 * a low one makes it start sooner and take less memory.
 */
const OPEN_FILES = 4096;

/** `sh` sets the limit and becomes slapd, so the child's PID is slapd's. */
const LIMIT_AND_EXEC = `ulimit -n ${OPEN_FILES} 2>/dev/null; exec "$@"`;

/** `-d none`: stay in the foreground and write errors only; `-s 0`: nothing to syslog. */
const FOREGROUND = ['-d', 'none', '-s', '0'] as const;

/** Time and thread before each line of the log, in hexadecimal. */
const LOG_STAMP = /^[0-9a-f]+\.[0-9a-f]+ 0x[0-9a-f]+ /gm;

/** A slapd that runs as our child and the folder that goes with it; both end together. */
export class SlapdProcess {
  readonly dir: string;
  readonly pid: number;
  /** Settles with the exit code when slapd has ended, for whatever reason; `null` after a signal. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  #lastLog: string | undefined;
  #ending: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /** The child leads a process group of its own: a Ctrl-C in the terminal reaches its owner first. */
  constructor(installation: SlapdInstallation, dir: string, args: readonly string[]) {
    this.dir = dir;
    const log = openSync(join(dir, 'slapd.log'), 'w');
    this.#child = spawn('sh', ['-c', LIMIT_AND_EXEC, 'sh', installation.slapd, ...FOREGROUND, ...args], {
      stdio: ['ignore', log, log],
      detached: true,
      env: { ...process.env, ...installation.env },
    });
    closeSync(log);
    this.pid = this.#child.pid ?? 0;
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', (exitCode) => resolve(exitCode));
      this.#child.once('error', () => resolve(null));
    });
    allowListeners(1);
    process.once('exit', this.#endAtOnce);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.pid === 0;
  }

  /** What slapd has said so far; kept after the folder is gone. */
  logs(): string {
    return this.#lastLog ?? readFileSync(join(this.dir, 'slapd.log'), 'utf8').replace(LOG_STAMP, '');
  }

  /** From now on slapd outlives this process; what ends it is `stop-sandbox.ts`. */
  letGo(): void {
    this.#forget();
    this.#child.unref();
  }

  /** Ends slapd, and waits until it has; the folder stays. Later calls wait for the first. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  /** Ends slapd and removes its folder. */
  stop(): Promise<void> {
    this.#stopping ??= this.end().then(() => {
      this.#lastLog = this.logs();
      return rm(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    });
    return this.#stopping;
  }

  async #end(): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = new AbortController();
    const grace = delay(GRACE_MS, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([this.exited, grace]);
    timer.abort();
    this.#child.kill('SIGKILL');
    await this.exited;
    this.#forget();
  }

  #forget(): void {
    if (!process.listeners('exit').includes(this.#endAtOnce)) return;
    process.off('exit', this.#endAtOnce);
    allowListeners(-1);
  }

  readonly #endAtOnce = (): void => {
    this.#child.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  };
}

/** Each sandbox has one listener of its own, which must not look like a leak; 0 stands for any number. */
function allowListeners(more: number): void {
  const most = process.getMaxListeners();
  if (most !== 0) process.setMaxListeners(most + more);
}
