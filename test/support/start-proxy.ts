import net, { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';

/**
 * What becomes of a request: `drop` ends the connection in its place, `stall` swallows it and all that follows,
 * `lose-answer` hands it on and ends the connection when the server answers.
 */
export type Fate = 'pass' | 'drop' | 'stall' | 'lose-answer';

export interface Proxy extends AsyncDisposable {
  readonly uri: string;
}

/** Stands between a client and a real slapd, and does to its requests what `fateOf` says. */
export async function startProxy(target: RunningSlapd, fateOf: (request: Buffer) => Fate): Promise<Proxy> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(new URL(target.uri).port), '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    let fate: Fate = 'pass';
    client.on('data', (request) => {
      if (fate === 'pass') fate = fateOf(request);
      if (fate === 'drop') client.destroy();
      if (fate === 'pass' || fate === 'lose-answer') upstream.write(request);
    });
    upstream.on('data', (answer) => {
      if (fate === 'lose-answer') client.destroy();
      else client.write(answer);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    uri: `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Lets requests pass until one holds this text for the nth time. */
export function fateAt(text: string, nth: number, fate: Fate): (request: Buffer) => Fate {
  let seen = 0;
  return (request) => {
    seen += request.toString('latin1').split(text).length - 1;
    return seen >= nth ? fate : 'pass';
  };
}
