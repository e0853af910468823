import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/keystone-conf/document/conf-edit.ts';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { formatConf, parseConf, type ConfDocument } from '../../../src/keystone-conf/document/document.ts';
import {
  domainConfEdits,
  domainFileName,
  type DomainConfSettings,
} from '../../../src/keystone-conf/modern/domain-conf.ts';
import type { ReleaseName } from '../../../src/releases/catalogue.ts';
import { Secret } from '../../../src/secret.ts';

const settings: DomainConfSettings = {
  domain: 'Corp',
  urls: ['ldap://ldap.example.com'],
  user: 'cn=keystone,dc=example,dc=com',
  password: new Secret('secret'),
  suffix: 'dc=example,dc=com',
  trees: {},
  options: {},
  tls: { startTls: false },
  serves: [],
};

const read = (text: string): ConfDocument => parseConf(Buffer.from(text), 'keystone.conf', OSLO_CONFIG);
const write = (doc: ConfDocument): string => formatConf(doc).toString();

function configure(
  texts: readonly [main: string, file: string],
  release: ReleaseName,
  changes: Partial<DomainConfSettings> = {},
): readonly [main: string, file: string] {
  const wanted = { ...settings, ...changes };
  const [main, file] = texts.map(read) as [ConfDocument, ConfDocument];
  const plan = domainConfEdits(main, file, wanted, release);
  const after = [applyEdits(main, plan.main), applyEdits(file, plan.domain)] as const;
  expect(domainConfEdits(...after, wanted, release)).toMatchObject({ main: [], domain: [] });
  return [write(after[0]), write(after[1])];
}

const fileOf = (driver: string, further = '') =>
  `[identity]\ndriver = ${driver}\n\n[ldap]\nurl = ldap://ldap.example.com\nuser = cn=keystone,dc=example,dc=com\n` +
  `password = secret\nsuffix = dc=example,dc=com\n${further}`;

test.each<[ReleaseName, string]>([
  ['2013.2', fileOf('keystone.identity.backends.ldap.Identity', 'user_mail_attribute = mail\n')],
  ['liberty', fileOf('ldap')],
  ['2026.1', fileOf('ldap')],
])('%s: the file is complete in itself, the main one only points to it', (release, file) => {
  expect(configure(['[identity]\n#domain_specific_drivers_enabled = false\n', ''], release)).toEqual([
    '[identity]\n#domain_specific_drivers_enabled = false\ndomain_specific_drivers_enabled = true\n',
    file,
  ]);
});

test('what the main file says about LDAP makes no difference', () => {
  const main = `${fileOf('sql')}user_id_attribute = uid\n`;
  const [, file] = configure([main, ''], 'zed', { options: { user_id_attribute: 'uid' } });
  expect(file).toBe(fileOf('ldap', 'user_id_attribute = uid\n'));
});

test('the directory of the files', () => {
  const mainFor = (configDir: string) => configure(['', ''], 'zed', { configDir })[0];
  expect(mainFor('/etc/keystone/domains')).toBe('[identity]\ndomain_specific_drivers_enabled = true\n');
  expect(mainFor('/srv/domains')).toContain('domain_config_dir = /srv/domains\n');
});

test('files that Keystone does not read are noted', () => {
  const main = read('[identity]\ndomain_configurations_from_database = yes\n');
  const { notes } = domainConfEdits(main, read(''), settings, 'zed');
  expect(notes.map(({ code }) => code)).toEqual(['DOMAIN_FILES_UNUSED']);
  expect(domainConfEdits(main, read(''), settings, '2014.2').notes).toEqual([]);
  const nesting = { ...settings, options: { group_ad_nesting: 'true' } };
  expect(domainConfEdits(main, read(''), nesting, 'zed').notes[0]?.message).toContain(
    'It refuses group_ad_nesting.',
  );
});

describe('names', () => {
  test.each<[string, ReleaseName]>([
    ['Corp', '2013.2'],
    ['corp.example.com', '2014.2'],
    ['Größe 1', 'zed'],
  ])('%s in %s', (domain, release) => {
    expect(domainFileName(domain, release)).toBe(`keystone.${domain}.conf`);
  });

  test.each<[string, ReleaseName, string]>([
    ['Corp', '2013.1', '[identity] domain_config_dir is not read by 2013.1: it came with 2013.2'],
    ['corp.example.com', '2014.1', 'with a dot in its name'],
    ['a/b', 'zed', 'cannot hold "/"'],
    ['', 'zed', 'it has no name'],
    ['é'.repeat(123), 'zed', 'too long'],
  ])('%j in %s is refused', (domain, release, words) => {
    expect(() => domainFileName(domain, release)).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        problems: [expect.objectContaining({ message: expect.stringContaining(words) as string })],
      }),
    );
  });

  test('projects and roles have no place in a domain file', () => {
    expect(() => configure(['', ''], 'liberty', { serves: ['role'] })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
