import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin, type CliResult } from '../support/run-cli.ts';
import { accountOf, initWith, SERVICE_PASSWORD } from '../support/service-account.ts';

const BASE = 'dc=example,dc=com';
const DUMB = 'cn=dumb,dc=nonexistent';

const IDENTITIES = `
domains:
  - { name: Corp, id: c0ffee, description: The company }
  - { name: Old, enabled: false }
tenants: [{ name: lab, domain: Corp }, office]
users:
  - { name: alice, password: one, domain: Corp, tenant: lab }
  - { name: bob, password: two }
  - { name: eve, password: three, domain: Old }
groups: [{ name: ops, domain: Corp, members: [alice] }]
roles: [Admin]
grants: [{ role: Admin, user: alice, tenant: lab }]
`;

async function modify(server: Sandbox, dn: string, values: readonly string[]): Promise<void> {
  await using session = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
  const attribute = 'businessCategory';
  await session.modify(dn, [{ operation: 'replace', attribute, values: [...values] }]);
}

describeLive('domains in LDAP, which 2013.1 and 2013.1.1 keep there', (slapd) => {
  let server: Sandbox;
  let conf: string;
  let file: string;
  const folder = new DisposableFolder();

  const run = async (argv: readonly string[], env = {}): Promise<CliResult> =>
    await runCliAsAdmin(server, argv, { env: { KEYSTONE_LDAP_RELEASE: '2013.1.1', ...env } });

  const findings = async (): Promise<readonly string[]> => {
    const { stdout } = await run(['verify', '--keystone-conf', conf, '--file', file, '--json']);
    const verdict = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    return verdict.findings.map(({ code, subject }) => `${code} ${subject}`);
  };

  const commands = (): readonly (readonly string[])[] => [
    ['init'],
    ['seed', '--file', file],
    ['configure', '--keystone-conf', conf],
  ];

  beforeAll(async () => {
    server = await startSandbox({ slapd });
    conf = folder.write('keystone.conf', '[DEFAULT]\ndebug = true\n');
    file = folder.write('identities.yaml', IDENTITIES);
    for (const command of commands())
      expect(await run(command), command.join(' ')).toMatchObject({ exitCode: 0 });
  });
  afterAll(async () => {
    folder[Symbol.dispose]();
    await server.stop();
  });

  test('are entries with an id, a name and a description, of which a group says who is enabled', async () => {
    const tree = await readEntries(server.ldapiUri, `ou=Domains,${BASE}`);
    const groupOfNames = { objectClass: ['groupOfNames'], member: [DUMB] };
    expect(tree).toEqual({
      [`ou=Domains,${BASE}`]: { objectClass: ['organizationalUnit'], ou: ['Domains'] },
      [`cn=default,ou=Domains,${BASE}`]: { ...groupOfNames, cn: ['default'], ou: ['Default'] },
      [`cn=c0ffee,ou=Domains,${BASE}`]: {
        ...groupOfNames,
        cn: ['c0ffee'],
        ou: ['Corp'],
        description: ['The company'],
      },
      [`cn=Old,ou=Domains,${BASE}`]: { ...groupOfNames, cn: ['Old'], ou: ['Old'] },
      [`cn=enabled_domains,ou=Domains,${BASE}`]: {
        objectClass: ['groupOfNames'],
        cn: ['enabled_domains'],
        member: [`cn=default,ou=Domains,${BASE}`, DUMB, `cn=c0ffee,ou=Domains,${BASE}`],
      },
    });
  });

  test('are known to users, groups and tenants by their ids', async () => {
    const tree = await readEntries(server.ldapiUri, BASE, ['businessCategory']);
    const found = Object.entries(tree).flatMap(([dn, { businessCategory }]) =>
      businessCategory === undefined ? [] : [[dn.split(',', 1)[0], ...businessCategory]],
    );
    expect(Object.fromEntries(found)).toEqual({
      'cn=lab': 'c0ffee',
      'cn=office': 'default',
      'cn=alice': 'c0ffee',
      'cn=bob': 'default',
      'cn=eve': 'Old',
      'cn=ops': 'c0ffee',
    });
  });

  test('are found by what configure wrote, and nothing is left to do', async () => {
    expect(await findings()).toEqual([]);
    const before = await changeNumbers(server.ldapiUri, BASE);
    for (const command of commands()) expect((await run(command)).stdout).toMatch(/already up to date/i);
    expect(await changeNumbers(server.ldapiUri, BASE)).toEqual(before);
  });

  test.each([
    ['alice', 'one', undefined],
    ['bob', 'two', undefined],
    ['eve', 'three', 'the domain Old is disabled'],
  ])('%s logs in unless the domain is disabled', async (user, password, refusal) => {
    const argv = ['verify', '--keystone-conf', conf, '--no-sample', '--login', user, '--json'];
    const { stdout } = await run(argv, { KEYSTONE_LDAP_LOGIN_PASSWORD: password });
    const { login } = JSON.parse(stdout) as { readonly login: { readonly refusal?: string } };
    expect(login.refusal).toBe(refusal);
  });

  test.each([
    ['another', ['default']],
    ['no', []],
  ])('with %s domain a user is found, and mended', async (_, values) => {
    await modify(server, `cn=alice,ou=Users,${BASE}`, values);
    expect(await findings()).toEqual(['DOMAIN_DIFFERS user alice']);
    expect(await run(['seed', '--file', file])).toMatchObject({ exitCode: 0 });
    expect(await findings()).toEqual([]);
  });

  test('are missed, the default one as well', async () => {
    await using bare = await startSandbox({ slapd });
    const argv = ['verify', '--sample', '--release', '2013.1', '--json'];
    expect(await runCliAsAdmin(bare, ['init', '--release', '2013.1'])).toMatchObject({ exitCode: 0 });
    const { stdout } = await runCliAsAdmin(bare, argv);
    const verdict = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    expect(verdict.findings.map(({ code, subject }) => `${code} ${subject}`)).toContain(
      'DOMAIN_MISSING domain Default',
    );
  });

  test('lie below a tree of their own choice', async () => {
    await using other = await startSandbox({ slapd });
    const tree = ['--domain-tree-dn', `ou=Realms,${BASE}`];
    const own = folder.write('own.conf', '[DEFAULT]\n');
    for (const argv of [
      ['init', ...tree],
      ['seed', ...tree, '--file', file],
      ['configure', ...tree, '--keystone-conf', own],
      ['verify', '--keystone-conf', own, '--file', file],
    ])
      expect(await runCliAsAdmin(other, [...argv, '--release', '2013.1']), argv[0]).toMatchObject({
        exitCode: 0,
      });
    expect(Object.keys(await readEntries(other.ldapiUri, `ou=Realms,${BASE}`))).toHaveLength(5);
  });

  test('are read by the account that init makes for Keystone', async () => {
    await using other = await startSandbox({
      slapd,
      tuning: { database: { olcAccess: ['to * by * none'] } },
    });
    const made = await initWith(other, '--release', '2013.1', '--access-conflicts', 'override');
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    const release = ['--release', '2013.1'];
    expect(await runCliAsAdmin(other, ['seed', ...release, '--file', file])).toMatchObject({ exitCode: 0 });
    const env = {
      KEYSTONE_LDAP_URI: other.uri,
      KEYSTONE_LDAP_BIND_DN: accountOf(other),
      KEYSTONE_LDAP_PASSWORD: SERVICE_PASSWORD,
      KEYSTONE_LDAP_SUFFIX: BASE,
    };
    const { stdout } = await runCli(['verify', ...release, '--file', file, '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, findings: [] });
  });

  describe.each([
    ['grizzly', []],
    ['2015.1', []],
    ['zed', []],
    ['2011.3', ['--allow-other-release']],
  ])('%s keeps none in LDAP', (release, more) => {
    test('and refuses a user in one before anything is written', async () => {
      const argv = ['seed', '--release', release, ...more, '--file', file, '--suffix', `ou=none,${BASE}`];
      const { exitCode, stdout, stderr } = await run(argv);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain('user "alice" cannot be in domain "Corp"');
    });

    test('and has no tree for them', async () => {
      const argv = ['seed', '--release', release, '--domain-tree-dn', `ou=Domains,${BASE}`];
      const { exitCode, stderr } = await run(argv);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('keeps no domains in LDAP: leave out --domain-tree-dn');
    });
  });
});
