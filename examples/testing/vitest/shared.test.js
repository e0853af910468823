import { Client } from 'ldapts';
import { expect, inject, test } from 'vitest';

test('Alice can log in', async () => {
  const { KEYSTONE_LDAP_URI: url, KEYSTONE_LDAP_SUFFIX: suffix } = inject('directory');
  const client = new Client({ url });
  await client.bind(`cn=alice,ou=Users,${suffix}`, 'secrete');
  await client.unbind();
  expect(inject('keystoneConf')).toContain(`url = ${url}\n`);
});
