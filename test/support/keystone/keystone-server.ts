import { spawn, type ChildProcess } from 'node:child_process';
import { confArgs, lastSaid, type KeystoneSetting } from './keystone-manage.ts';

/** A Keystone that answers. */
export interface KeystoneServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly pid: number;
  /** What it has said on its terminal: every request, and what its log could not take. */
  output(): string;
}

/** Whatever ends our process, the kernel then ends the server too (prctl(2), PR_SET_PDEATHSIG). */
const SETPRIV = '/usr/bin/setpriv';

const READY_WITHIN_MS = 30_000;

/** Printed when the socket listens. */
const READY_LINE = /^Available at http:\/\/[^:]+:(\d+)\/$/m;

/** Starts keystone-wsgi-public on a free port and waits for the line in which it names it. */
export async function serveKeystone(setting: KeystoneSetting): Promise<KeystoneServer> {
  const { installation, signal } = setting;
  const args = ['--host', '127.0.0.1', '--port', '0', '--', ...confArgs(setting)];
  const child = spawn(SETPRIV, ['--pdeathsig', 'KILL', '--', installation.wsgiPublic, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
    ...(signal !== undefined && { signal, killSignal: 'SIGKILL' }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<unknown>((resolve) => child.once('close', resolve));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    const port = await readyPort(child, () => output);
    return {
      url: `http://127.0.0.1:${port}`,
      pid: child.pid ?? 0,
      output: () => output,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Keystone ${why}; it said:\n${await lastSaid(setting.dir, output)}`, { cause: error });
  }
}

function readyPort(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(why));
    const timer = setTimeout(() => fail('did not start in time'), READY_WITHIN_MS);
    child.stdout?.on('data', () => {
      const port = READY_LINE.exec(output())?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    });
    child.once('error', ({ message }) => fail(`could not be run (${message})`));
    child.once('close', () => {
      clearTimeout(timer);
      fail('ended while it started');
    });
  });
}
