import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { LEGACY_RELEASES } from '../../src/releases/legacy.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startStockDebian } from '../../src/testing/servers/start-stock-debian.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { scriptedAsker } from '../support/scripted-asker.ts';
import { asManager, seededSandbox } from '../support/seeded-sandbox.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const USERS = 'ou=Users,dc=example,dc=com';
const GROUPS = 'ou=Groups,dc=example,dc=com';

/** A keystone.conf as `configure` leaves it. */
async function configured(server: RunningSlapd, shipped: string, release = shipped): Promise<string> {
  const path = join(DisposableFolder.ofTest().path, 'keystone.conf');
  await copyFile(packageFile(`fixtures/keystone-conf/${shipped}.conf`), path);
  const argv = ['configure', '--keystone-conf', path, '--release', release, '--no-backup'];
  expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
  return path;
}

describeLive('verify', (slapd) => {
  describe.each(LEGACY_RELEASES)('$name', ({ name: release, title }) => {
    const kinds = ['2012-01-20', 'essex-3'].includes(release)
      ? '4 tenants, 7 users, 5 roles, 8 grants'
      : undefined;

    test('finds nothing on a seeded server, from flags and from keystone.conf, and writes nothing', async () => {
      await using server = await seededSandbox(release, { slapd });
      const before = await changeNumbers(server.ldapiUri, server.suffix);
      const expected = kinds ?? '3 tenants, 5 users, 3 roles, 5 grants';
      const stdout = `${title} finds what it needs: schema, trees, ${expected}.\n`;
      expect(await runCliAsAdmin(server, ['verify', '--release', release, '--sample'])).toEqual({
        exitCode: 0,
        stdout,
        stderr: '',
      });
      const conf = await configured(server, release);
      expect(await runCli(['verify', '--release', release, '--sample', '--keystone-conf', conf])).toEqual({
        exitCode: 0,
        stdout,
        stderr: '',
      });
      expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
    });
  });

  test('takes of several files what the later one says', async () => {
    await using server = await seededSandbox('2012.1', { slapd });
    const conf = await configured(server, 'modern', '2012.1');
    const elsewhere = join(DisposableFolder.ofTest().path, 'elsewhere.conf');
    await writeFile(elsewhere, '[ldap]\nuser_tree_dn = ou=Nowhere,dc=example,dc=com\n');
    const argv = ['verify', '--release', '2012.1', '--keystone-conf'];
    const right = await runCli([...argv, elsewhere, '--keystone-conf', conf]);
    expect(right).toMatchObject({ exitCode: 0, stderr: '' });
    const wrong = await runCli([...argv, conf, '--keystone-conf', elsewhere]);
    expect(wrong).toMatchObject({ exitCode: 1, stderr: '' });
    expect(wrong.stdout).toContain('user tree ou=Nowhere,dc=example,dc=com');
  });

  test('takes the suffix, the trees and the release from keystone.conf of another server', async () => {
    await using server = await startStockDebian({ slapd, suffix: 'dc=cloud,dc=example,dc=org' });
    await runCliAsAdmin(server, ['init', '--release', 'blog']);
    await runCliAsAdmin(server, ['seed', '--release', 'blog']);
    const conf = await configured(server, 'blog');
    const { exitCode, stdout, stderr } = await runCli(['verify', '--keystone-conf', conf]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `${conf} is of blog (admin_port = 5001, no hash-password); taking blog.\n`,
    });
    expect(stdout).toContain('Keystone of 12 August 2011');
  });

  test('without identities counts whom Keystone lists, and asks for at least one', async () => {
    await using server = await seededSandbox('2011.3', { slapd, seed: false });
    const { exitCode, stdout } = await runCliAsAdmin(server, ['verify']);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('error TOO_FEW_USERS  users below ou=Users') as string,
    });
    expect(await runCliAsAdmin(server, ['verify', '--min-users', '0'])).toMatchObject({
      exitCode: 0,
      stdout: 'Keystone 2011.3 (Diablo) finds what it needs: schema, trees. It lists 0 users.\n',
    });
    await using seeded = await seededSandbox('2011.3', { slapd });
    expect(await runCliAsAdmin(seeded, ['verify'])).toMatchObject({
      exitCode: 0,
      stdout: 'Keystone 2011.3 (Diablo) finds what it needs: schema, trees. It lists 5 users (4 enabled).\n',
    });
    expect(await runCliAsAdmin(seeded, ['verify', '--min-users', '6'])).toMatchObject({ exitCode: 1 });
  });

  test('--file asks for identities of your own', async () => {
    await using server = await seededSandbox('2011.3', { slapd, seed: false });
    const file = packageFile('fixtures/identities-example.yaml');
    expect(await runCliAsAdmin(server, ['seed', '--file', file])).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await runCliAsAdmin(server, ['verify', '--file', file]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Keystone 2011\.3 \(Diablo\) finds what it needs: schema, trees, \d+ tenants, /);
    expect(await runCliAsAdmin(server, ['verify', '--sample'])).toMatchObject({ exitCode: 1 });
  });

  test('--json is the verdict as data', async () => {
    await using server = await seededSandbox('2011.3', { slapd });
    const checked = { tenants: 3, users: 5, roles: 3, grants: 5 };
    const seen = { users: 5, enabled: 4 };
    const shape = { version: 1, command: 'verify', release: '2011.3', checked, seen };
    const clean = await runCliAsAdmin(server, ['verify', '--sample', '--json']);
    expect(JSON.parse(clean.stdout)).toEqual({ ...shape, ok: true, findings: [] });
    await using session = await asManager(server);
    await session.delete(`cn=project-y,${GROUPS}`);
    const broken = await runCliAsAdmin(server, ['verify', '--sample', '--json']);
    expect(broken.exitCode).toBe(1);
    expect(JSON.parse(broken.stdout)).toEqual({
      ...shape,
      ok: false,
      findings: [
        {
          code: 'TENANT_MISSING',
          severity: 'error',
          subject: 'tenant project-y',
          message: 'Keystone does not find it',
          remedy: `Run "keystone-ldap seed -H ${server.uri}" with the same options.`,
        },
      ],
    });
    const words = await runCliAsAdmin(server, ['verify', '--sample']);
    expect(words).toEqual({
      exitCode: 1,
      stdout: `error TENANT_MISSING  tenant project-y
    Keystone does not find it
    remedy: Run "keystone-ldap seed -H ${server.uri}" with the same options.
Keystone 2011.3 (Diablo): 1 error.
`,
      stderr: 'Assuming 2011.3: the server has its schema, and no other entries (override with --release).\n',
    });
  });

  describe('could not', () => {
    test.each([
      [['-H', 'ldap://127.0.0.1:1', '-x'], 'Cannot'],
      [['--release', 'essex-9', '-H', 'ldap://127.0.0.1:1'], 'Did you mean "essex-1"?'],
      [['--keystone-conf', '/nonexistent/keystone.conf'], 'there is no such file'],
      [
        ['--release', '2011.3', '-H', 'ldap://127.0.0.1:1', '-x', '--file', '/nonexistent.yaml'],
        'there is no such file',
      ],
    ])('%j', async (argv, text) => {
      const { exitCode, stdout, stderr } = await runCli(['verify', ...argv]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(text);
    });

    test.each([
      [['-H', 'ldap://x'], '--uri'],
      [['-D', 'cn=x', '-W', '--suffix', 'dc=x'], '--bind-dn, --prompt-password, --suffix'],
      [['--role-tree-dn', 'ou=x'], '--role-tree-dn'],
    ])('--keystone-conf together with %j', async (argv, flags) => {
      const conf = packageFile('fixtures/keystone-conf/2011.3.conf');
      const { exitCode, stdout, stderr } = await runCli([
        'verify',
        '--keystone-conf',
        conf,
        ...argv,
        '--json',
      ]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`--keystone-conf says what ${flags} would say.`);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'USAGE' } });
    });

    test('a connection of the environment does not contradict keystone.conf', async () => {
      await using server = await seededSandbox('2011.3', { slapd });
      const conf = await configured(server, '2011.3');
      const env = { KEYSTONE_LDAP_URI: 'ldap://127.0.0.1:1', KEYSTONE_LDAP_SUFFIX: 'dc=other' };
      expect(await runCli(['verify', '--keystone-conf', conf], { env })).toMatchObject({ exitCode: 0 });
    });
  });

  describe('--login', () => {
    /** Runs `verify --login`, as the rootdn unless told, and gives the exit code and the login as data. */
    async function login(server: RunningSlapd, release: string, user: string, password: string) {
      const env = { ...adminEnv(server), KEYSTONE_LDAP_LOGIN_PASSWORD: password };
      const argv = ['verify', '--json', '--release', release, '--login', user];
      const { exitCode, stdout, stderr } = await runCli(argv, { env });
      if (password !== '') expect(stdout + stderr).not.toContain(password);
      return { exitCode, ...(JSON.parse(stdout) as object) };
    }

    const adminEnv = (server: RunningSlapd) => ({
      KEYSTONE_LDAP_URI: server.uri,
      KEYSTONE_LDAP_BIND_DN: server.bindDn,
      KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
    });

    const refusal = (user: string, text: string) => ({
      exitCode: 1,
      ok: false,
      findings: [
        {
          code: 'LOGIN_FAILS',
          severity: 'error',
          subject: expect.stringContaining(`user ${user}`) as string,
          message: `Keystone refuses the login: ${text}`,
        },
      ],
      login: { user, refusal: text },
    });

    test.each([
      [
        'blog',
        `Keystone logs joeadmin in as cn=joeadmin,${USERS}
    tenant 1234 (default): Admin
`,
      ],
      [
        '2011.3',
        `Keystone logs joeadmin in as uid=joeadmin,${USERS}
    tenant customer-x (default): Admin
    tenant ANOTHER:TENANT: Admin
`,
      ],
      [
        'essex-1',
        `Keystone logs joeadmin in as uid=UUID,${USERS}
    tenant customer-x (default): Admin
    tenant ANOTHER:TENANT: Admin
`,
      ],
      [
        'essex-3',
        `Keystone logs joeadmin in as uid=UUID,${USERS}
    tenant customer-x (default): Admin
    tenant ANOTHER:TENANT: Admin
`,
      ],
    ])('%s: shows tenants and roles, by whatever the release checks', async (release, shown) => {
      await using server = await seededSandbox(release, { slapd });
      const env = { ...adminEnv(server), KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete' };
      const argv = ['verify', '--release', release, '--login', 'joeadmin'];
      const { exitCode, stdout, stderr } = await runCli(argv, { env });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/, 'UUID')).toContain(shown);
      expect(await login(server, release, 'admin', 'secrete')).toMatchObject({
        exitCode: 0,
        ok: true,
        login: { user: 'admin', globalRoles: ['Admin'] },
      });
    });

    test.each(LEGACY_RELEASES.map(({ name }) => name))('%s: refuses as the release does', async (release) => {
      await using server = await seededSandbox(release, { slapd });
      const cases = [
        ['joeuser', 'wrong-7301', 'wrong password'],
        ['joeuser', 'secrete ', 'wrong password'],
        ['joeuser', 'SECRETE', 'wrong password'],
        ['joeuser', '', 'the password is empty'],
        ['nobody', 'secrete', 'there is no such user'],
        ['*', 'secrete', 'there is no such user'],
        [`joeuser,${USERS}`, 'secrete', 'there is no such user'],
        ['disabled', 'secrete', 'the user is disabled'],
        ['disabled', 'wrong-7301', 'the user is disabled'],
      ] as const;
      for (const [user, password, text] of cases)
        expect(await login(server, release, user, password)).toMatchObject(refusal(user, text));
    });

    test('tells disabled tenants', async () => {
      await using server = await seededSandbox('2011.3', { slapd });
      await using session = await asManager(server);
      const dn = `cn=customer-x,${GROUPS}`;
      await session.modify(dn, [{ operation: 'replace', attribute: 'keystoneEnabled', values: ['FALSE'] }]);
      const env = { ...adminEnv(server), KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete' };
      const { stdout } = await runCli(['verify', '--login', 'joeuser'], { env });
      expect(stdout).toContain('    tenant customer-x (default, disabled): Member\n');
    });

    test('a role that is granted and was deleted breaks the login', async () => {
      await using server = await seededSandbox('2011.3', { slapd });
      await using session = await asManager(server);
      await session.delete(`cn=Member,${GROUPS}`);
      const text = `role Member is granted but does not exist as cn=Member,${GROUPS} (HTTP 500)`;
      const refused = refusal('joeuser', text);
      expect(await login(server, '2011.3', 'joeuser', 'secrete')).toMatchObject({
        ...refused,
        findings: [{ code: 'ROLE_ENTRY_MISSING', severity: 'error' }, ...refused.findings],
      });
    });

    test.each([
      ['2011.3', `uid=joeuser,${USERS}`, [], 'the user has no password (HTTP 500)', []],
      [
        '2011.3',
        `uid=joeuser,${USERS}`,
        ['secrete'],
        'the first userPassword is not a bare $6$ hash (HTTP 500)',
        [{ code: 'PASSWORD_FORM', severity: 'error' }],
      ],
      ['blog', `cn=joeuser,${USERS}`, [], 'wrong password', []],
    ])('%s: the stored password of %s is %j', async (release, dn, values, text, others) => {
      await using server = await seededSandbox(release, { slapd });
      await using session = await asManager(server);
      await session.modify(dn, [{ operation: 'replace', attribute: 'userPassword', values }]);
      const refused = refusal('joeuser', text);
      const findings = [...others, ...refused.findings];
      expect(await login(server, release, 'joeuser', 'secrete')).toMatchObject({ ...refused, findings });
    });

    test('blog: the server may hash what it stores', async () => {
      await using server = await seededSandbox('blog', { slapd });
      await using session = await asManager(server);
      const values = [sshaPassword(new Secret('secrete'))];
      await session.modify(`cn=joeuser,${USERS}`, [
        { operation: 'replace', attribute: 'userPassword', values },
      ]);
      expect(await login(server, 'blog', 'joeuser', 'secrete')).toMatchObject({ exitCode: 0 });
    });

    test('takes the password from a file, the environment or a prompt, and names the flag without any', async () => {
      await using server = await seededSandbox('2011.3', { slapd });
      const file = join(DisposableFolder.ofTest().path, 'pw');
      await writeFile(file, 'secrete\n');
      const argv = ['verify', '--login', 'joeuser'];
      const env = adminEnv(server);
      expect(await runCli([...argv, '--login-password-file', file], { env })).toMatchObject({ exitCode: 0 });
      expect(await runCli(argv, { env: { ...env, KEYSTONE_LDAP_LOGIN_PASSWORD_FILE: file } })).toMatchObject({
        exitCode: 0,
      });
      const { asker, asked } = scriptedAsker(['secrete']);
      expect(await runCli(argv, { env, asker })).toMatchObject({ exitCode: 0 });
      expect(asked).toEqual(['Password of joeuser:']);
      for (const more of [[], ['--no-input']]) {
        const missing = await runCli([...argv, ...more], more.length > 0 ? { env, asker } : { env });
        expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
        expect(missing.stderr).toContain('error: The password of joeuser is missing.');
        expect(missing.stderr).toContain('--login-password-file');
      }
    });
  });
});
