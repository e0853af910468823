import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli } from '../support/run-cli.ts';

interface Setting {
  readonly option: string;
  readonly values: readonly string[];
  /** How it is given by name, if it can be. */
  readonly flag?: (value: string) => readonly string[];
  /** The variable that offers another value. */
  readonly variable?: string;
}

const NOWHERE = 'ldap://127.0.0.1:1';
const dns = (rdn: string) => [
  `${rdn},dc=corp`,
  `${rdn}, o=Acme\\, Inc., c=de`,
  `${rdn.toUpperCase()},dc=old`,
];
const valued = (flag: string) => (value: string) => [flag, value];
const mapped = (option: string) => (value: string) => ['--map', `${option}=${value}`];
const map = (option: string, ...values: readonly string[]): Setting => ({
  option,
  values,
  flag: mapped(option),
});

const MODERN: readonly Setting[] = [
  {
    option: 'suffix',
    values: ['dc=corp', 'o=Old'],
    flag: valued('--suffix'),
    variable: 'KEYSTONE_LDAP_SUFFIX',
  },
  { option: 'user_tree_dn', values: dns('ou=People'), flag: valued('--user-tree-dn') },
  { option: 'group_tree_dn', values: dns('ou=Teams'), flag: valued('--group-tree-dn') },
  { option: 'tls_cacertfile', values: ['/etc/ssl/own.pem'], variable: 'KEYSTONE_LDAP_CA_FILE' },
  { option: 'use_tls', values: ['true', 'False'] },
  map('user_objectclass', 'posixAccount', 'person'),
  map('user_id_attribute', 'uid', 'mail'),
  map('user_filter', '(o=a b)', '(!(uid=x))'),
  map('user_mail_attribute', 'rfc822Mailbox', 'mail'),
  map('user_enabled_attribute', 'employeeType'),
  map('user_enabled_emulation', 'false', 'True'),
  map('user_enabled_emulation_dn', 'cn=on,dc=corp'),
  map('group_member_attribute', 'uniqueMember'),
  map('query_scope', 'sub', 'one'),
  { option: 'page_size', values: ['100', '0'] },
];

const LEGACY: readonly Setting[] = ['user', 'tenant', 'role'].map((kind) => ({
  option: `${kind}_tree_dn`,
  values: dns('ou=Own'),
  flag: valued(`--${kind}-tree-dn`),
}));

/** Releases from Essex on, and which of these options they do not read. */
const NOT_READ: Readonly<Record<string, RegExp | undefined>> = {
  '2012.2': /enabled|^group_|tls|page/,
  '2013.1.2': /tls/,
  '2014.2': undefined,
  liberty: undefined,
  zed: undefined,
  '2026.1': undefined,
};

const GENERATIONS = [
  { release: '2011.3', section: 'keystone.backends.ldap', prefix: 'ldap_', settings: LEGACY },
  ...Object.entries(NOT_READ).map(([release, unread]) => ({
    ...{ release, section: 'ldap', prefix: '' },
    settings: MODERN.filter(({ option }) => unread?.test(option) !== true),
  })),
];

/** Where a setting stands: in the file, in the environment, on the command line; each perhaps, and with its own value. */
const placed = ({ values }: Setting) =>
  fc.record({
    inFile: fc.option(fc.constantFrom(...values), { freq: 2, nil: undefined }),
    offered: fc.option(fc.constantFrom(...values, 'dc=else'), { nil: undefined }),
    given: fc.option(fc.constantFrom(...values), { freq: 4, nil: undefined }),
    comment: fc.boolean(),
  });

const DRIVER = {
  modern: '[identity]\n# theirs\ndriver = DRIVER\n\n',
  legacy: '[DEFAULT]\nbackends = BACKENDS\n\n',
};

test.each(GENERATIONS)(
  '$release: configure leaves every setting that nobody names, and says which the environment has otherwise',
  { timeout: 120_000 },
  async ({ release, section, prefix, settings }) => {
    const folder = DisposableFolder.ofTest();
    let number = 0;
    const arbitrary = fc.record({
      places: fc.tuple(...settings.map(placed)),
      hasAccount: fc.boolean(),
      url: fc.option(fc.constant(`${NOWHERE},ldap://127.0.0.1:2`), { nil: undefined }),
      isUsed: fc.boolean(),
      eol: fc.constantFrom('\n', '\r\n'),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ places, hasAccount, url, isUsed, eol }) => {
        const lines = settings.flatMap(({ option }, at) => {
          const { inFile, comment } = places[at] ?? {};
          if (inFile === undefined) return [];
          return [...(comment === true ? [`# about ${option}`] : []), `${option} = ${inFile}`];
        });
        const account = hasAccount ? [`${prefix}user = cn=own,dc=corp`, `${prefix}password = own-pw`] : [];
        const urls = url === undefined || prefix !== '' ? [] : [`${prefix}url = ${url}`];
        const driver =
          prefix === ''
            ? DRIVER.modern.replace('DRIVER', isUsed ? driverOf(release) : 'sql')
            : DRIVER.legacy.replace(
                'BACKENDS',
                `keystone.backends.sqlalchemy${isUsed ? ',keystone.backends.ldap' : ''}`,
              );
        const text = (driver + [`[${section}]`, ...urls, ...account, ...lines, ''].join('\n')).replaceAll(
          '\n',
          eol,
        );
        number += 1;
        const conf = folder.write(`${number}.conf`, text);
        const flags = settings.flatMap(({ flag }, at) => {
          const given = places[at]?.given;
          return given === undefined || flag === undefined ? [] : flag(given);
        });
        const env = Object.fromEntries([
          ['KEYSTONE_LDAP_URI', NOWHERE],
          ['KEYSTONE_LDAP_BIND_DN', 'cn=admin,dc=env'],
          ['KEYSTONE_LDAP_PASSWORD', 'env-pw'],
          ['KEYSTONE_LDAP_SUFFIX', 'dc=env'],
          ...settings.flatMap(({ variable }, at) => {
            const offered = places[at]?.offered;
            return variable === undefined || offered === undefined ? [] : [[variable, offered]];
          }),
        ]) as Record<string, string>;
        const argv = [
          'configure',
          '--release',
          release,
          '--keystone-conf',
          conf,
          '--no-backup',
          '--no-journal',
        ];
        const { exitCode, stdout, stderr } = await runCli([...argv, ...flags], { env });
        const after = await readFile(conf, 'utf8');
        if (exitCode === 2) {
          // Settings that this release cannot have together are refused, and nothing is written.
          expect(after).toBe(text);
          fc.pre(false);
        }
        const own = [...settings, ...(hasAccount ? ACCOUNT : [])];
        for (const [at, { option, flag, variable }] of own.entries()) {
          const name = at < settings.length ? option : `${prefix}${option}`;
          const line = text.split(eol).find((one) => one.startsWith(`${name} = `));
          const { given } = places[at] ?? {};
          if (line === undefined || (given !== undefined && flag !== undefined)) continue;
          expect(after.split(eol), `${name}\n${stdout}${stderr}`).toContain(line);
          const offered = variable === undefined ? undefined : env[variable];
          const value = line.slice(name.length + 3);
          if (offered !== undefined && offered !== value && option !== 'password')
            expect(stderr).toContain(`${name} stays ${value}; ${variable ?? ''} is ${offered}.`);
        }
        for (const line of text.split(eol).filter((one) => one.startsWith('#')))
          expect(after).toContain(line);
      }),
      { numRuns: 20, seed: 20260 },
    );
  },
);

const ACCOUNT: readonly Setting[] = [
  { option: 'user', values: [], variable: 'KEYSTONE_LDAP_BIND_DN' },
  { option: 'password', values: [], variable: 'KEYSTONE_LDAP_PASSWORD' },
];

function driverOf(release: string): string {
  return /^201[2-5]/.test(release) ? 'keystone.identity.backends.ldap.Identity' : 'ldap';
}
