const { Client } = require('ldapts');

test('Alice can log in', async () => {
  const { KEYSTONE_LDAP_URI: url, KEYSTONE_LDAP_SUFFIX: suffix } = process.env;
  const client = new Client({ url });
  await expect(client.bind(`cn=alice,ou=Users,${suffix}`, 'wrong')).rejects.toThrow();
  await client.bind(`cn=alice,ou=Users,${suffix}`, 'secrete');
  await client.unbind();
});
