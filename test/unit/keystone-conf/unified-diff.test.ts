import { describe, expect, test } from 'vitest';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import { unifiedDiff } from '../../../src/keystone-conf/document/unified-diff.ts';

const diff = (before: string, after: string): readonly string[] => {
  const read = (text: string) => parseConf(Buffer.from(text, 'latin1'), 'keystone.conf');
  return unifiedDiff(read(before), read(after)).split('\n').slice(2);
};

test('the whole of it', () => {
  const lines = (middle: string) => `[a]\n1 = 1\n2 = 2\n3 = 3\n4 = 4\n${middle}\n6 = 6\n`;
  const before = parseConf(Buffer.from(lines('x = old')), '/etc/keystone.conf');
  const after = parseConf(Buffer.from(lines('x = new\ny = z')), '/tmp/keystone.conf');
  expect(unifiedDiff(before, after)).toBe(
    [
      '--- /etc/keystone.conf',
      '+++ /tmp/keystone.conf',
      '@@ -3,5 +3,6 @@',
      ...[' 2 = 2', ' 3 = 3', ' 4 = 4', '-x = old', '+x = new', '+y = z', ' 6 = 6', ''],
    ].join('\n'),
  );
  expect(unifiedDiff(before, before)).toBe('');
});

describe('edges', () => {
  test.each<[string, string, string, string[]]>([
    ['from nothing', '', '[a]\n', ['@@ -0,0 +1,1 @@', '+[a]', '']],
    ['to nothing', '[a]\n', '', ['@@ -1,1 +0,0 @@', '-[a]', '']],
    [
      'a line end at the end',
      '[a]',
      '[a]\n',
      ['@@ -1,1 +1,1 @@', '-[a]', '\\ No newline at end of file', '+[a]', ''],
    ],
    ['line ends', '[a]\r\n', '[a]\n', ['@@ -1,1 +1,1 @@', '-[a]', '+[a]', '']],
    ['UTF-8, and what is not', '# é\n', '# \xc3\xa9\n', ['@@ -1,1 +1,1 @@', '-# \ufffd', '+# é', '']],
  ])('%s', (_, before, after, expected) => {
    expect(diff(before, after)).toEqual(expected);
  });
});

describe('passwords', () => {
  test('the plugin that authenticates by password is none', () => {
    const path = 'password = keystone.auth.plugins.password.Password';
    expect(diff(`[auth]\n${path}\n`, '[auth]\npassword = default\n')).toEqual([
      ...['@@ -1,2 +1,2 @@', ' [auth]', `-${path}`, '+password = default', ''],
    ]);
    expect(diff(`[auth]\npassword = x\n`, '[ldap]\npassword = default\n')).toEqual([
      ...['@@ -1,2 +1,2 @@', '-[auth]', '-password = ***', '+[ldap]', '+password = ***', ''],
    ]);
  });

  test('one that changes is seen to change, but not seen', () => {
    expect(diff('[a]\nldap_password = old\n', '[a]\nldap_password = new\n')).toEqual([
      ...['@@ -1,2 +1,2 @@', ' [a]', '-ldap_password = ***', '+ldap_password = ***', ''],
    ]);
  });

  test.each([
    ['ldap_password = x y ; z', 'ldap_password = ***'],
    ['LDAP_PASSWORD:x', 'LDAP_PASSWORD:***'],
    ['#ldap_password = x', '#ldap_password = ***'],
    ['; admin_password: x', '; admin_password: ***'],
    ['ssl_passwd=x', 'ssl_passwd=***'],
    ['admin_token = x', 'admin_token = ***'],
    ['memcache_secret_key = x', 'memcache_secret_key = ***'],
    ['password = é\xff', 'password = ***'],
    ['password = x\n  y z\n# c\n  z', 'password = ***\n  ***\n# c\n  ***'],
    ['password =', 'password ='],
    ['hash-password = True', 'hash-password = True'],
    ['hash_password = True', 'hash_password = True'],
    ['c = mysql://u:p@h/d', 'c = mysql://u:***@h/d'],
    ['c = mysql://u:p@:/q@h/d', 'c = mysql://u:***@h/d'],
    ['c = mysql://:p@h/d', 'c = mysql://:***@h/d'],
    ['c = mysql://h/d?user=u&password=p&x=y', 'c = mysql://h/d?user=u&password=***&x=y'],
    ['# c = mysql://u:p@h and more', '# c = mysql://u:***@h and more'],
    ['c = mysql://h:3306/d', 'c = mysql://h:3306/d'],
    ['c = ldap://[::1]:389', 'c = ldap://[::1]:389'],
  ])('%j', (line, masked) => {
    const shown = diff('[a]\n', `[a]\n${line}\n`);
    expect(shown).toContain(' [a]');
    expect(
      shown
        .slice(2, -1)
        .map((text) => text.slice(1))
        .join('\n'),
    ).toBe(masked);
  });

  test('also in lines that do not change', () => {
    expect(diff('[a]\npassword = x\n', '[a]\npassword = x\ny = z\n')).toContain(' password = ***');
  });
});
