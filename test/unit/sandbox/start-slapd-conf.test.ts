import { expect, test } from 'vitest';
import { slapdConf } from '../../../src/testing/servers/start-slapd-conf.ts';

test('slapdConf quotes paths and DNs, and ends with the lines of the caller', () => {
  const text = slapdConf({
    includes: ['/etc/ldap/schema/core.schema', '/my "own".schema'],
    modulePath: '/usr/lib/ldap',
    moduleFiles: ['back_mdb.so'],
    databases: [{ suffix: 'o=Smith\\, Sons', directory: '/tmp/s/data1' }],
    passwordHash: '{SSHA}hash',
    lines: ['sizelimit 3'],
  });
  expect(text).toBe(`include "/etc/ldap/schema/core.schema"
include "/my \\"own\\".schema"
modulepath "/usr/lib/ldap"
moduleload back_mdb.so
database mdb
suffix "o=Smith\\\\, Sons"
rootdn "cn=admin,o=Smith\\\\, Sons"
rootpw {SSHA}hash
directory "/tmp/s/data1"
dbnosync
index objectClass eq
access to attrs=userPassword by self write by anonymous auth by * none
access to * by * read
sizelimit 3
`);
});

test('slapdConf names no modules where the backend is built in', () => {
  const text = slapdConf({
    includes: [],
    modulePath: undefined,
    moduleFiles: [],
    databases: [],
    passwordHash: '',
    lines: [],
  });
  expect(text).toBe('');
});
