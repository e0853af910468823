import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkLdapOptions } from '../../src/keystone-conf/modern/check-ldap-options.ts';
import { OSLO_CONFIG } from '../../src/keystone-conf/document/conf-dialect.ts';
import { applyEdits } from '../../src/keystone-conf/document/conf-edit.ts';
import { formatConf, parseConf, type ConfDocument } from '../../src/keystone-conf/document/document.ts';
import { domainConfEdits } from '../../src/keystone-conf/modern/domain-conf.ts';
import { effectiveNamed } from '../../src/keystone-conf/modern/effective-option.ts';
import { mergeConfs } from '../../src/keystone-conf/document/merge-confs.ts';
import { modernConfEdits } from '../../src/keystone-conf/modern/modern-conf.ts';
import type { ModernConfSettings } from '../../src/keystone-conf/modern/modern-settings.ts';
import { writeOsloString } from '../../src/keystone-conf/modern/oslo-value.ts';
import { upgradeConf } from '../../src/keystone-conf/upgrade/upgrade-conf.ts';
import { ldapOptionsOf, LDAP_OPTIONS } from '../../src/releases/ldap-options.ts';
import { driverOption } from '../../src/releases/driver-options.ts';
import { Secret } from '../../src/secret.ts';
import { arbitraryValue } from '../support/arbitrary-value.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { runPython } from '../support/run-oslo-config.ts';

/** The release of Debian 12's package, which is 22.0.2: what was backported to it counts. */
const RELEASE = 'zed';

/** Prints what each option of [ldap] is: name, type, default, choices, minimum, secret. */
const DECLARED = `
import json, sys
from keystone.conf import ldap
print(json.dumps([{
    'name': o.name, 'type': type(o).__name__, 'default': o.default, 'secret': o.secret,
    'choices': list(getattr(o.type, 'choices', None) or []) or None, 'minimum': getattr(o.type, 'min', None),
} for o in ldap.ALL_OPTS]))`;

/** Prints the values of the named options that Keystone's own configuration reads from a file. */
const READ = `
import json, sys
from keystone import conf
ask = json.load(sys.stdin)
conf.configure()
conf.CONF([], project='keystone', default_config_files=[ask['file']], default_config_dirs=[])
print(json.dumps({'%s/%s' % (s, o): getattr(getattr(conf.CONF, s), o) for s, o in ask['options']}))`;

/** Prints the values of string options v0, v1, … in [t]. */
const READ_STRINGS = `
import json, sys
from oslo_config import cfg
ask = json.load(sys.stdin)
names = ['v%d' % n for n in range(ask['count'])]
conf = cfg.ConfigOpts()
conf.register_opts([cfg.StrOpt('user', default='REPLACED')] + [cfg.StrOpt(n) for n in names], group='t')
conf([], default_config_files=[ask['file']])
print(json.dumps([getattr(conf.t, n) for n in names]))`;

/** Prints what an option is, of several files each, that has an old name too. */
const READ_RENAMED = `
import json, sys
from oslo_config import cfg
def read(files):
    conf = cfg.ConfigOpts()
    conf.register_opts([cfg.StrOpt('project_name_attribute', deprecated_name='tenant_name_attribute')], group='ldap')
    conf([], default_config_files=files)
    return conf.ldap.project_name_attribute
print(json.dumps([read(files) for files in json.load(sys.stdin)]))`;

const read = (bytes: Buffer | string): ConfDocument =>
  parseConf(Buffer.from(bytes), 'keystone.conf', OSLO_CONFIG);

describeKeystone('an installed Keystone 22', () => {
  let directory: string;
  let generated: ConfDocument;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'keystone-ldap-oslo-'));
    const file = join(directory, 'generated.conf');
    const { status, stderr } = spawnSync('oslo-config-generator', [
      '--namespace',
      'keystone',
      '--output-file',
      file,
    ]);
    if (status !== 0) throw new Error(String(stderr));
    generated = read(readFileSync(file));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const write = (doc: ConfDocument): string => {
    const file = join(directory, 'keystone.conf');
    writeFileSync(file, formatConf(doc));
    return file;
  };
  /** What Keystone gets from the file: all options of [ldap] and the drivers. */
  const readByKeystone = (doc: ConfDocument): Record<string, unknown> => {
    const ldap = options.map(({ name }) => ['ldap', name]);
    const drivers = ['identity', 'assignment', 'resource', 'role'].map((section) => [section, 'driver']);
    const domains = ['domain_specific_drivers_enabled', 'domain_config_dir'].map((name) => [
      'identity',
      name,
    ]);
    return runPython(READ, { file: write(doc), options: [...ldap, ...drivers, ...domains] }) as Record<
      string,
      unknown
    >;
  };

  const backported = LDAP_OPTIONS.filter(({ backports }) => backports[RELEASE] !== undefined);
  const options = [
    ...ldapOptionsOf(RELEASE),
    ...backported.map((history) => ({ history, name: history.name, default: history.defaults[0]?.[1] })),
  ];
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  const TYPES = {
    string: 'StrOpt',
    dn: 'StrOpt',
    boolean: 'BoolOpt',
    integer: 'IntOpt',
    float: 'FloatOpt',
    list: 'ListOpt',
  };

  test('declares just the options, types, defaults and limits that the catalogue has', () => {
    const known = options.map(({ name, history, default: value }) => ({
      name,
      type: TYPES[history.type],
      default: value ?? null,
      secret: history.secret,
      choices: history.limits?.choices ?? null,
      minimum: history.limits?.minimum ?? null,
    }));
    const declared = runPython(DECLARED, {}) as { name: string }[];
    expect(known.toSorted(byName)).toEqual(declared.toSorted(byName));
  });

  const settings: ModernConfSettings = {
    urls: ['ldaps://a.example.com', 'ldap://b.example.com:3890'],
    user: 'cn=keystone,ou=Größe,dc=example,dc=com',
    password: new Secret('"p$w {$$user} #;%(x)s'),
    suffix: 'dc=example,dc=com',
    trees: { user: 'ou=People,dc=example,dc=com', group: 'ou=Teams,dc=example,dc=com' },
    options: {
      user_filter: '(&(cn=$user)(!(o=a b)))',
      user_id_attribute: 'uid',
      user_attribute_ignore: 'default_project_id,email',
      user_enabled_mask: '2',
      use_pool: 'false',
      pool_retry_delay: '0.5',
      query_scope: 'sub',
      page_size: '0',
    },
    tls: { startTls: false, caCertFile: '/etc/ssl/my ca.pem' },
    serves: [],
  };
  const intended = {
    'ldap/url': 'ldaps://a.example.com,ldap://b.example.com:3890',
    'ldap/user': 'cn=keystone,ou=Größe,dc=example,dc=com',
    'ldap/password': '"p$w {$$user} #;%(x)s',
    'ldap/suffix': 'dc=example,dc=com',
    'ldap/user_tree_dn': 'ou=People,dc=example,dc=com',
    'ldap/group_tree_dn': 'ou=Teams,dc=example,dc=com',
    'ldap/user_filter': '(&(cn=$user)(!(o=a b)))',
    'ldap/user_id_attribute': 'uid',
    'ldap/user_attribute_ignore': ['default_project_id', 'email'],
    'ldap/user_enabled_mask': 2,
    'ldap/use_pool': false,
    'ldap/pool_retry_delay': 0.5,
    'ldap/query_scope': 'sub',
    'ldap/tls_cacertfile': '/etc/ssl/my ca.pem',
  };

  test('reads from its own sample file just what was set, and the rest as before', () => {
    const before = readByKeystone(generated);
    const edited = applyEdits(generated, modernConfEdits(generated, settings, RELEASE).edits);
    expect(readByKeystone(edited)).toEqual({ ...before, ...intended, 'identity/driver': 'ldap' });
    expect(modernConfEdits(edited, settings, RELEASE).edits).toEqual([]);
  });

  test('has no option or section that its validator does not know', () => {
    const edited = applyEdits(generated, modernConfEdits(generated, settings, RELEASE).edits);
    const validate = (doc: ConfDocument) =>
      spawnSync('oslo-config-validator', ['--namespace', 'keystone', '--input-file', write(doc)]).status;
    expect(validate(edited)).toBe(0);
    expect(
      validate(applyEdits(edited, [{ section: 'ldap', option: 'blah', from: undefined, to: 'x' }])),
    ).toBe(1);
  });

  test("reads a domain's file, and that there is one", () => {
    const configDir = join(directory, 'domains');
    const plan = domainConfEdits(generated, read(''), { ...settings, domain: 'Corp', configDir }, RELEASE);
    const before = readByKeystone(generated);
    expect(readByKeystone(applyEdits(generated, plan.main))).toEqual({
      ...before,
      'identity/domain_specific_drivers_enabled': true,
      'identity/domain_config_dir': configDir,
    });
    expect(readByKeystone(applyEdits(read(''), plan.domain))).toMatchObject({
      ...intended,
      'identity/driver': 'ldap',
    });
  });

  test('reads a file of 2012 that was brought forward', () => {
    const old = read(
      `[identity]\ndriver = ${driverOption('2012.2', 'identity')?.ldap ?? ''}\n[ldap]\nurl = ldap://a\nuser = cn=a\n` +
        'password = x\nsuffix = dc=a\ntenant_tree_dn = ou=P,dc=a\n[token]\nprovider = keystone.token.providers.uuid.Provider\n',
    );
    const edited = applyEdits(old, upgradeConf(old, '2012.2', RELEASE).edits);
    expect(readByKeystone(edited)).toMatchObject({
      'identity/driver': 'ldap',
      'assignment/driver': 'sql',
      'ldap/url': 'ldap://a',
      'ldap/suffix': 'dc=a',
      'ldap/user_tree_dn': null,
      'ldap/user_attribute_ignore': ['default_project_id', 'enabled', 'tenants'],
    });
    expect(checkLdapOptions(edited, RELEASE)).toEqual([]);
  });

  test('takes the last file before the new name of an option, as we do', () => {
    const [old, renamed] = ['tenant_name_attribute = old\n', 'project_name_attribute = new\n'];
    const sets = [[old + renamed], [renamed + old], [renamed, old], [old, renamed], [renamed, old + renamed]];
    const texts = sets.map((files) => files.map((text) => `[ldap]\n${text}`));
    const paths = texts.map((files, set) =>
      files.map((text, at) => {
        const file = join(directory, `${set}-${at}.conf`);
        writeFileSync(file, text);
        return file;
      }),
    );
    const ours = texts.map(([first = '', ...others]) => {
      const doc = mergeConfs([read(first), ...others.map(read)]);
      return effectiveNamed(doc, '2014.2', 'project_name_attribute').value;
    });
    expect(ours).toEqual(['new', 'new', 'old', 'new', 'new']);
    expect(runPython(READ_RENAMED, paths)).toEqual(ours);
  });

  test('reads back every value that can be written', () => {
    const values = fc.sample(arbitraryValue, { numRuns: 3000, seed: 20120214 });
    const written = values.flatMap((value) => {
      const result = writeOsloString(value);
      return 'text' in result ? [{ value, text: result.text }] : [];
    });
    expect(written.length).toBeGreaterThan(2000);
    const text = written.map((one, at) => `v${at} = ${one.text}\n`).join('');
    const file = join(directory, 'values.conf');
    writeFileSync(file, `[t]\n${text}`);
    expect(runPython(READ_STRINGS, { file, count: written.length })).toEqual(
      written.map(({ value }) => value),
    );
  });
});
