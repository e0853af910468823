import { expect, test } from 'vitest';
import { fillTemplate } from '../../../src/testing/servers/start-stock-debian.ts';

const VALUES = {
  suffix: 'dc=example,dc=org',
  passwordHash: '{SSHA}a$&b',
  manager: 'gidNumber=100+uidNumber=1000,cn=peercred,cn=external,cn=auth',
  dir: '/tmp/s',
  directory: '/tmp/s/data1',
};
const PLACES = { schemaDir: '/copy/etc/ldap/schema', modulePath: '/copy/usr/lib/ldap' };

test.each([
  ['olcSuffix: @SUFFIX@', 'olcSuffix: dc=example,dc=org'],
  ['olcRootDN: cn=admin,@SUFFIX@', 'olcRootDN: cn=admin,dc=example,dc=org'],
  ['olcRootPW: @PASSWORD@', 'olcRootPW: {SSHA}a$&b'],
  ['olcPidFile: /var/run/slapd/slapd.pid', 'olcPidFile: /tmp/s/slapd.pid'],
  ['olcDbDirectory: /var/lib/ldap', 'olcDbDirectory: /tmp/s/data1'],
  ['include: file:///etc/ldap/schema/core.ldif', 'include: file:///copy/etc/ldap/schema/core.ldif'],
  ['olcModulePath: /usr/lib/ldap', 'olcModulePath: /copy/usr/lib/ldap'],
  [
    'olcAccess: to * by dn.exact=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth manage by * break',
    `olcAccess: to * by dn.exact=${VALUES.manager} manage by * break`,
  ],
  ['olcSizeLimit: 500', 'olcSizeLimit: 500'],
])('fillTemplate: %s', (line, filled) => {
  expect(fillTemplate(line, PLACES, VALUES)).toBe(filled);
});
