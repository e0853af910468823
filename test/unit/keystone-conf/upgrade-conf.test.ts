import { describe, expect, test } from 'vitest';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { applyEdits } from '../../../src/keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf, type ConfDocument } from '../../../src/keystone-conf/document/document.ts';
import { upgradeConf } from '../../../src/keystone-conf/upgrade/upgrade-conf.ts';
import { CATALOGUE, releaseIndex, type ReleaseName } from '../../../src/releases/catalogue.ts';

const read = (text: string): ConfDocument => parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG);

/** The edited text; a second application has already up to date. */
function upgrade(text: string, from: ReleaseName, to: ReleaseName): string {
  const before = read(text);
  const after = applyEdits(before, upgradeConf(before, from, to).edits);
  expect(upgradeConf(after, from, to).edits).toEqual([]);
  return formatConf(after).toString();
}

const notes = (text: string, from: ReleaseName, to: ReleaseName): readonly string[] =>
  upgradeConf(read(text), from, to)
    // Most files here would have this one, as they name no token provider.
    .notes.filter(({ code }) => code !== 'TOKEN_DEFAULT_CHANGED')
    .map(({ code, message, line }) => `${line === undefined ? '' : `${line}: `}${code} ${message}`);

const CLASS = '[identity]\ndriver = keystone.identity.backends.ldap.Identity\n';
const SHORT = '[identity]\ndriver = ldap\n';
const ldap = (text: string): string => text.slice(text.indexOf('[ldap]\n') + 7);

describe('names', () => {
  test('are replaced in place, and the value stays', () => {
    const text = (name: string) =>
      `[ldap]\n# Mine\n${name}_tree_dn:ou=Projects,\n  dc=a\n${name}_name_attribute\t= cn \nuser = cn=a\n`;
    expect(upgrade(text('tenant'), '2014.1', '2014.2')).toBe(text('project'));
  });

  test('where both are set, the newer one counts', () => {
    expect(upgrade('[ldap]\nproject_filter = (a=b)\ntenant_filter = (c=d)\n', '2014.2', 'liberty')).toBe(
      '[ldap]\nproject_filter = (a=b)\n' +
        '# project_filter, which is set too, is the newer name of this option and counts.\n#tenant_filter = (c=d)\n',
    );
  });

  test('of what is gone go into comments, all their lines', () => {
    expect(
      upgrade('[ldap]\r\nurl = ldap://a\r\ntenant_tree_dn = ou=x,\r\n  dc=a\r\n', '2014.1', 'mitaka'),
    ).toBe(
      '[ldap]\r\nurl = ldap://a\r\n# This option is not read by mitaka: it went with mitaka.\r\n' +
        '#tenant_tree_dn = ou=x,\r\n#  dc=a\r\n',
    );
    expect(upgrade('[DEFAULT]\nmember_role_name = _member_\n', 'rocky', 'stein')).toBe(
      '[DEFAULT]\n# This option is not read by stein: it went with stein.\n#member_role_name = _member_\n',
    );
  });

  test('of a field that has another name', () => {
    expect(
      upgrade('[ldap]\nuser_attribute_ignore = enabled, email,tenants,tenantId\n', '2013.1', '2013.2'),
    ).toBe('[ldap]\nuser_attribute_ignore = enabled,email,tenants,default_project_id\n');
  });
});

describe('defaults that change are written down', () => {
  test.each<[ReleaseName, ReleaseName, string]>([
    [
      '2012.1',
      '2012.2',
      'suffix = dc=example,dc=com\n' +
        'user_mail_attribute = email\ntenant_desc_attribute = desc\ntenant_attribute_ignore = \n' +
        'user_tree_dn = dc=example,dc=com,ou=Users\n' +
        'tenant_tree_dn = dc=example,dc=com,ou=Groups\nrole_tree_dn = dc=example,dc=com,ou=Roles\n',
    ],
    ['2013.1', '2013.2', ''],
    ['2014.1', '2014.2', 'user_mail_attribute = email\n'],
    ['2015.1', 'liberty', 'user_attribute_ignore = default_project_id,tenants\n'],
    ['liberty', 'mitaka', 'use_pool = false\nuse_auth_pool = false\n'],
    ['mitaka', '2026.1', ''],
  ])('%s to %s', (from, to, expected) => {
    const keeps = '[ldap]\nuser = cn=a\npassword = x\n';
    expect(ldap(upgrade(`${CLASS}${keeps}`, from, to))).toBe(`user = cn=a\npassword = x\n${expected}`);
  });

  test('what had no option yet', () => {
    const pinned = ldap(
      upgrade(`${CLASS}[ldap]\nsuffix = dc=a\nuser = cn=a\npassword = x\n`, '2012.2', '2013.1'),
    );
    expect(pinned.split('\n').slice(3, -1)).toEqual(
      [
        'use_dumb_member = true',
        'user_mail_attribute = mail',
        'user_attribute_ignore = default',
        'tenant_attribute_ignore = enabled',
        'role_name_attribute = cn',
      ].map((line) => line.replace('= default', '= tenant_id,enabled,tenants')),
    );
  });

  test('not where the file sets the option, nor where SQL holds the users', () => {
    const set = `${SHORT}[ldap]\nuse_pool = true\nuse_auth_pool = false\nuser_attribute_ignore = x\n`;
    expect(upgrade(set, 'liberty', 'mitaka')).toBe(set);
    expect(upgrade('[ldap]\nurl = ldap://a\n', 'liberty', 'mitaka')).toBe('[ldap]\nurl = ldap://a\n');
  });

  test('not for projects that SQL holds', () => {
    const sql = '[assignment]\ndriver = keystone.assignment.backends.sql.Assignment\n';
    const emulation =
      '[ldap]\nuser_mail_attribute = mail\ntenant_enabled_emulation = true\ntenant_tree_dn = ou=P\n';
    expect(upgrade(CLASS + emulation, '2014.1', '2014.2')).toContain(
      'project_enabled_emulation_dn = cn=enabled_tenants,ou=P\n',
    );
    expect(upgrade(CLASS + sql + emulation, '2014.1', '2014.2')).not.toContain('emulation_dn');
  });

  test('a password is one in the edit, too', () => {
    const { edits } = upgradeConf(read(CLASS), '2012.2', '2013.1');
    expect(JSON.stringify(edits)).not.toContain('freeipa4all');
    expect(edits.filter(({ option }) => option === 'password')).toHaveLength(1);
  });
});

describe('drivers', () => {
  const driver = (text: string, from: ReleaseName, to: ReleaseName) =>
    upgrade(text, from, to).split('\n\n[ldap]')[0];

  test('class paths become short names', () => {
    const old = `${CLASS}[assignment]\ndriver = keystone.assignment.backends.sql.Assignment\n`;
    expect(upgrade(old, '2014.1', '2014.2')).toContain(old);
    expect(driver(old, '2014.2', 'liberty')).toBe(`${SHORT}[assignment]\ndriver = sql`);
    expect(
      upgrade(
        '[identity_mapping]\ngenerator = keystone.identity.id_generators.sha256.Generator\n' +
          '[token]\nprovider = keystone.token.providers.fernet.Provider\n',
        '2015.1',
        'pike',
      ),
    ).toBe('[identity_mapping]\ngenerator = sha256\n[token]\nprovider = fernet\n');
  });

  test('a path of the module is one of the class, which went with the module', () => {
    const path = '[identity]\ndriver = keystone.identity.backends.ldap.core.Identity\n';
    expect(driver(`${path}[ldap]\n`, '2012.1', '2013.1')).toContain(path.trim());
    expect(driver(path, '2012.2', '2013.2')).toBe(CLASS.trim());
    expect(driver(path, '2012.1', 'zed')).toBe(SHORT.trim());
  });

  test('what followed the identity driver goes on doing so', () => {
    expect(driver(CLASS, '2013.1', '2013.2')).toBe(CLASS);
    expect(notes(CLASS, '2013.1', '2013.2')).toEqual([]);
  });

  test('what LDAP can no longer hold is said, and SQL takes its place', () => {
    const all = `${SHORT}[assignment]\ndriver = ldap\n`;
    expect(driver(all, 'liberty', 'mitaka')).toBe(`${SHORT}[assignment]\ndriver = sql`);
    const message =
      'DRIVER_REMOVED mitaka has no LDAP driver for grants, projects, roles: move them from LDAP to SQL before the upgrade.';
    expect(notes(all, 'liberty', 'mitaka')).toEqual([message]);
    expect(notes(CLASS, '2012.2', 'mitaka')[0]).toBe(message);
    expect(notes(`${SHORT}[assignment]\ndriver = sql\n`, 'liberty', 'mitaka')).toEqual([]);
  });

  test("somebody else's stays and is noted", () => {
    const text = '[identity]\ndriver = my.own.Driver\n';
    expect(upgrade(text, '2014.1', 'pike')).toBe(text);
    expect(notes(text, '2014.1', 'pike')).toEqual([
      "2: DRIVER_UNKNOWN [identity] driver = my.own.Driver is none of pike's LDAP and SQL drivers: it takes short names only.",
    ]);
  });

  test('a token provider that is gone goes into a comment', () => {
    const text = '[token]\nprovider = keystone.token.providers.uuid.Provider\n';
    expect(upgrade(text, '2014.1', 'queens')).toBe('[token]\nprovider = uuid\n');
    expect(upgrade(text, '2014.1', 'rocky')).toBe(
      '[token]\n# The token provider keystone.token.providers.uuid.Provider went with rocky; rocky has fernet by default.\n' +
        '#provider = keystone.token.providers.uuid.Provider\n',
    );
    expect(notes(text, '2014.1', 'rocky')[0]).toMatch(/^2: TOKEN_PROVIDER_REMOVED .*fernet_setup/);
  });
});

test('notes on options', () => {
  const text =
    '[ldap]\nuser_tree = x\nuser_enabled_invert = true\nuse_tls = true\ngroup_allow_create = false\n';
  expect(notes(text, '2013.1', 'mitaka')).toEqual([
    '2: OPTION_UNKNOWN [ldap] user_tree is no option of Keystone (did you mean "user_tree_dn"?).',
    '3: OPTION_BEGINS [ldap] user_enabled_invert was not read by 2013.1 and counts in mitaka.',
    '4: OPTION_BEGINS [ldap] use_tls was not read by 2013.1 and counts in mitaka.',
    '5: OPTION_DEPRECATED [ldap] group_allow_create is deprecated in mitaka.',
  ]);
  expect(notes('[ldap]\nrandomize_urls = true\n', '2023.1', '2023.1')).toEqual([
    '2: OPTION_BACKPORTED [ldap] randomize_urls is read only from 23.0.2 on.',
  ]);
});

test('what Essex did and a later release has no option for', () => {
  const text = `${CLASS}[ldap]\nurl = ldap://a\nrole_id_attribute = ou\nuse_dumb_member = false\n`;
  const attribute = '[ldap] user_mail_attribute';
  expect(notes(text, '2012.1', '2012.2')).toEqual([
    `NOT_EXPRESSIBLE ${attribute}: 2012.2 has no such option and goes by "mail", where 2012.1 went by "email". 2013.1 reads it again.`,
    expect.stringMatching(/tenant_desc_attribute: .*"description", where 2012.1 went by "desc"/),
    expect.stringMatching(/tenant_attribute_ignore: .*"enabled", where 2012.1 went by nothing/),
    expect.stringMatching(/^ACCOUNT_MISSING \[ldap\] user and password: /),
  ]);
  expect(notes(text, '2012.1', '2013.1')).toEqual([
    '5: NOT_EXPRESSIBLE [ldap] role_id_attribute: 2012.1 names roles in tenants by cn, and 2013.1 by ou: rename these entries, or 2013.1 does not find them.',
    '6: OPTION_BEGINS [ldap] use_dumb_member: 2012.1 went by "true" whatever the file says, and 2013.1 heeds it; it is set to "true".',
  ]);
  expect(notes(text, '2013.1', '2013.2')).toEqual([]);
  expect(upgrade(text, '2012.1', '2012.2')).toContain('\nuser = \npassword = \n');
});

test('placeholders that are left over', () => {
  const text = `${SHORT}[ldap]\nuse_dumb_member = true\n`;
  expect(notes(text, 'newton', 'ocata')).toEqual([
    expect.stringMatching(/^PLACEHOLDER_LEFT .*cn=dumb,dc=nonexistent/),
  ]);
  expect(notes(`${SHORT}[ldap]\nuse_dumb_member = false\n`, 'newton', 'ocata')).toEqual([]);
});

test("a domain's own file has users and groups only", () => {
  const doc = read(`${CLASS}[ldap]\nuser_mail_attribute = mail\nuse_pool = true\nuse_auth_pool = true\n`);
  const { edits, notes: said } = upgradeConf(doc, '2014.1', 'mitaka', 'domain file');
  expect(edits.map(({ section, option, to }) => `[${section}] ${option} = ${String(to)}`)).toEqual([
    '[identity] driver = ldap',
    '[ldap] user_attribute_ignore = default_project_id,tenants',
  ]);
  expect(said.map(({ code }) => code)).toEqual(['OPTION_BEGINS', 'OPTION_BEGINS']);
});

test("a domain's own file says nothing about grants", () => {
  const { edits } = upgradeConf(
    read(`${CLASS}[ldap]\nuser_mail_attribute = mail\n`),
    '2014.1',
    'liberty',
    'domain file',
  );
  expect(edits.map(({ section, option }) => `[${section}] ${option}`)).toEqual([
    '[identity] driver',
    '[ldap] user_attribute_ignore',
  ]);
});

test('an older release is no aim', () => {
  expect(() => upgradeConf(read(''), 'zed', 'yoga')).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('from any release to any newer one, twice is once, and all that is left is read there', () => {
  const everything = `${CLASS}[ldap]\nuser = cn=a\npassword = x\nsuffix = dc=a\ntenant_filter = (a=b)\nuse_dumb_member = true\n`;
  for (const from of CATALOGUE)
    for (const to of CATALOGUE.slice(releaseIndex(from.name)))
      expect(read(upgrade(everything, from.name, to.name)).problems).toEqual([]);
});

test.each<[text: string, from: ReleaseName, to: ReleaseName, changes: boolean]>([
  [SHORT, 'newton', 'ocata', true],
  ['[signing]\ntoken_format = PKI\n', '2013.1', 'zed', true],
  ['[token]\nprovider = fernet\n', 'newton', 'zed', false],
  ['[token]\nprovider = uuid\n', 'newton', 'pike', false],
  [SHORT, '2012.1', 'newton', false],
  [SHORT, 'ocata', 'zed', false],
])('%j from %s to %s: the default token provider changes: %s', (text, from, to, changes) => {
  const found = upgradeConf(read(text), from, to).notes.filter(
    ({ code }) => code === 'TOKEN_DEFAULT_CHANGED',
  );
  expect(found.map(({ message }) => message.includes('fernet_setup'))).toEqual(changes ? [true] : []);
  expect(upgradeConf(read(text), from, to, 'domain file').notes).not.toContainEqual(
    expect.objectContaining({ code: 'TOKEN_DEFAULT_CHANGED' }),
  );
});
