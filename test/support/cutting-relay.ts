import { once } from 'node:events';
import net from 'node:net';
import { berElements } from './ber-elements.ts';

/** Where a connection ends: before the n-th write reaches the server, or when the server answers it. */
export interface Cut {
  readonly write: number;
  readonly side: 'before' | 'after';
}

export interface CuttingRelay extends AsyncDisposable {
  /** `ldapi://…` of the relay, which asks the server as the user of this process. */
  readonly uri: string;
  /** Counts writes from 0 again, lets everything pass until the cut, and nothing after it. */
  arm(cut?: Cut): void;
  /** Write requests seen since it was armed. */
  readonly writes: number;
}

/** RFC 4511: modify, add, delete and modify DN; an extended request writes where it sets a password. */
const WRITES = new Set([0x66, 0x68, 0x4a, 0x6c]);
const EXTENDED = 0x77;
const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1';

/** Stands between clients and the ldapi socket of a real server, and cuts all connections at a write. */
export async function startCuttingRelay(ldapiUri: string, socketPath: string): Promise<CuttingRelay> {
  const target = decodeURIComponent(ldapiUri.slice('ldapi://'.length));
  const clients = new Set<net.Socket>();
  let cut: Cut | undefined;
  let writes = 0;
  let isCut = false;
  const end = (): void => {
    isCut = true;
    for (const client of clients) client.destroy();
  };
  const server = net.createServer((client) => {
    if (isCut) return void client.destroy();
    clients.add(client);
    const upstream = net.connect(target);
    let awaited: number | undefined;
    onMessages(client, (message, id, operation) => {
      const isWrite = WRITES.has(operation.tag) || isPasswordChange(operation);
      if (isWrite) writes += 1;
      const isHere = isWrite && writes === cut?.write;
      if (isHere && cut?.side === 'before') end();
      if (isHere) awaited = id;
      if (!isCut && awaited === undefined) upstream.write(message);
      else if (isHere && !isCut) upstream.write(message);
    });
    onMessages(upstream, (message, id) => {
      if (id === awaited) end();
      else if (!client.destroyed) client.write(message);
    });
    client.on('close', () => (clients.delete(client), upstream.destroy()));
    upstream.on('close', () => client.destroy());
  });
  await once(server.listen(socketPath), 'listening');
  return {
    uri: `ldapi://${encodeURIComponent(socketPath)}`,
    arm: (next) => void ([cut, writes, isCut] = [next, 0, false]),
    get writes() {
      return writes;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

type Element = Readonly<{ tag: number; content: Buffer }>;

/** Hands over each LDAP message of a stream, with its id and its operation. */
function onMessages(
  socket: net.Socket,
  take: (message: Buffer, id: number, operation: Element) => void,
): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    let taken = 0;
    for (const { content } of berElements(pending)) {
      const end = content.byteOffset - pending.byteOffset + content.length;
      const [id, operation] = [...berElements(content)];
      if (id !== undefined && operation !== undefined)
        take(pending.subarray(taken, end), id.content.readUIntBE(0, id.content.length), operation);
      taken = end;
    }
    pending = pending.subarray(taken);
  });
}

function isPasswordChange({ tag, content }: Element): boolean {
  return tag === EXTENDED && content.includes(PASSWORD_MODIFY);
}
