import { describe, expect, test } from 'vitest';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { applyEdits } from '../../../src/keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf } from '../../../src/keystone-conf/document/document.ts';
import { upgradeConf } from '../../../src/keystone-conf/upgrade/upgrade-conf.ts';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';

function upgrade(text: string, from: ReleaseName, to: ReleaseName) {
  const doc = parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG);
  const { edits, notes } = upgradeConf(doc, from, to);
  return {
    text: formatConf(applyEdits(doc, edits)).toString(),
    // Every file here would have this one: none names a token provider.
    notes: notes
      .filter(({ code }) => code !== 'TOKEN_DEFAULT_CHANGED')
      .map(({ code, message, line }) => `${line ?? ''} ${code} ${message}`),
  };
}

describe('plugins of a keystone.conf of Juno', () => {
  const JUNO = `[catalog]
driver = keystone.catalog.backends.templated.Catalog
[policy]
driver = keystone.policy.backends.rules.Policy
[revoke]
driver = keystone.contrib.revoke.backends.sql.Revoke
[trust]
driver = keystone.trust.backends.sql.Trust
[cache]
backend = keystone.cache.memcache_pool
[auth]
methods = external,password,token,saml2
external = keystone.auth.plugins.external.ExternalDomain
password = keystone.auth.plugins.password.Password
token = keystone.auth.plugins.token.Token
saml2 = keystone.auth.plugins.mapped.Mapped
`;

  test('have the names of the entry points in Zed', () => {
    expect(upgrade(JUNO, '2014.2', 'zed')).toEqual({
      text: `[catalog]
driver = templated
[policy]
driver = rules
[revoke]
driver = sql
[trust]
driver = sql
[cache]
backend = oslo_cache.memcache_pool
[auth]
methods = external,password,token,saml2
external = Domain
password = default
token = default
saml2 = default
`,
      notes: [],
    });
  });

  test('have the class paths of Kilo in Kilo', () => {
    expect(upgrade(JUNO, '2014.2', '2015.1').text).toBe(JUNO);
    const older = '[token]\ndriver = keystone.token.backends.memcache.Token\n';
    expect(upgrade(older, '2014.1', '2014.2').text).toBe(older);
    expect(upgrade(older, '2014.1', '2015.1').text).toBe(
      '[token]\ndriver = keystone.token.persistence.backends.memcache.Token\n',
    );
  });

  test('may stand among the methods', () => {
    const text = `[auth]
methods = keystone.auth.plugins.external.Domain,keystone.auth.plugins.password.Password,token
`;
    expect(upgrade(text, '2014.1', '2014.2').text).toBe(text);
    expect(upgrade(text, '2014.1', 'zed').text).toBe(
      '[auth]\nmethods = external,password,token\nexternal = Domain\n',
    );
  });
});

test.each<[string, string, ReleaseName, ReleaseName, string, string]>([
  ['catalog', 'keystone.catalog.backends.kvs.Catalog', '2014.1', 'zed', 'mitaka', 'zed takes its default'],
  ['catalog', 'templated', 'zed', '2025.1', '2025.1', 'Create its services and endpoints'],
  ['revoke', 'keystone.contrib.revoke.backends.kvs.Revoke', '2014.2', 'zed', 'mitaka', 'its default'],
  ['policy', 'keystone.policy.backends.simple.SimpleMatch', '2012.1', '2012.2', '2012.2', 'its default'],
  [
    'token',
    'keystone.token.persistence.backends.sql.Token',
    '2015.1',
    'rocky',
    'rocky',
    'not read this option',
  ],
  ['trust', 'keystone.trust.backends.kvs.Trust', '2014.2', '2015.1', '2015.1', 'its default'],
  ['ec2', 'keystone.contrib.ec2.backends.kvs.Ec2', '2012.1', 'zed', '2015.1', 'not read this option'],
])(
  '[%s] driver = %s of %s is a comment in %s, and noted with its line',
  (section, driver, from, to, gone, what) => {
    const { text, notes } = upgrade(`[DEFAULT]\n[${section}]\ndriver = ${driver}\n`, from, to);
    expect(text).toMatch(new RegExp(`^\\[DEFAULT\\]\\n\\[${section}\\]\\n# The plugin .*\\n#driver = `));
    expect(notes).toEqual([
      expect.stringMatching(`^3 PLUGIN_REMOVED \\[${section}\\] driver: .* went with ${gone}; .*${what}`),
    ]);
  },
);

test.each<[string, ReleaseName, string]>([
  [
    '[catalog]\ndriver = my.own.Catalog\n',
    'zed',
    "2 PLUGIN_UNKNOWN [catalog] driver = my.own.Catalog is not a plugin of Keystone's own (sql, templated): zed loads no class paths",
  ],
  [
    '[catalog]\ndriver = my.own.Catalog\n',
    'newton',
    '2 PLUGIN_UNKNOWN [catalog] driver = my.own.Catalog is not',
  ],
  [
    '[token]\nprovider = jws\n',
    'rocky',
    '2 PLUGIN_UNKNOWN [token] provider = jws is not in rocky: it came with stein',
  ],
  [
    '[auth]\nmethods = password,mine\nmine = my.own.Method\n',
    'zed',
    '3 PLUGIN_UNKNOWN [auth] mine = my.own.Method',
  ],
  ['[auth]\nmethods = password,mine\n', 'zed', '2 PLUGIN_UNKNOWN [auth] methods: mine is not a method'],
  ['[auth]\nexternal = keystone.auth.plugins.external.LegacyDomain\n', '2014.2', ''],
  [
    '[filter:debug]\na = b\n[app:x]\n',
    'zed',
    '1 PASTE_LEFT [filter:debug] This section and 1 more configure paste: zed has no paste',
  ],
  [
    '[filter:debug]\na = b\n',
    '2013.1',
    '1 PASTE_LEFT [filter:debug] This section configures paste: Keystone reads them from keystone-paste.ini',
  ],
])('%j stays for %s, and is noted', (text, to, expected) => {
  const result = upgrade(text, '2012.2', to);
  expect(result.text).toBe(text);
  expect(result.notes).toEqual(expected === '' ? [] : [expect.stringContaining(expected)]);
});

test.each([
  ['external', 'keystone.auth.plugins.external.KerberosDomain', 'kerberos'],
  ['acme', 'keystone.auth.plugins.token.Token', 'token'],
  ['acme', 'keystone.auth.plugins.mapped.Mapped', 'saml2 or openid or x509 or mapped'],
])(
  "[auth] %s with Keystone's own class %s of another method is left for a person to decide",
  (option, path, method) => {
    const text = `[auth]\nmethods = ${option}\n${option} = ${path}\n`;
    const left = upgrade(text, '2014.2', 'zed');
    expect(left.text).toBe(text);
    expect(left.notes).toEqual([
      expect.stringMatching(`^3 PLUGIN_UNKNOWN .* zed has this plugin only as the method ${method}, which`),
    ]);
    expect(upgrade(text, '2014.2', '2015.1').text).toBe(text);
  },
);
