import { expect, test } from 'vitest';
import { dialectOf } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { applyEdits } from '../../../src/keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf } from '../../../src/keystone-conf/document/document.ts';
import { osloEdit } from '../../../src/keystone-conf/modern/oslo-edit.ts';
import { readModernConf } from '../../../src/keystone-conf/modern/read-modern-conf.ts';
import { findRelease } from '../../../src/releases/find-release.ts';

const read = (text: string, release: '2012.1' | '2012.2') =>
  parseConf(Buffer.from(text), 'keystone.conf', dialectOf(findRelease(release).conf));

const TEXT = `[DEFAULT]
suffix = dc=b
[identity]
driver = keystone.identity.backends.ldap.Identity ; ours
[ldap]
URL = ldap://a ; ours
user = "cn=a"
password = x
use_dumb_member = False
`;

test('Essex reads quotes, comments, names and [DEFAULT] as ConfigParser does, and heeds no use_dumb_member', () => {
  const { conf } = readModernConf(read(TEXT, '2012.1'), '2012.1');
  expect(conf).toMatchObject({
    urls: ['ldap://a'],
    account: { user: '"cn=a"' },
    trees: { user: 'dc=b,ou=Users' },
    options: { use_dumb_member: true },
    serves: 'all',
  });
});

test('Folsom reads the same file otherwise, but for use_dumb_member', () => {
  const { conf } = readModernConf(read(TEXT, '2012.2'), '2012.2');
  expect(conf).toMatchObject({
    urls: ['ldap://localhost'],
    account: { user: 'cn=a' },
    trees: { user: 'ou=Users,cn=example,cn=com' },
    options: { use_dumb_member: true },
    serves: 'nothing',
  });
});

test.each([
  ['"cn=a"', '"cn=a"', '""cn=a""'],
  ['a$b', 'a$$b', 'a$$b'],
  [' a', undefined, '" a"'],
  ['a ;b', undefined, 'a ;b'],
])('the value %j is written as %j for Essex and as %j for Folsom', (value, essex, folsom) => {
  const written = (release: '2012.1' | '2012.2') => {
    const doc = read('[ldap]\n', release);
    const edit = osloEdit(doc, 'ldap', 'user', { value });
    return formatConf(applyEdits(doc, edit === undefined ? [] : [edit])).toString();
  };
  expect(written('2012.2')).toBe(`[ldap]\nuser = ${folsom}\n`);
  if (essex === undefined)
    expect(() => written('2012.1')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  else expect(written('2012.1')).toBe(`[ldap]\nuser = ${essex}\n`);
});
