import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { machineName } from '../../src/machine-name.ts';
import { newPrivateCa } from '../../src/sandbox/private-ca.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli, type CliResult } from '../support/run-cli.ts';
import { asManager, seededSandbox } from '../support/seeded-sandbox.ts';
import { throwAwayCa } from '../support/throw-away-ca.ts';

const SUFFIX = 'dc=example,dc=com';

type Options = Readonly<Record<string, string | undefined>>;

/** The names in the certificate. */
interface Named {
  readonly name?: string;
  readonly commonName?: string;
}

interface Site {
  readonly server: Sandbox;
  readonly ca: string;
  readonly conf: string;
  /** Where the option is written. */
  readonly place: (option: string) => string;
  readonly ask: (command: string, ...argv: readonly string[]) => Promise<CliResult>;
}

describeLive('settings with which Keystone connects', (slapd) => {
  let folder: DisposableFolder;

  beforeEach(() => (folder = DisposableFolder.ofTest()));

  /** A server with one user, whose certificate is for this name, and a keystone.conf that has it. */
  async function withSite(
    settings: (server: Sandbox, ca: string) => Options | Promise<Options>,
    look: (site: Site) => Promise<void>,
    { name = '127.0.0.1', commonName }: Named = {},
  ): Promise<void> {
    await using authority = await throwAwayCa();
    const { ca } = authority;
    const tls = await authority.issue(name, undefined, commonName);
    await using server = await seededSandbox('zed', { slapd, seed: false, tls });
    await using session = await asManager(server);
    const attributes = { objectClass: ['inetOrgPerson'], cn: ['ann'], sn: ['x'], userPassword: ['pw'] };
    await session.add({ dn: `cn=ann,ou=Users,${SUFFIX}`, attributes });
    const options: Options = {
      ...{ url: server.uri, user: server.bindDn, password: server.password.reveal(), suffix: SUFFIX },
      user_name_attribute: 'cn',
      ...(await settings(server, ca)),
    };
    const written = Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} = ${value}`],
    );
    const lines = ['[identity]', 'driver = ldap', '[ldap]', ...written];
    const conf = folder.write('keystone.conf', `${lines.join('\n')}\n`);
    const env = {
      ...{ KEYSTONE_LDAP_URI: server.ldapiUri, KEYSTONE_LDAP_LOGIN_PASSWORD: 'pw' },
      ...{ KEYSTONE_LDAP_BIND_DN: server.bindDn, KEYSTONE_LDAP_PASSWORD: server.password.reveal() },
    };
    const place = (option: string): string =>
      `${conf}:${lines.findIndex((line) => line.startsWith(`${option} = `)) + 1}`;
    const ask = async (command: string, ...argv: readonly string[]): Promise<CliResult> =>
      await runCli([...command.split(' '), ...argv, '--keystone-conf', conf, '--release', 'zed'], { env });
    await look({ server, ca, conf, place, ask });
  }

  const JUDGES = ['doctor --severity error', 'verify', 'init --read-only'];
  const USERS = ['users', 'groups', 'login ann'];

  async function allFail({ ask, place }: Site, code: Finding['code'], option: string): Promise<void> {
    for (const command of JUDGES) {
      const { exitCode, stdout, stderr } = await ask(command, '--json');
      expect({ command, exitCode, stderr }).toMatchObject({ exitCode: 1 });
      const { findings } = JSON.parse(stdout) as { findings: Finding[] };
      const errors = findings.filter(({ severity }) => severity === 'error');
      expect(errors.map((finding) => finding.code)).toEqual([code]);
    }
    for (const command of USERS) {
      const { exitCode, stderr } = await ask(command);
      expect({ command, exitCode }).toEqual({ command, exitCode: 2 });
      expect(stderr).toContain(`\n  ${place(option)}: [ldap] ${option}`);
    }
  }

  async function allWork({ ask }: Site): Promise<void> {
    for (const command of [...JUDGES, ...USERS]) {
      const { exitCode, stdout, stderr } = await ask(command);
      expect({ command, exitCode }, stdout + stderr).toEqual({ command, exitCode: 0 });
    }
  }

  const CASES: readonly [
    what: string,
    code: Finding['code'],
    option: string,
    Parameters<typeof withSite>[0],
  ][] = [
    [
      'use_tls with ldaps://',
      'TLS_SETTINGS',
      'use_tls',
      ({ ldapsUri }, ca) => ({ url: ldapsUri, use_tls: 'true', tls_cacertfile: ca }),
    ],
    [
      'use_tls with ldapi://',
      'TLS_SETTINGS',
      'use_tls',
      ({ ldapiUri }, ca) => ({ url: ldapiUri, use_tls: 'true', tls_cacertfile: ca }),
    ],
    [
      'a CA file that is missing',
      'TLS_SETTINGS',
      'tls_cacertfile',
      () => ({ use_tls: 'true', tls_cacertfile: join(folder.path, 'missing.pem') }),
    ],
    [
      'a CA file without a certificate',
      'TLS_SETTINGS',
      'tls_cacertfile',
      () => ({ use_tls: 'true', tls_cacertfile: folder.write('empty.pem', '') }),
    ],
    [
      'a CA file that is a folder',
      'TLS_SETTINGS',
      'tls_cacertfile',
      () => ({ use_tls: 'true', tls_cacertfile: folder.path }),
    ],
    [
      'a CA folder that is a file',
      'TLS_SETTINGS',
      'tls_cacertdir',
      (_, ca) => ({ use_tls: 'true', tls_cacertdir: ca }),
    ],
    [
      'a CA of others',
      'CERTIFICATE_UNTRUSTED',
      'tls_cacertfile',
      ({ ldapsUri }) => ({ url: ldapsUri, tls_cacertfile: folder.write('other.pem', newPrivateCa().ca) }),
    ],
    [
      'a folder without the CA',
      'CERTIFICATE_UNTRUSTED',
      'tls_cacertdir',
      async ({ ldapsUri }) => {
        const cas = join(folder.path, 'cas');
        await mkdir(cas);
        return { url: ldapsUri, tls_cacertdir: cas };
      },
    ],
    [
      'an address without a scheme',
      'SERVER_UNREACHABLE',
      'url',
      ({ uri }) => ({ url: uri.replace('ldap://', '') }),
    ],
    [
      'localhost with a certificate for localhost',
      'CERTIFICATE_NAME',
      'url',
      ({ ldapsUri = '' }, ca) => ({ url: atLocalhost(ldapsUri), tls_cacertfile: ca }),
    ],
    [
      'a pool that waits for no answer',
      'CONF_UNREADABLE_VALUE',
      'pool_connection_timeout',
      () => ({ pool_connection_timeout: '0' }),
    ],
  ];

  test.each(CASES)('are a finding of all commands: %s', async (_, code, option, settings) => {
    const named = code === 'CERTIFICATE_NAME' ? { name: 'localhost' } : {};
    await withSite(settings, async (site) => await allFail(site, code, option), named);
  });

  test('work with localhost and a certificate for the name of the machine', async () => {
    await withSite(({ ldapsUri = '' }, ca) => ({ url: atLocalhost(ldapsUri), tls_cacertfile: ca }), allWork, {
      name: await machineName(),
    });
    await withSite(
      ({ uri }, ca) => ({ url: atLocalhost(uri), use_tls: 'true', tls_cacertfile: ca }),
      allWork,
      { name: await machineName() },
    );
  });

  test('work with a common name, whatever other names there are', async () => {
    await withSite(({ ldapsUri }, ca) => ({ url: ldapsUri, tls_cacertfile: ca }), allWork, {
      name: 'ldap.example.com',
      commonName: '127.0.0.1',
    });
  });

  test('are those of keystone.conf alone: --ca-file and -Z are refused', async () => {
    await withSite(
      ({ ldapsUri }) => ({ url: ldapsUri }),
      async (site) => {
        const { exitCode, stderr } = await site.ask('verify', '--ca-file', site.ca, '-ZZ');
        expect(exitCode).toBe(2);
        expect(stderr).toContain('--keystone-conf says what --start-tls, --ca-file would say.');
      },
    );
  });

  test('say nothing of a server that does not answer', async () => {
    await withSite(
      () => ({ url: 'ldap://127.0.0.1:1' }),
      async ({ ask, place }) => {
        const { exitCode, stderr } = await ask('verify');
        expect(exitCode).toBe(2);
        expect(stderr).toContain('nothing listens there');
        expect(stderr).toContain(`correct url (${place('url')})`);
      },
    );
  });
});

function atLocalhost(uri: string): string {
  return uri.replace('127.0.0.1', 'localhost');
}
