import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DoctorCase } from '../../../support/doctor/examine.ts';
import { ldapSection, MANAGED, type SoundKeystone } from '../../../support/doctor/sound-keystone.ts';

/** A main file that is in SQL or LDAP, and the files of domains, by their paths in the folder. */
async function domains(
  { conf, dir, server }: SoundKeystone,
  driver: 'sql' | 'ldap',
  files: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const identity = `driver = ${driver}\ndomain_specific_drivers_enabled = true\ndomain_config_dir = ${dir}/domains\n`;
  await writeFile(conf, `[identity]\n${identity}${driver === 'ldap' ? ldapSection(server) : ''}`);
  for (const [path, text = `[identity]\ndriver = ldap\n${ldapSection(server)}`] of Object.entries(files)) {
    await mkdir(dirname(join(dir, 'domains', path)), { recursive: true });
    await writeFile(join(dir, 'domains', path), text, { mode: 0o600 });
  }
}

const askForDomains = ({ conf, dir, server }: SoundKeystone): readonly string[] => [
  ...['--keystone-conf', conf, '--domain-config-dir', join(dir, 'domains')],
  ...['--config-uri', server.ldapiUri],
];

export const FILE_CASES: readonly DoctorCase[] = [
  {
    name: 'keystone.conf that everybody can read',
    breakIt: (_, { conf }) => chmod(conf, 0o644),
    expected: [['CONF_READABLE', 'warning', 'everybody on this machine can read it']],
  },
  {
    name: 'a byte in a comment that Python 3 cannot decode',
    breakIt: (_, { conf }) => appendFile(conf, Buffer.from('# Gr\xfc\xdfe\n', 'latin1')),
    expected: [['CONF_NOT_UTF8', 'error', 'Keystone on Python 3 does not start with it']],
  },
  {
    name: 'a value that Keystone does not start with',
    ldap: { page_size: 'many' },
    expected: [
      [
        'CONF_UNREADABLE_VALUE',
        'error',
        '[ldap] page_size: it is not an integer',
        'with it Keystone does not start',
      ],
    ],
  },
  {
    name: 'an option that this release has not',
    ldap: { tenant_tree_dn: 'ou=x' },
    expected: [['CONF_OPTION', 'warning', 'tenant_tree_dn']],
  },
  {
    name: 'what keystone-manage doctor finds: options without effect',
    ldap: {
      user_enabled_emulation_dn: 'cn=x',
      user_enabled_emulation_use_group_config: 'true',
    },
    expected: [
      ['CONF_OPTION', 'warning', 'user_enabled_emulation_dn is ignored'],
      ['CONF_OPTION', 'warning', 'user_enabled_emulation_use_group_config is ignored'],
    ],
  },
  {
    name: 'a driver that is not LDAP',
    breakIt: (_, { conf }) => writeFile(conf, '[identity]\ndriver = sql\n'),
    expected: [['CONF_BACKENDS', 'error', 'Keystone does not ask the directory']],
  },
  {
    name: 'no folder of domains',
    breakIt: (_, keystone) => domains(keystone, 'ldap', {}),
    expected: [['DOMAIN_DIR_MISSING', 'error', 'there is no such folder']],
  },
  {
    name: 'a file of a domain with another name',
    breakIt: (_, keystone) =>
      domains(keystone, 'sql', { 'keystone.CORP.conf': undefined, 'keystone.CORP.conf.bak': undefined }),
    expected: [['DOMAIN_FILE_NAME', 'warning', 'Keystone passes over it']],
  },
  {
    name: 'a copy of the file of a domain in a folder below',
    breakIt: (_, keystone) =>
      domains(keystone, 'sql', { 'keystone.CORP.conf': undefined, 'old/keystone.CORP.conf': undefined }),
    expected: [['DOMAIN_FILE_TWICE', 'error', 'several files are for it']],
  },
  {
    name: 'a file of a domain that is no configuration',
    breakIt: (_, keystone) =>
      domains(keystone, 'sql', { 'keystone.CORP.conf': undefined, 'keystone.BAD.conf': 'url: x\n' }),
    expected: [['CONF_UNREADABLE_VALUE', 'error', 'before the first [section]']],
  },
  {
    name: 'a value that ends all domains, in the file of one',
    breakIt: (_, keystone) =>
      domains(keystone, 'sql', {
        'keystone.CORP.conf': undefined,
        'keystone.BAD.conf': '[identity]\ndriver = ldap\n[ldap]\nquery_scope = subb\n',
      }),
    expected: [
      [
        'CONF_UNREADABLE_VALUE',
        'error',
        'query_scope',
        'correct it; with it Keystone answers HTTP 500 to every request',
      ],
    ],
  },
  {
    name: 'a file of a domain without a driver of its own',
    breakIt: (_, keystone) =>
      domains(keystone, 'ldap', { 'keystone.CORP.conf': ldapSection(keystone.server) }),
    expected: [['DOMAIN_FILE_DRIVER', 'error', 'so that the domain is in SQL and its [ldap] is not used']],
  },
  {
    name: 'files of domains that Keystone does not read',
    breakIt: async (_, keystone) => {
      await domains(keystone, 'sql', { 'keystone.CORP.conf': undefined });
      await writeFile(keystone.conf, '[identity]\ndriver = sql\n');
    },
    argv: askForDomains,
    expected: [['DOMAIN_FILES_UNUSED', 'error', 'domain_specific_drivers_enabled is off']],
  },
  {
    name: 'files of domains beside configurations in the database',
    breakIt: async (_, keystone) => {
      await domains(keystone, 'sql', { 'keystone.CORP.conf': undefined });
      await appendFile(keystone.conf, 'domain_configurations_from_database = true\n');
    },
    argv: askForDomains,
    expected: [['DOMAIN_FILES_UNUSED', 'error', 'domain_configurations_from_database is on']],
  },
  {
    name: 'files of domains in another folder than Keystone looks into',
    breakIt: async (_, keystone) => {
      await domains(keystone, 'sql', { 'keystone.CORP.conf': undefined });
      await appendFile(keystone.conf, `domain_config_dir = ${keystone.dir}/elsewhere\n`);
    },
    argv: askForDomains,
    expected: [['DOMAIN_FILES_UNUSED', 'error', 'it looks into']],
  },
  {
    name: 'files of domains for a release that has none',
    release: '2013.1',
    breakIt: async (_, { conf, dir }) => {
      await mkdir(join(dir, 'domains'));
      await writeFile(conf, '[identity]\ndriver = keystone.identity.backends.sql.Identity\n');
    },
    argv: askForDomains,
    expected: [
      ['DOMAIN_FILES_UNUSED', 'error', '2013.1 has none'],
      ['CONF_BACKENDS', 'error', 'Keystone does not ask the directory'],
    ],
  },
  {
    name: 'more than one SQL driver',
    breakIt: (_, keystone) =>
      domains(keystone, 'sql', {
        'keystone.CORP.conf': undefined,
        'keystone.OTHER.conf': '[identity]\ndriver = sql\n',
      }),
    expected: [['SQL_DRIVERS', 'error', 'Keystone allows one and answers HTTP 500 to every request']],
  },
  {
    name: 'no account',
    ldap: { user: undefined, password: undefined },
    database: { olcAccess: [MANAGED, 'to attrs=userPassword by anonymous auth by * none', 'to * by * read'] },
    expected: [['ACCOUNT_MISSING', 'warning', 'Keystone binds as nobody']],
  },
  {
    name: 'a default for enabled that is no truth value',
    ldap: { user_enabled_default: '512' },
    expected: [['ENABLED_DEFAULT', 'error', 'it is neither true nor false']],
  },
  {
    name: 'a default for enabled that is no number beside a mask',
    ldap: { user_enabled_attribute: 'departmentNumber', user_enabled_mask: '2' },
    expected: [['ENABLED_DEFAULT', 'error', 'ends in HTTP 500']],
  },
  {
    name: 'a default for enabled that means disabled',
    ldap: {
      user_enabled_attribute: 'departmentNumber',
      user_enabled_mask: '2',
      user_enabled_default: '514',
    },
    expected: [['ENABLED_DEFAULT', 'error', 'it has the bits of user_enabled_mask 2 (']],
  },
];
