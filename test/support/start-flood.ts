import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';

/** What a server sends again and again, after what it sends first. */
export interface Flood {
  readonly first: Buffer;
  readonly again: Buffer;
}

export interface FloodingServer extends AsyncDisposable {
  readonly uri: string;
  /** Settles when the flood has begun. */
  readonly flooding: Promise<void>;
}

/**
 * Stands between a client and a real slapd until a search for users comes, which it answers itself, without end and as
 * fast as the client takes it.
 */
export async function startFlood(
  target: RunningSlapd,
  isAnswered: (request: Buffer) => boolean,
  floodOf: (messageId: Buffer) => Flood,
): Promise<FloodingServer> {
  const sockets = new Set<net.Socket>();
  let begin: () => void = () => undefined;
  const flooding = new Promise<void>((resolve) => (begin = resolve));
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(new URL(target.uri).port), '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.on('data', (answer) => client.write(answer));
    client.on('data', (request) => {
      if (!isAnswered(request)) {
        upstream.write(request);
        return;
      }
      upstream.removeAllListeners('data');
      client.removeAllListeners('data').resume();
      begin();
      void pour(client, floodOf(messageIdOf(request)));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    uri: `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`,
    flooding,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pour(client: net.Socket, { first, again }: Flood): Promise<void> {
  // Not "once" of Node, which rejects at an error: a client that has had enough resets the connection.
  const closed = new Promise((resolve) => client.once('close', resolve));
  client.write(first);
  while (!client.destroyed)
    if (!client.write(again)) await Promise.race([once(client, 'drain').catch(() => undefined), closed]);
    else await new Promise(setImmediate);
}

/** The INTEGER with which a message starts, as it is encoded. */
function messageIdOf(request: Buffer): Buffer {
  const length = request[1] ?? 0;
  const start = length < 0x80 ? 2 : 2 + (length & 0x7f);
  return request.subarray(start, start + 2 + (request[start + 1] ?? 0));
}

/** An element of BER. */
export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([Buffer.from([tag, 0x84]), length, body]);
}
