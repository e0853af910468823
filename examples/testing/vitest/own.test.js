import { startKeystoneDirectory } from 'keystone-ldap/testing';
import { Client } from 'ldapts';
import { afterEach, beforeAll, expect, test } from 'vitest';

let directory;
beforeAll(async () => {
  directory = await startKeystoneDirectory({ release: 'zed', sample: 'modern' });
  return () => directory.stop();
});
afterEach(() => directory.reset());

const countUsers = async (client) => {
  const { searchEntries } = await client.search(directory.trees.user, {
    filter: '(objectClass=inetOrgPerson)',
  });
  return searchEntries.length;
};

// Each finds all users, whatever the other one did.
test.each(['alice', 'bob'])('%s can be deleted', async (name) => {
  const client = new Client({ url: directory.uri });
  await client.bind(directory.bindDn, directory.password.reveal());
  const before = await countUsers(client);
  expect(before).toBe(directory.users.length);
  await client.del(directory.users.find((user) => user.name === name).dn);
  expect(await countUsers(client)).toBe(before - 1);
  await client.unbind();
});
