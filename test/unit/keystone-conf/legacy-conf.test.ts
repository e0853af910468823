import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf, type ConfDocument } from '../../../src/keystone-conf/document/document.ts';
import { legacyConfEdits } from '../../../src/keystone-conf/legacy/legacy-conf.ts';
import type {
  LegacyConfSettings,
  LegacyConfStyle,
} from '../../../src/keystone-conf/legacy/legacy-settings.ts';
import { Secret } from '../../../src/secret.ts';

const settings: LegacyConfSettings = {
  url: 'ldap://localhost',
  user: 'cn=Admin,dc=example,dc=com',
  password: new Secret('secret'),
  moveToken: false,
};

const diablo: LegacyConfStyle = {
  treeOptions: true,
  entryOptions: true,
  interpolation: 'ConfigParser',
  hashOption: 'hash-password',
  defaultTrees: {
    user: 'ou=Users,dc=example,dc=com',
    tenant: 'ou=Groups,dc=example,dc=com',
    role: 'ou=Groups,dc=example,dc=com',
  },
};
const essex3: LegacyConfStyle = {
  ...diablo,
  treeOptions: false,
  interpolation: 'SafeConfigParser',
  hashOption: undefined,
};

const shipped = `\
[DEFAULT]
verbose = False
backends = keystone.backends.sqlalchemy
# For LDAP append ,keystone.backends.ldap

[keystone.backends.sqlalchemy]
sql_connection = sqlite:///keystone.db
backend_entities = ['UserRoleAssociation', 'Endpoints', 'Role', 'Tenant',
                    'User', 'Credentials', 'EndpointTemplates', 'Token',
                    'Service']

# Seconds
sql_idle_timeout = 30

[pipeline:admin]
pipeline =
    urlrewritefilter
    admin_api
`;

const edited = `\
[DEFAULT]
verbose = False
backends = keystone.backends.sqlalchemy,keystone.backends.ldap
# For LDAP append ,keystone.backends.ldap

[keystone.backends.sqlalchemy]
sql_connection = sqlite:///keystone.db
backend_entities = ['Endpoints', 'Role',
                    'Credentials', 'EndpointTemplates', 'Token',
                    'Service']

# Seconds
sql_idle_timeout = 30

[pipeline:admin]
pipeline =
    urlrewritefilter
    admin_api

[keystone.backends.ldap]
ldap_url = ldap://localhost
ldap_user = cn=Admin,dc=example,dc=com
ldap_password = secret
`;

const read = (text: string): ConfDocument => parseConf(Buffer.from(text, 'latin1'), 'keystone.conf');

/** The edited text; a second application has already up to date. */
function configure(text: string, changes: Partial<LegacyConfSettings> = {}, style = diablo): string {
  const wanted = { ...settings, ...changes };
  const before = read(text);
  const after = applyEdits(before, legacyConfEdits(before, wanted, style).edits);
  expect(legacyConfEdits(after, wanted, style).edits).toEqual([]);
  return formatConf(after).toString('latin1');
}

describe('the whole edit', () => {
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');

  test.each<[string, string, string]>([
    ['a shipped file', shipped, edited],
    ['with CRLF', crlf(shipped), crlf(edited)],
    ['without a last line end', shipped.trimEnd(), edited.trimEnd()],
    [
      'with bytes that are no UTF-8',
      shipped.replace('Seconds', '\xff\xa0'),
      edited.replace('Seconds', '\xff\xa0'),
    ],
  ])('%s', (_, before, after) => {
    expect(configure(before)).toBe(after);
  });

  test('is plain data that shows no password', () => {
    expect(JSON.parse(JSON.stringify(legacyConfEdits(read(shipped), settings, diablo)))).toEqual({
      edits: [
        {
          section: 'DEFAULT',
          option: 'backends',
          from: 'keystone.backends.sqlalchemy',
          to: 'keystone.backends.sqlalchemy,keystone.backends.ldap',
        },
        {
          section: 'keystone.backends.sqlalchemy',
          option: 'backend_entities',
          from: expect.stringContaining("'Tenant',\n                    'User'") as unknown,
          to: "['Endpoints', 'Role',\n                    'Credentials', 'EndpointTemplates', 'Token',\n                    'Service']",
        },
        { section: 'keystone.backends.ldap', option: 'ldap_url', to: 'ldap://localhost' },
        { section: 'keystone.backends.ldap', option: 'ldap_user', to: 'cn=Admin,dc=example,dc=com' },
        { section: 'keystone.backends.ldap', option: 'ldap_password', to: '***', secret: true },
      ],
      kept: [],
      notes: [],
    });
  });
});

describe('backends', () => {
  const ldapLast = 'keystone.backends.sqlalchemy,keystone.backends.ldap';
  test.each([
    ['backends = keystone.backends.sqlalchemy', `backends = ${ldapLast}`],
    ['backends=keystone.backends.sqlalchemy', `backends=${ldapLast}`],
    [`backends = ${ldapLast}`, `backends = ${ldapLast}`],
    ['backends = keystone.backends.sqlalchemy, keystone.backends.ldap', `backends = ${ldapLast}`],
    ['backends = keystone.backends.ldap,keystone.backends.sqlalchemy', `backends = ${ldapLast}`],
    ['backends = keystone.backends.ldap', 'backends = keystone.backends.ldap'],
    ['backends = x , keystone.backends.ldap, y,', 'backends = x,y,keystone.backends.ldap'],
    ['backends = x,\n  y', 'backends = x,y,keystone.backends.ldap'],
    ['#backends = x', `#backends = x\nbackends = ${ldapLast}`],
    ['backends =', `backends = ${ldapLast}`],
    ['verbose = True', `verbose = True\nbackends = ${ldapLast}`],
  ])('%j', (before, after) => {
    const ldap =
      'ldap_url = ldap://localhost\nldap_user = cn=Admin,dc=example,dc=com\nldap_password = secret\n';
    const rest = `\n[keystone.backends.ldap]\n${ldap}`;
    expect(configure(`[DEFAULT]\n${before}\n${rest}`)).toBe(`[DEFAULT]\n${after}\n${rest}`);
  });
});

describe('entities of SQL', () => {
  const entities = (text: string, moveToken = false): string => {
    const before = read(`[keystone.backends.sqlalchemy]\nBackend_Entities = ${text}\n`);
    const { edits } = legacyConfEdits(before, { ...settings, moveToken }, diablo);
    const edit = edits.find(({ option }) => option === 'backend_entities');
    return typeof edit?.to === 'string' ? edit.to : 'no edit';
  };

  test.each<[string, string, boolean, string]>([
    ['on one line', "['User', 'Role', 'Tenant', 'Token']", false, "['Role', 'Token']"],
    ['with tokens', "['User', 'Role', 'Tenant', 'Token']", true, "['Role']"],
    ['one per line', "[\n  'User',\n  'Role',\n  'Token',\n ]", true, "[\n  'Role',\n ]"],
    ['in double quotes', '["UserRoleAssociation","Endpoints"]', false, '["Endpoints"]'],
    ['nothing to do', "['Role' ,'Token']", false, 'no edit'],
    ['names that only start alike', "['Users', 'TokenX']", true, 'no edit'],
  ])('%s', (_, before, moveToken, after) => {
    expect(entities(before, moveToken)).toBe(after);
  });

  test('a list that Python cannot read is told with its place', () => {
    expect(() => entities("['User',\n    'Role' 'Tenant']")).toThrow(
      expect.objectContaining({
        code: 'CONF_INVALID',
        problems: [
          {
            file: 'keystone.conf',
            line: 3,
            column: 12,
            message:
              '[keystone.backends.sqlalchemy] backend_entities is not a Python list of names: There is no comma before this name.',
          },
        ],
      }),
    );
  });

  test('without a list there is none to edit', () => {
    const options = legacyConfEdits(read(''), settings, diablo).edits.map(({ option }) => option);
    expect(options).toEqual(['backends', 'ldap_url', 'ldap_user', 'ldap_password']);
  });
});

describe('a place for tokens', () => {
  const memcache = '[keystone.backends.memcache]\nbackend_entities = ["Token"]\n';
  const listed = shipped.replace('backends = ', 'backends = keystone.backends.memcache,');

  test.each<[string, string, boolean, string[]]>([
    ['SQL keeps them', shipped, false, []],
    ['moved to nowhere', shipped, true, ['NO_TOKEN_STORE']],
    ['moved to a backend that is listed', listed + memcache, true, []],
    ['moved to a backend that is not listed', shipped + memcache, true, ['NO_TOKEN_STORE']],
    ['moved to a backend that does not say so', listed, true, ['NO_TOKEN_STORE']],
    ['already gone', shipped.replace(" 'Token',", ''), false, ['NO_TOKEN_STORE']],
  ])('%s', (_, text, moveToken, codes) => {
    const { notes } = legacyConfEdits(read(text), { ...settings, moveToken }, diablo);
    expect(notes.map(({ code }) => code)).toEqual(codes);
  });
});

describe('the LDAP section', () => {
  const section = (lines: readonly string[]) =>
    `[DEFAULT]\nbackends = keystone.backends.ldap\n\n[keystone.backends.ldap]\n${lines.join('\n')}\n`;
  const url = 'ldap_url = ldap://localhost';
  const user = 'ldap_user = cn=Admin,dc=example,dc=com';
  const password = 'ldap_password = secret';

  test.each<[string, string[], Partial<LegacyConfSettings>, string[], LegacyConfStyle?]>([
    [
      'other values, spelling and spacing kept',
      ['LDAP_URL: ldap://other', 'ldap_user=cn=x', '# c', 'ldap_password   = old ; why', 'x = y'],
      {},
      [
        'LDAP_URL: ldap://localhost',
        'ldap_user=cn=Admin,dc=example,dc=com',
        '# c',
        'ldap_password   = secret ; why',
        'x = y',
      ],
    ],
    [
      'beside commented-out defaults',
      ['# ldap_user = cn=x', '#ldap_password=', '', '# The server', ';ldap_url: ldap://x'],
      {},
      [
        '# ldap_user = cn=x',
        user,
        '#ldap_password=',
        'ldap_password=secret',
        '',
        '# The server',
        ';ldap_url: ldap://x',
        'ldap_url: ldap://localhost',
      ],
    ],
    [
      'a DN keeps its spelling',
      [url, 'ldap_user = CN=admin, DC=example,dc=com', password],
      {},
      [url, 'ldap_user = CN=admin, DC=example,dc=com', password],
    ],
    [
      'trees of the code are left out',
      [url, user, password],
      { userTreeDn: 'OU=users, dc=example,dc=com', tenantTreeDn: 'ou=Groups,dc=example,dc=com' },
      [url, user, password],
    ],
    [
      'other trees are written',
      [url, user, password],
      { userTreeDn: 'ou=People,dc=example,dc=com', roleTreeDn: 'ou=Roles,dc=example,dc=com' },
      [
        url,
        user,
        password,
        'user_tree_dn = ou=People,dc=example,dc=com',
        'role_tree_dn = ou=Roles,dc=example,dc=com',
      ],
    ],
    [
      'trees that the file names in vain are changed, others left',
      [url, user, password, 'user_tree_dn = ou=X', 'role_tree_dn = ou=Y'],
      { userTreeDn: 'ou=Users,dc=example,dc=com' },
      [url, user, password, 'user_tree_dn = ou=Users,dc=example,dc=com', 'role_tree_dn = ou=Y'],
    ],
    [
      'ConfigParser',
      ['ldap_url = ldapi://%2Frun', user, password],
      { url: 'ldapi://%2Frun%2Fldapi', password: new Secret('%s$ #\'"x;y') },
      ['ldap_url = ldapi://%2Frun%2Fldapi', user, 'ldap_password = %s$ #\'"x;y'],
    ],
    [
      'SafeConfigParser',
      [url, user, password],
      { password: new Secret('%{a)s$b$$') },
      [url, user, 'ldap_password = %%{a)s$b$$'],
      essex3,
    ],
    [
      'an empty password',
      [url, user, password],
      { password: new Secret('') },
      [url, user, 'ldap_password = '],
    ],
    [
      'non-ASCII',
      [url, user, password],
      { password: new Secret('é') },
      [url, user, 'ldap_password = \xc3\xa9'],
    ],
    [
      'trees of the code, where the release reads no others',
      [url, user, password],
      { userTreeDn: 'ou=Users,dc=example,dc=com' },
      [url, user, password],
      essex3,
    ],
  ])('%s', (_, before, changes, after, style) => {
    expect(configure(section(before), changes, style)).toBe(section(after));
  });

  test('all that the release could not read is told at once, and no password', () => {
    const wanted = {
      ...settings,
      user: 'cn=Admin ;x',
      password: new Secret('hunter\n2'),
      userTreeDn: 'ou=People,dc=example,dc=com',
    };
    const plan = () => legacyConfEdits(read(shipped), wanted, essex3);
    expect(plan).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        problems: [
          { message: 'ldap_user cannot be written: it contains " ;", where the parser sees a comment.' },
          { message: 'ldap_password cannot be written: it holds a line break or NUL.' },
          {
            message:
              'user_tree_dn is not read by this release: it looks for users in ou=Users,dc=example,dc=com, not in ou=People,dc=example,dc=com.',
          },
        ],
      }),
    );
  });

  test('a file that Keystone cannot read is not edited', () => {
    expect(() => legacyConfEdits(read('nothing\n'), settings, diablo)).toThrow(
      expect.objectContaining({ code: 'CONF_INVALID' }),
    );
  });
});
