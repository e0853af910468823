import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../src/sandbox/free-port.ts';

/** Whatever ends our process, the kernel then ends the server too (prctl(2), PR_SET_PDEATHSIG). */
const SETPRIV = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] as const;

export interface Memcached extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
}

/** Debian's memcached; it says on its standard error when it listens. */
export async function startMemcached(): Promise<Memcached> {
  const port = await freePort();
  const [program, ...words] = [...SETPRIV, '/usr/bin/memcached'];
  const child = spawn(program, [...words, '-vv', '-u', 'nobody', '-l', '127.0.0.1', '-p', `${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  for await (const text of child.stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += String(text);
    if (!said.includes('server listening')) continue;
    child.stderr.resume();
    return {
      address: `127.0.0.1:${port}`,
      [Symbol.asyncDispose]: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }
  throw new Error(`memcached did not start: ${said} (apt-get install --no-install-recommends memcached)`);
}
