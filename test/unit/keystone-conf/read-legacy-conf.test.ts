import { describe, expect, test } from 'vitest';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import type { LegacyConfStyle } from '../../../src/keystone-conf/legacy/legacy-settings.ts';
import { readLegacyConf, type LegacyConf } from '../../../src/keystone-conf/legacy/read-legacy-conf.ts';

const diablo: LegacyConfStyle = {
  treeOptions: true,
  entryOptions: true,
  interpolation: 'ConfigParser',
  hashOption: 'hash-password',
  defaultTrees: { user: 'ou=Users', tenant: 'ou=Groups', role: 'ou=Groups' },
};
const essex3: LegacyConfStyle = {
  ...diablo,
  treeOptions: false,
  interpolation: 'SafeConfigParser',
  hashOption: undefined,
};

const read = (text: string, style = diablo) =>
  readLegacyConf(parseConf(Buffer.from(text), 'keystone.conf'), style);

const text = `\
[DEFAULT]
backends = keystone.backends.sqlalchemy, keystone.backends.ldap
role_tree_dn = ou=Inherited
[keystone.backends.sqlalchemy]
backend_entities = ['Role',
                    'Token']
[keystone.backends.ldap]
ldap_url = ldapi://%2Frun
ldap_user = cn=Admin
ldap_password = a$$b
user_tree_dn = ou=People
`;

const expected: Omit<LegacyConf, 'password' | 'hashesPasswords'> = {
  url: 'ldapi://%2Frun',
  user: 'cn=Admin',
  trees: { user: 'ou=People', tenant: 'ou=Groups', role: 'ou=Inherited' },
  backends: ['keystone.backends.sqlalchemy', ' keystone.backends.ldap'],
  sqlEntities: ['Role', 'Token'],
  idAttributes: {},
  isDumbAUser: false,
};

function conf(reading: ReturnType<typeof read>): LegacyConf {
  if ('conf' in reading) return reading.conf;
  throw new Error(JSON.stringify(reading.problems));
}

describe('what a release takes from the file', () => {
  test('Diablo', () => {
    const result = conf(read(text));
    expect(result).toMatchObject(expected);
    expect(result.password.reveal()).toBe('a$$b');
    expect(JSON.stringify(result)).not.toContain('a$$b');
  });

  test('essex-3, which reads no trees and leaves $ alone', () => {
    const result = conf(read(text.replaceAll('%', '%%'), essex3));
    expect(result).toMatchObject({ ...expected, trees: diablo.defaultTrees });
    expect(result.password.reveal()).toBe('a$$b');
  });

  test('what the file does not say', () => {
    const short = '[keystone.backends.ldap]\nldap_url = x\nldap_user =\nldap_password = ""\n';
    const result = conf(read(short));
    expect(result).toMatchObject({
      ...{ url: 'x', user: '', trees: diablo.defaultTrees, backends: [] },
      sqlEntities: undefined,
    });
    expect(result.password.reveal()).toBe('');
  });
});

describe('what keeps a release from reading it', () => {
  test.each<[string, string, LegacyConfStyle, [number | undefined, string][]]>([
    [
      'an empty file',
      '',
      diablo,
      [
        [undefined, '[keystone.backends.ldap] ldap_url is missing.'],
        [undefined, '[keystone.backends.ldap] ldap_user is missing.'],
        [undefined, '[keystone.backends.ldap] ldap_password is missing.'],
      ],
    ],
    [
      'a part of the section',
      '[keystone.backends.ldap]\nldap_url = fake://%(test_dir)s\nldap_user = x\n',
      diablo,
      [
        [2, '[keystone.backends.ldap] ldap_url refers to another option.'],
        [1, '[keystone.backends.ldap] ldap_password is missing.'],
      ],
    ],
    [
      'a reference in a tree',
      text.replace('ou=People', '%(x)s'),
      diablo,
      [[11, '[keystone.backends.ldap] user_tree_dn refers to another option.']],
    ],
    [
      'a % that is not doubled',
      text.replaceAll('%', '%%').replace('a$$b', 'a%b'),
      essex3,
      [
        [
          10,
          '[keystone.backends.ldap] ldap_password holds a single "%", with which Keystone does not start: write "%%".',
        ],
      ],
    ],
    [
      'a list that is none',
      text.replace("'Token'", 'Token'),
      diablo,
      [
        [
          6,
          '[keystone.backends.sqlalchemy] backend_entities is not a Python list of names: Only names in quotes and commas may stand here.',
        ],
      ],
    ],
    ['lines without a meaning', 'x = 1\n', diablo, [[1, 'This line stands before the first [section].']]],
  ])('%s', (_, source, style, problems) => {
    const reading = read(source, style);
    expect(reading.problems?.map(({ line, message }) => [line, message])).toEqual(problems);
    expect(reading.problems?.every(({ file }) => file === 'keystone.conf')).toBe(true);
  });
});
