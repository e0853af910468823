import { expect, test } from 'vitest';
import { dialectOfParser, OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { formatConf, parseConf } from '../../../src/keystone-conf/document/document.ts';
import { optionValue } from '../../../src/keystone-conf/document/option-value.ts';
import { translateConf } from '../../../src/keystone-conf/upgrade/translate-conf.ts';

const essex = (text: string) =>
  parseConf(Buffer.from(text), 'keystone.conf', dialectOfParser('ConfigParser'));

/** Options of other sections, which [DEFAULT] has for Essex only. */
const MOVED = new Set(['user', 'driver', 'url']);

/** The text for later parsers; all that Essex reads in it is read there too. */
function translated(text: string): string {
  const before = essex(text);
  const { doc, origins } = translateConf(before, OSLO_CONFIG);
  expect(doc.problems).toEqual([]);
  expect(origins).toHaveLength(doc.lines.length);
  for (const { name, options } of before.sections)
    for (const option of options.filter(
      (one) => !/^[[/]/.test(one.name) && !(name === 'DEFAULT' && MOVED.has(one.name)),
    ))
      expect([option.name, optionValue(doc, name, option.name)]).toEqual([
        option.name,
        optionValue(before, name, option.name),
      ]);
  return formatConf(doc).toString();
}

const rewritten = (text: string) =>
  translateConf(essex(text), OSLO_CONFIG).rewritten.map(({ line, message }) => `${line + 1}: ${message}`);

test.each([
  [
    'a plain file',
    '[ldap]\nurl = ldap://a\n# x\n\nuser=cn=a\n',
    '[ldap]\nurl = ldap://a\n# x\n\nuser=cn=a\n',
  ],
  ['a comment after a value', '[ldap]\nurl = ldap://a  ; ours\n', '[ldap]\n; ours\nurl = ldap://a\n'],
  ['a semicolon within a value', '[ldap]\nuser = cn=a;b ;c\n', '[ldap]\nuser = cn=a;b ;c\n'],
  ['quotes', `[ldap]\nuser = "cn=a"\npassword = '\n`, `[ldap]\nuser = ""cn=a""\npassword = "'"\n`],
  ['the empty value', '[ldap]\nuser = ""\n', '[ldap]\nuser = ""\n'],
  ['upper case', '[ldap]\nURL : ldap://a\nUrl = ldap://b\n', '[ldap]\nurl : ldap://a\nurl = ldap://b\n'],
  [
    'a value across gaps',
    '[ldap]\nuser = cn=a,\n\n# why\nREM so\n  dc=b\nurl = x\n',
    '[ldap]\nuser = cn=a,\n  dc=b\n\n# why\n# REM so\nurl = x\n',
  ],
  ['rem', 'rem url = x\n[ldap]\nremote = y\n', '# rem url = x\n[ldap]\nremote = y\n'],
  ['a header with more', '[ldap] ; ours\n[sql]]\n', '[ldap]\n; ours\n[sql]\n# ]\n'],
  ['a name like a header', '[ldap]\n[x = a\n  b\nurl = y\n', '[ldap]\n#[x = a\n#  b\nurl = y\n'],
  ['names of paste', '[composite:main]\n/V2.0 = x\n', '[composite:main]\n/V2.0 = x\n'],
  ['line ends', '[ldap]\r\nurl = a ; b\r\nUSER = c', '[ldap]\r\n; b\r\nurl = a\r\nuser = c'],
  ['references that lead nowhere', '[ldap]\nuser = $x$$%(y)s%\n', '[ldap]\nuser = $x$$%(y)s%\n'],
])('%s', (_, before, after) => {
  expect(translated(before)).toBe(after);
});

test('what [DEFAULT] passes on is set in the sections that Essex looks it up in', () => {
  const text = '[DEFAULT]\nUser = "cn=a"\ndriver = d\nurl = x\n[identity]\n[ldap]\nurl = y\n[other]\n';
  expect(translated(text)).toBe(
    '[DEFAULT]\n#user = ""cn=a""\n#driver = d\n#url = x\n' +
      '[identity]\ndriver = d\n[ldap]\nurl = y\nuser = ""cn=a""\n[other]\n',
  );
  expect(optionValue(essex(text), 'ldap', 'user')).toBe('"cn=a"');
  expect(optionValue(essex(text), 'catalog', 'driver')).toBeUndefined();
});

test('what references refer to is in their place, as Essex follows them', () => {
  const text = (url: string, dumb: string, timeout: string) =>
    `[DEFAULT]\nbind_host = a$$b\nlog_dir = \${bind_host}.$debug\nyes = %(no)s\nno = 1%%\nn = 5\n` +
    `[ldap]\nurl = ${url}\nuse_dumb_member = ${dumb}\npassword = $admin_token\nuser = $suffix\n` +
    `[sql]\nidle_timeout = ${timeout}\nconnection = %(n)s\n`;
  const { doc } = translateConf(
    essex(text('$bind_host/${log_dir}$admin_token$$admin_token', '%(missing)s', '%(N)s0')),
    OSLO_CONFIG,
  );
  expect(formatConf(doc).toString()).toBe(
    text('a$$b/a$$b.False$admin_token$$admin_token', '%(missing)s', '50').replace(
      'password = $admin_token',
      'password = ADMIN',
    ),
  );
});

test('a comment at a password is one that is shown to nobody', () => {
  expect(translated('[ldap]\npassword = a ; was b\n')).toBe('[ldap]\n; password:  was b\npassword = a\n');
});

test('each line that is written differently is named with the reason', () => {
  expect(rewritten('[ldap] x\nURL = "a" ; b\nrem\n')).toEqual([
    '1: What follows [ldap] on its line is a comment in Essex only; it gets a line of its own.',
    '2: [ldap] url: later releases distinguish upper and lower case in names.',
    '2: [ldap] url: quotes are part of the value in Essex; later releases drop the outer ones.',
    '2: [ldap] url: a comment after a value is part of the value in later releases; it gets a line of its own.',
    '3: "rem" begins a comment in Essex only.',
  ]);
});

test('an upgrade that is run again does not quote again', () => {
  const once = translated(`[ldap]\nuser = "cn=a"\npassword = '\nsuffix = "\n`);
  expect(formatConf(translateConf(essex(once), OSLO_CONFIG).doc).toString()).toBe(once);
  expect(rewritten(once)).toContain(
    '2: [ldap] user: its outer quotes are taken for those of an earlier upgrade, and stay as they are.',
  );
});

test('a file in the dialect already stays as it is', () => {
  const doc = parseConf(Buffer.from('[ldap]\nurl = "a" ; b\n'), 'keystone.conf', OSLO_CONFIG);
  expect(translateConf(doc, OSLO_CONFIG)).toMatchObject({ doc, rewritten: [] });
});
