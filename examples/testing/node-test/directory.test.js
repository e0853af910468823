import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startKeystoneDirectory } from 'keystone-ldap/testing';
import { Client } from 'ldapts';

let directory;
before(async () => {
  directory = await startKeystoneDirectory({ release: 'zed', sample: 'modern' });
});
afterEach(() => directory.reset());
after(() => directory.stop());

for (const attempt of ['once', 'and again']) {
  test(`Alice can be deleted, ${attempt}`, async () => {
    const alice = directory.users.find(({ name }) => name === 'alice');
    const client = new Client({ url: directory.uri });
    await client.bind(directory.bindDn, directory.password.reveal());
    await client.del(alice.dn);
    await assert.rejects(client.bind(alice.dn, alice.password.reveal()));
    await client.unbind();
  });
}
