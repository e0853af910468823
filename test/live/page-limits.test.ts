import { beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli, type CliResult } from '../support/run-cli.ts';
import { asManager, seededSandbox } from '../support/seeded-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const ACCOUNT = `cn=keystone,${SUFFIX}`;

interface Limited {
  readonly limit: string;
  readonly pageSize?: number;
}

interface Site {
  readonly conf: string;
  readonly ask: (command: string, ...argv: readonly string[]) => Promise<CliResult>;
}

/** What Keystone 22 does with each was measured with its driver. */
describeLive('limits of the server for pages', (slapd) => {
  let folder: DisposableFolder;

  beforeEach(() => (folder = DisposableFolder.ofTest()));

  async function withSite({ limit, pageSize }: Limited, look: (site: Site) => Promise<void>): Promise<void> {
    const olcLimits = [`dn.exact="${ACCOUNT}" ${limit}`];
    const tuning = { database: { olcLimits } };
    await using server = await seededSandbox('zed', { slapd, seed: false, tuning });
    await using session = await asManager(server);
    const account = { objectClass: ['organizationalRole', 'simpleSecurityObject'], cn: ['keystone'] };
    await session.add({ dn: ACCOUNT, attributes: { ...account, userPassword: ['svc-pw'] } });
    for (const cn of ['ann', 'bob', 'cat', 'dan'])
      await session.add({
        dn: `cn=${cn},ou=Users,${SUFFIX}`,
        attributes: { objectClass: ['inetOrgPerson'], cn: [cn], sn: ['x'], userPassword: ['pw'] },
      });
    const lines = [
      ...['[identity]', 'driver = ldap', '[ldap]', `url = ${server.uri}`, `user = ${ACCOUNT}`],
      ...['password = svc-pw', `suffix = ${SUFFIX}`, 'user_name_attribute = cn'],
      ...(pageSize === undefined ? [] : [`page_size = ${pageSize}`]),
    ];
    const conf = folder.write('keystone.conf', `${lines.join('\n')}\n`);
    const env = {
      ...{ KEYSTONE_LDAP_URI: server.ldapiUri, KEYSTONE_LDAP_LOGIN_PASSWORD: 'pw' },
      ...{ KEYSTONE_LDAP_BIND_DN: server.bindDn, KEYSTONE_LDAP_PASSWORD: server.password.reveal() },
    };
    const ask: Site['ask'] = async (command, ...argv) =>
      await runCli([...command.split(' '), ...argv, '--keystone-conf', conf, '--release', 'zed'], { env });
    await look({ conf, ask });
  }

  const JUDGES = ['doctor --severity error', 'verify', 'init --read-only'];
  const USERS = ['users', 'groups --members', 'login ann'];

  test.each<Limited>([
    { limit: 'size.prtotal=disabled' },
    { limit: 'size.prtotal=3' },
    { limit: 'size.pr=2' },
    { limit: 'size.pr=2', pageSize: 2 },
    { limit: 'size.soft=2 size.hard=100', pageSize: 2 },
  ])('do no harm where Keystone works: %j', async (limited) => {
    await withSite(limited, async ({ ask }) => {
      for (const command of [...JUDGES, ...USERS]) {
        const { exitCode, stdout, stderr } = await ask(command);
        expect({ command, exitCode }, stdout + stderr).toEqual({ command, exitCode: 0 });
      }
      expect((await ask('users')).stdout.trim().split('\n')).toHaveLength(5);
    });
  });

  test.each<Limited>([
    { limit: 'size.prtotal=disabled', pageSize: 2 },
    { limit: 'size.pr=2', pageSize: 3 },
  ])('are an error where page_size asks for such pages: %j', async (limited) => {
    await withSite(limited, async ({ conf, ask }) => {
      for (const command of JUDGES) {
        const { exitCode, stdout } = await ask(command, '--json');
        const { findings } = JSON.parse(stdout) as { findings: Finding[] };
        const errors = findings.filter(({ severity }) => severity === 'error');
        expect({ command, exitCode, codes: errors.map(({ code }) => code) }).toMatchObject({
          exitCode: 1,
          codes: expect.arrayContaining(['LIST_FAILS']) as string[],
        });
        expect(errors[0]?.message).toContain(`${conf}:9: [ldap] page_size = ${limited.pageSize ?? ''}`);
      }
      for (const command of ['users', 'groups']) {
        const { exitCode, stderr } = await ask(command);
        expect({ command, exitCode }).toEqual({ command, exitCode: 2 });
        expect(stderr).toContain('HTTP 500: [ldap] page_size =');
      }
      expect((await ask('login ann')).exitCode).toBe(1);
    });
  });

  test('end every search: an error of the lists', async () => {
    await withSite({ limit: 'size.unchecked=1' }, async ({ ask }) => {
      for (const command of JUDGES) {
        const { exitCode, stdout, stderr } = await ask(command);
        expect({ command, exitCode }, stdout + stderr).toEqual({ command, exitCode: 1 });
        expect(stdout).toContain('LIST_CUT');
      }
    });
  });
});
