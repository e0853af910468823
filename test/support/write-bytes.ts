import { Attribute, Change, Client } from 'ldapts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';

/** Gives an entry a value that is no text, which nothing in the product ever writes. */
export async function writeBytes(server: Sandbox, dn: string, type: string, value: Buffer): Promise<void> {
  const client = new Client({ url: server.uri });
  await client.bind(server.bindDn, server.password.reveal());
  const modification = new Attribute({ type, values: [value] });
  await client.modify(dn, new Change({ operation: 'replace', modification }));
  await client.unbind();
}
