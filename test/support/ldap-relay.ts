import net from 'node:net';
import { berElements } from './ber-elements.ts';

const ADD_REQUEST = 0x68;

export interface LdapRelay extends AsyncDisposable {
  /** `ldap://127.0.0.1:PORT` */
  readonly uri: string;
}

/**
 * Stands between a client and the ldapi socket of a real server, and tells of each Add request, counted from 1, before
 * it goes on; where `onAdd` says so, it does not.
 */
export async function startLdapRelay(
  ldapiUri: string,
  onAdd: (number: number) => 'pass' | 'drop',
): Promise<LdapRelay> {
  const path = decodeURIComponent(ldapiUri.slice('ldapi://'.length));
  let adds = 0;
  const server = net.createServer((client) => {
    const upstream = net.connect(path);
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      let taken = 0;
      for (const { content } of berElements(pending)) {
        const end = content.byteOffset - pending.byteOffset + content.length;
        const [, operation] = [...berElements(content)];
        const isAdd = operation?.tag === ADD_REQUEST;
        if (isAdd) adds += 1;
        if (!isAdd || onAdd(adds) === 'pass') upstream.write(pending.subarray(taken, end));
        taken = end;
      }
      pending = pending.subarray(taken);
    });
    upstream.on('data', (chunk) => void client.write(chunk));
    client.on('close', () => void upstream.destroy()).on('error', () => undefined);
    upstream.on('close', () => void client.destroy()).on('error', () => undefined);
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    uri: `ldap://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise((closed) => void server.close(() => closed())),
  };
}
