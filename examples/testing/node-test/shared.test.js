import { test } from 'node:test';
import { Client } from 'ldapts';

test('Alice can log in', async () => {
  const { KEYSTONE_LDAP_URI: url, KEYSTONE_LDAP_SUFFIX: suffix } = process.env;
  const client = new Client({ url });
  await client.bind(`cn=alice,ou=Users,${suffix}`, 'secrete');
  await client.unbind();
});
