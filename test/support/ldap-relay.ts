import net from 'node:net';
import { elements } from '../../src/directory/extended-response.ts';

const ADD_REQUEST = 0x68;

/** What a client has sent. */
export interface AddSeen {
  /** From 1, counted for each kind. */
  readonly number: number;
  readonly inTransaction: boolean;
}

export interface LdapRelay extends AsyncDisposable {
  /** `ldap://127.0.0.1:PORT` */
  readonly uri: string;
}

/**
 * Stands between a client and the ldapi socket of a real server, and tells of each Add request before it goes on;
 * where `onAdd` says so, it does not.
 */
export async function startLdapRelay(
  ldapiUri: string,
  onAdd: (add: AddSeen) => 'pass' | 'drop',
): Promise<LdapRelay> {
  const path = decodeURIComponent(ldapiUri.slice('ldapi://'.length));
  const counts = { transaction: 0, single: 0 };
  const server = net.createServer((client) => {
    const upstream = net.connect(path);
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      let taken = 0;
      for (const { content } of elements(pending)) {
        const end = content.byteOffset - pending.byteOffset + content.length;
        const [, operation, controls] = [...elements(content)];
        const inTransaction = controls !== undefined;
        const isAdd = operation?.tag === ADD_REQUEST;
        const number = isAdd ? ++counts[inTransaction ? 'transaction' : 'single'] : 0;
        if (!isAdd || onAdd({ number, inTransaction }) === 'pass')
          upstream.write(pending.subarray(taken, end));
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
