import { describe, expect, test } from 'vitest';
import type { KeystoneLdapError } from '../../../src/errors.ts';
import { checkLdapOptions } from '../../../src/keystone-conf/modern/check-ldap-options.ts';
import { applyEdits } from '../../../src/keystone-conf/document/conf-edit.ts';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { formatConf, parseConf, type ConfDocument } from '../../../src/keystone-conf/document/document.ts';
import { modernConfEdits } from '../../../src/keystone-conf/modern/modern-conf.ts';
import type { ModernConfSettings } from '../../../src/keystone-conf/modern/modern-settings.ts';
import { CATALOGUE, isSince, type ReleaseName } from '../../../src/releases/catalogue.ts';
import { ldapSections } from '../../../src/releases/driver-options.ts';
import { ldapOptionsOf } from '../../../src/releases/ldap-options.ts';
import { Secret } from '../../../src/secret.ts';

const settings: ModernConfSettings = {
  urls: ['ldap://ldap.example.com'],
  user: 'cn=keystone,dc=example,dc=com',
  password: new Secret('pa$$word'),
  suffix: 'dc=example,dc=com',
  trees: {},
  options: {},
  tls: { startTls: false },
  serves: [],
};

const read = (text: string): ConfDocument => parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG);

/** The edited text; a second application has already up to date. */
function configure(text: string, release: ReleaseName, changes: Partial<ModernConfSettings> = {}): string {
  const wanted = { ...settings, ...changes };
  const before = read(text);
  const after = applyEdits(before, modernConfEdits(before, wanted, release).edits);
  expect(modernConfEdits(after, wanted, release).edits).toEqual([]);
  return formatConf(after).toString();
}

const account = 'user = cn=keystone,dc=example,dc=com\npassword = pa$$$$word\nsuffix = dc=example,dc=com\n';

function refused(release: ReleaseName, changes: Partial<ModernConfSettings>, text = ''): readonly string[] {
  try {
    modernConfEdits(read(text), { ...settings, ...changes }, release);
  } catch (error) {
    const { code, problems } = error as KeystoneLdapError;
    expect(code).toBe('INPUT_INVALID');
    return problems.map(({ message }) => message);
  }
  return [];
}

describe('an empty file gets what each generation needs', () => {
  const url = 'url = ldap://ldap.example.com\n';
  const classPath = '[identity]\ndriver = keystone.identity.backends.ldap.Identity\n\n';
  const sqlAssignment = '[assignment]\ndriver = keystone.assignment.backends.sql.Assignment\n\n';
  test.each<[ReleaseName, string]>([
    [
      '2012.1',
      `${classPath}[ldap]\n${url}${account}user_tree_dn = ou=Users,dc=example,dc=com\n` +
        'tenant_tree_dn = ou=Groups,dc=example,dc=com\nrole_tree_dn = ou=Roles,dc=example,dc=com\n',
    ],
    ['2012.2', `${classPath}[ldap]\n${url}${account}`],
    ['2013.1', `${classPath}[ldap]\n${url}${account}user_mail_attribute = mail\n`],
    ['2014.1', `${classPath}${sqlAssignment}[ldap]\n${url}${account}user_mail_attribute = mail\n`],
    ['2014.2', `${classPath}${sqlAssignment}[ldap]\n${url}${account}`],
    ['2015.1', `${classPath}${sqlAssignment}[ldap]\n${url}${account}`],
    ['liberty', `[identity]\ndriver = ldap\n\n[assignment]\ndriver = sql\n\n[ldap]\n${url}${account}`],
    ['mitaka', `[identity]\ndriver = ldap\n\n[ldap]\n${url}${account}`],
    ['2026.1', `[identity]\ndriver = ldap\n\n[ldap]\n${url}${account}`],
  ])('%s', (release, text) => {
    expect(configure('', release)).toBe(text);
  });
});

describe('drivers', () => {
  const identity = '[identity]\ndriver = ldap\n';
  const kept = (text: string, release: ReleaseName, changes?: Partial<ModernConfSettings>) =>
    configure(text, release, changes).split('\n\n[ldap]')[0];

  test('LDAP for all that follows the identity driver needs no word', () => {
    const all = { serves: ['assignment', 'resource', 'role'] } as const;
    expect(kept(identity, 'liberty', all)).toBe(identity.trimEnd());
    expect(kept('[assignment]\ndriver = sql\n', '2014.1', all)).toBe(
      '[assignment]\ndriver = keystone.assignment.backends.ldap.Assignment\n\n' +
        '[identity]\ndriver = keystone.identity.backends.ldap.Identity',
    );
  });

  test('grants in LDAP, projects and roles not', () => {
    expect(kept(identity, 'liberty', { serves: ['assignment'] })).toBe(
      `${identity}\n[resource]\ndriver = sql\n\n[role]\ndriver = sql`,
    );
  });

  test("a driver of somebody else's stays where LDAP is not wanted", () => {
    const text = `${identity}\n[assignment]\ndriver = kvs\n\n[resource]\ndriver = sql\n\n[role]\ndriver = sql`;
    expect(kept(`${text}\n`, 'liberty')).toBe(text);
  });

  test('what the release cannot load is written anew', () => {
    expect(
      kept(
        '[identity]\ndriver = keystone.identity.backends.ldap.Identity\n\n' +
          '[assignment]\ndriver = keystone.assignment.backends.sql.Assignment\n\n' +
          '[role]\ndriver = keystone.assignment.role_backends.ldap.Role\n',
        'pike',
      ),
    ).toBe(`${identity}\n[assignment]\ndriver = sql\n\n[role]\ndriver = sql`);
    const path = '[identity]\ndriver = keystone.identity.backends.ldap.Identity';
    expect(kept(`${path}\n`, 'ocata')).toBe(path);
  });

  test('a deprecated one is noted', () => {
    const { notes } = modernConfEdits(
      read(''),
      { ...settings, serves: ['assignment', 'resource'] },
      'liberty',
    );
    expect(notes.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'DRIVER_DEPRECATED The LDAP driver of [assignment] is deprecated in liberty and gone with mitaka.',
      'DRIVER_DEPRECATED The LDAP driver of [resource] is deprecated in liberty and gone with mitaka.',
    ]);
  });
});

describe('options', () => {
  const base = configure('', 'zed');
  const beyond = (text: string, changes: Partial<ModernConfSettings>, release: ReleaseName = 'zed') =>
    configure(text, release, changes).replace(base, '');

  test('only what differs from the default', () => {
    expect(
      beyond('', {
        options: { user_name_attribute: 'sn', user_id_attribute: 'uid', query_scope: 'one', page_size: '0' },
      }),
    ).toBe('user_id_attribute = uid\n');
  });

  test('only what differs from the file, in whatever spelling', () => {
    const text = `${base}user_tree_dn = OU=People, DC=example,DC=com\nuse_pool = No\nuser_attribute_ignore = a, b\n`;
    const options = { use_pool: 'false', user_attribute_ignore: 'a,b' };
    expect(configure(text, 'zed', { trees: { user: 'ou=people,dc=example,dc=com' }, options })).toBe(text);
  });

  test('back to the default is written where the file says otherwise', () => {
    expect(beyond(`${base}query_scope = sub\n`, { options: { query_scope: 'one' } })).toBe(
      'query_scope = one\n',
    );
  });

  test('beside the commented-out default', () => {
    const text = '[ldap]\n# Text\n#user_filter = <None>\n\n# More\n#page_size = 0\n';
    expect(configure(text, 'zed', { options: { user_filter: '(cn=$)', page_size: '5' } })).toContain(
      '#user_filter = <None>\nuser_filter = (cn=$$)\n\n# More\n#page_size = 0\npage_size = 5\n',
    );
  });

  test('project names are those of the release', () => {
    const changes = {
      trees: { project: 'ou=Projects,dc=example,dc=com' },
      options: { tenant_name_attribute: 'cn' },
      serves: ['assignment', 'resource', 'role'],
    } as const;
    expect(configure('', '2014.1', changes)).toContain(
      'tenant_name_attribute = cn\nuser_mail_attribute = mail\ntenant_tree_dn = ou=Projects,dc=example,dc=com\n',
    );
    expect(configure('', '2014.2', changes)).toContain(
      'project_name_attribute = cn\nproject_tree_dn = ou=Projects,dc=example,dc=com\n',
    );
    expect(configure('[ldap]\ntenant_tree_dn = ou=Old\n', '2014.2', changes)).toContain(
      '[ldap]\nproject_tree_dn = ou=Projects,dc=example,dc=com\n',
    );
  });

  test('mail is left alone where the file or the settings say what is done with it', () => {
    const has = (text: string, options = {}) => configure(text, '2013.2', { options }).includes('= mail');
    expect([
      has(''),
      has('[ldap]\nuser_mail_attribute = rfc822Mailbox\n'),
      has('', { user_attribute_ignore: 'email,enabled' }),
      has('[ldap]\nuser_attribute_ignore = email\n'),
    ]).toEqual([true, false, false, false]);
  });

  test('StartTLS and its CA', () => {
    const tls = { startTls: true, caCertFile: '/etc/ssl/ca.pem', reqCert: 'demand' } as const;
    expect(beyond('', { tls })).toBe('use_tls = true\ntls_cacertfile = /etc/ssl/ca.pem\n');
    expect(configure(configure('', 'zed', { tls }), 'zed')).toContain('use_tls = false\n');
  });

  test('several servers', () => {
    expect(configure('', 'zed', { urls: ['ldap://a', 'ldaps://b:6360'] })).toContain(
      'url = ldap://a,ldaps://b:6360\n',
    );
  });

  test.each<[release: ReleaseName, text: string, isUsed: boolean, hasDomains: boolean]>([
    ['zed', '', false, true],
    ['zed', '[database]\nconnection = mysql://k@db/k\n', true, true],
    ['zed', '[identity]\ndriver = sql\n', true, true],
    ['zed', '[identity]\ndriver = ldap\n[database]\nconnection = mysql://k@db/k\n', false, true],
    ['zed', '[identity]\ndriver = hybrid\n', true, true],
    ['2013.2', '[DEFAULT]\nsql_connection = mysql://k@db/k\n', true, true],
    ['zed', '[DATABASE]\nsql_connection = mysql://k@db/k\n', true, true],
    ['mitaka', '[identity]\ndriver = keystone.identity.backends.sql.Identity\n', true, true],
    ['2012.2', '[sql]\nconnection = mysql://k@db/k\n', true, false],
    ['2012.1', '[identity]\ndriver = keystone.identity.backends.sql.Identity\n', true, false],
  ])('users of SQL that %s no longer finds with %j', (release, text, isUsed, hasDomains) => {
    const left = modernConfEdits(read(text), settings, release).notes.filter(
      ({ code }) => code === 'SQL_USERS_LEFT',
    );
    expect(left.map(({ message }) => message.includes('--domain NAME'))).toEqual(isUsed ? [hasDomains] : []);
  });

  test('a suffix that nobody gave moves no tree', () => {
    for (const { name: release } of CATALOGUE) {
      const text = configure('[ldap]\nsuffix = dc=o\n', release, {
        suffix: 'dc=zz',
        assumed: { suffix: 'KEYSTONE_LDAP_SUFFIX' },
      });
      expect(text).toContain('suffix = dc=o');
      expect(text).not.toContain('dc=zz');
    }
  });

  test('notes', () => {
    const notes = (release: ReleaseName, changes: Partial<ModernConfSettings>) =>
      modernConfEdits(read(''), { ...settings, ...changes }, release).notes.map(
        ({ code, message }) => `${code} ${message}`,
      );
    expect(notes('zed', { options: { randomize_urls: 'true' } })).toEqual([
      'OPTION_BACKPORTED [ldap] randomize_urls is read only from 22.0.2 on.',
    ]);
    expect(notes('newton', { options: { use_dumb_member: 'true' } })).toEqual([
      'OPTION_DEPRECATED [ldap] use_dumb_member is deprecated in newton.',
    ]);
    expect(notes('zed', { trees: { role: 'ou=Roles,dc=a', user: 'ou=x' } })).toEqual([
      'TREE_UNUSED zed does not look for roles in LDAP with these drivers: ou=Roles,dc=a is left out.',
    ]);
    const ldaps = { urls: ['ldaps://a'], tls: { startTls: false, caCertFile: '/ca' } };
    expect(notes('2014.1', ldaps).map((note) => note.slice(0, 9))).toEqual(['CA_UNUSED']);
    expect(notes('2014.2', ldaps)).toEqual([]);
  });
});

/** Users, tenants and roles; then groups, too; then users and groups only. */
const TREES_HELD: readonly [trees: number, since: ReleaseName][] = [
  [3, '2012.1'],
  [4, '2013.1'],
  [2, 'mitaka'],
];

test.each(CATALOGUE.map(({ name }) => name))('%s reads all that is written for it', (release) => {
  const serves = ldapSections(release).filter((section) => section !== 'identity');
  const trees = { user: 'ou=U,dc=a', group: 'ou=G,dc=a', project: 'ou=P,dc=a', role: 'ou=R,dc=a' };
  const options = Object.fromEntries(
    ldapOptionsOf(release)
      .filter(({ name, history }) => history.type === 'string' && /_(?:objectclass|attribute)$/.test(name))
      .map(({ name }) => [name, 'other']),
  );
  const text = configure('', release, { trees, options, serves });
  const findings = checkLdapOptions(read(text), release).filter(({ code }) => code !== 'DEPRECATED');
  expect(findings.map(({ message }) => message)).toEqual([]);
  const [held] = TREES_HELD.findLast(([, since]) => isSince(release, since)) ?? [0];
  expect(text.match(/_tree_dn = /g)).toHaveLength(held);
});

describe('settings that are refused', () => {
  test.each<[ReleaseName, Partial<ModernConfSettings>, string]>([
    ['zed', { urls: [] }, 'url must name'],
    ['zed', { urls: ['http://a'] }, 'url cannot be "http://a"'],
    ['zed', { password: undefined }, 'user and password go together'],
    ['zed', { password: new Secret('') }, 'user and password must not be empty'],
    ['zed', { suffix: 'example' }, 'suffix cannot be "example": it is no DN.'],
    ['zed', { trees: { group: 'Groups' } }, 'group cannot be "Groups"'],
    ['mitaka', { serves: ['role'] }, '[role] of mitaka has no LDAP driver'],
    [
      'ocata',
      { options: { use_dumb_member: 'true' } },
      '[ldap] use_dumb_member is not read by ocata: it went with ocata.',
    ],
    ['yoga', { options: { randomize_urls: 'true' } }, 'it came with 2023.2.'],
    ['zed', { options: { user_namattribute: 'x' } }, 'did you mean "user_name_attribute"?'],
    [
      'zed',
      { options: { query_scope: 'all' } },
      '[ldap] query_scope cannot be "all": it is not one of one, sub.',
    ],
    ['zed', { options: { page_size: '-1' } }, 'it is less than 0.'],
    ['zed', { options: { use_pool: 'maybe' } }, 'it is not true or false.'],
    ['zed', { options: { password: 'x' } }, 'password has a setting of its own.'],
    ['zed', { urls: ['ldaps://a'], tls: { startTls: true } }, 'use_tls cannot go with ldaps://a'],
    ['zed', { urls: ['ldapi:///'], tls: { startTls: true } }, 'use_tls cannot go with ldapi:///'],
    [
      '2013.1',
      { tls: { startTls: true } },
      'use_tls is not read by 2013.1: it came with 2013.2; use ldaps://.',
    ],
    ['2023.2', { tls: { startTls: true } }, 'tls_cacertfile is missing: 2023.2 starts no TLS without it.'],
    ['2023.2', { urls: ['ldaps://a'] }, 'tls_cacertfile is missing'],
  ])('%s: %j', (release, changes, words) => {
    expect(refused(release, changes).join('\n')).toContain(words);
  });

  test('TLS with a CA directory is not', () => {
    expect(refused('2023.2', { urls: ['ldaps://a'], options: { tls_cacertdir: '/etc/ssl/certs' } })).toEqual(
      [],
    );
    expect(refused('2023.1', { urls: ['ldaps://a'] })).toEqual([]);
  });

  test('no account, where that lets anybody in', () => {
    const nobody = { user: undefined, password: undefined };
    const risky = CATALOGUE.filter(({ name }) => refused(name, nobody, '[ldap]\nuser =\n').length > 0);
    expect(risky.map(({ name }) => name)).toEqual(['2012.2', '2013.1', '2013.1.2']);
  });

  test('a password that cannot be written is named nowhere', () => {
    const configureIt = () => configure('', 'zed', { password: new Secret('oops\\$x') });
    expect(configureIt).toThrow('[ldap] password cannot be set to this value: it contains "\\$"');
    expect(configureIt).not.toThrow('oops');
  });
});
