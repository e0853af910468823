import { describe, expect, test } from 'vitest';
import { dnKey } from '../../src/directory/dn.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { DEFAULT_RELEASE } from '../../src/releases/find-release.ts';
import { LEGACY_RELEASES } from '../../src/releases/legacy.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { startStockDebian } from '../../src/testing/servers/start-stock-debian.ts';
import { describeLive } from '../support/describe-live.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';

const EXAMPLE = 'dc=example,dc=com';
const ORGANIZATIONAL_UNIT = (name: string) => ({ objectClass: ['organizationalUnit'], ou: [name] });

async function schemaNames({ ldapiUri }: RunningSlapd): Promise<readonly string[]> {
  return Object.keys(await readEntries(ldapiUri, 'cn=schema,cn=config', ['1.1'])).filter((dn) =>
    dn.includes('keystone'),
  );
}

/** Runs the same command line again and expects it to say so and to leave every entry as it is. */
async function expectNothingLeft(server: RunningSlapd, argv: readonly string[], release: string) {
  const before = await changeNumbers(server.ldapiUri, server.suffix);
  expect(await runCliAsAdmin(server, argv)).toEqual({
    exitCode: 0,
    stdout: `Schema and trees of ${release}: already up to date.\n`,
    stderr: '',
  });
  expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
}

describeLive('init', (slapd) => {
  describe.each(LEGACY_RELEASES)('$name', ({ name: release, conf }) => {
    test('fills an empty server over ldapi, and has already up to date then', async () => {
      await using server = await startSandbox({ slapd });
      const argv = ['init', '--release', release, '-H', server.ldapiUri];
      const { exitCode, stdout, stderr } = await runCli(argv);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: '4 added, 0 changed, 0 removed.\n',
      });
      expect(stdout).toMatch(/^\+ cn=keystone,cn=schema,cn=config {2}\(schema keystone\)\n/);
      expect(await readEntries(server.ldapiUri, server.suffix)).toEqual({
        'dc=example,dc=com': {
          objectClass: ['organization', 'dcObject'],
          dc: ['example'],
          o: ['example'],
        },
        'ou=Users,dc=example,dc=com': ORGANIZATIONAL_UNIT('Users'),
        'ou=Groups,dc=example,dc=com': ORGANIZATIONAL_UNIT('Groups'),
      });
      expect(await runCli(['schema', 'diff', release, '-H', server.ldapiUri])).toMatchObject({ exitCode: 0 });
      await expectNothingLeft(server, ['init', '--release', release], release);
    });

    test('fills the server of the Debian package: schema by EXTERNAL, trees by the rootdn', async () => {
      // A release without options for its trees looks below no other suffix than this.
      const suffix = conf.kind === 'legacy' && !conf.treeOptions ? EXAMPLE : `dc=cloud,${EXAMPLE}`;
      await using server = await startStockDebian({ slapd, suffix });
      const argv = ['init', '--release', release];
      expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
      expect(await readEntries(server.ldapiUri, server.suffix)).toMatchObject({
        [suffix]: { objectClass: ['top', 'dcObject', 'organization'] },
        [`ou=Users,${suffix}`]: ORGANIZATIONAL_UNIT('Users'),
        [`ou=Groups,${suffix}`]: ORGANIZATIONAL_UNIT('Groups'),
      });
      expect(await schemaNames(server)).toEqual(['cn={4}keystone,cn=schema,cn=config']);
      await expectNothingLeft(server, argv, release);
    });
  });

  test('reaches cn=config with an identity of its own, over TCP too', async () => {
    await using server = await startSandbox({ slapd });
    const env = {
      KEYSTONE_LDAP_URI: server.uri,
      KEYSTONE_LDAP_BIND_DN: server.bindDn,
      KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
      KEYSTONE_LDAP_CONFIG_BIND_DN: server.configDn,
      KEYSTONE_LDAP_CONFIG_PASSWORD: server.configPassword.reveal(),
    };
    expect(await runCli(['init'], { env })).toMatchObject({ exitCode: 0 });
    expect(await schemaNames(server)).toHaveLength(1);
  });

  test.each([
    ['o=Smith\\, Söhne', ['o=Smith\\, Söhne', 'ou=Users,o=Smith\\, Söhne', 'ou=Groups,o=Smith\\, Söhne']],
    ['o="Smith, Söhne"', ['o=Smith\\, Söhne', 'ou=Users,o=Smith\\, Söhne', 'ou=Groups,o=Smith\\, Söhne']],
    ['c=DE', undefined],
  ])('takes the suffix %s', async (suffix, wanted) => {
    await using server = await startSandbox({ slapd, suffix });
    const argv = ['init', '--release', DEFAULT_RELEASE, '--suffix', suffix];
    const result = await runCliAsAdmin(server, argv);
    if (wanted === undefined) {
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toContain('c=DE is missing, and keystone-ldap cannot tell what kind');
      expect(await schemaNames(server)).toEqual([]);
      return;
    }
    expect(result).toMatchObject({ exitCode: 0 });
    const found = Object.keys(await readEntries(server.ldapiUri, server.suffix));
    expect(found.map(dnKey)).toEqual(wanted.map(dnKey));
    await expectNothingLeft(server, argv, DEFAULT_RELEASE);
  });

  test('makes nested trees, and trees named by ou, o, cn, dc and l', async () => {
    await using server = await startSandbox({ slapd, suffix: 'o=Example' });
    const argv = [
      ...['init', '--release', DEFAULT_RELEASE, '--user-tree-dn', 'OU=People, ou=Cloud,o=example'],
      ...['--tenant-tree-dn', 'cn=Tenants,l=Köln,o=Example', '--role-tree-dn', 'dc=roles,ou=Cloud,o=Example'],
    ];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    const found = await readEntries(server.ldapiUri, server.suffix);
    const byKey = Object.fromEntries(
      Object.entries(found).map(([dn, attributes]) => [dnKey(dn), attributes]),
    );
    expect(byKey).toEqual({
      'o=example': { objectClass: ['organization'], o: [expect.stringMatching(/^example$/i)] },
      'ou=cloud,o=example': ORGANIZATIONAL_UNIT('Cloud'),
      'ou=people,ou=cloud,o=example': ORGANIZATIONAL_UNIT('People'),
      'l=köln,o=example': { objectClass: ['locality'], l: ['Köln'] },
      'cn=tenants,l=köln,o=example': { objectClass: ['organizationalRole'], cn: ['Tenants'] },
      'dc=roles,ou=cloud,o=example': {
        objectClass: ['organization', 'dcObject'],
        dc: ['roles'],
        o: ['roles'],
      },
    });
    await expectNothingLeft(server, argv, DEFAULT_RELEASE);
  });

  test('leaves entries as they are, of whatever class', async () => {
    await using server = await startSandbox({ slapd });
    await using session = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
    const entries = {
      'dc=example,dc=com': { objectClass: ['domain'], dc: ['example'], description: ['ours'] },
      'ou=Users,dc=example,dc=com': {
        objectClass: ['account', 'extensibleObject'],
        uid: ['x'],
        ou: ['Users'],
        description: ['theirs'],
      },
      'cn=someone,ou=Users,dc=example,dc=com': {
        objectClass: ['person'],
        cn: ['someone'],
        sn: ['one'],
      },
    };
    for (const [dn, attributes] of Object.entries(entries)) await session.add({ dn, attributes });
    const before = await readEntries(server.ldapiUri, server.suffix, ['*', 'entryCSN']);
    const argv = ['init', '--release', DEFAULT_RELEASE];
    // Somebody else's directory, where a schema of 2011 would stay for good.
    const refused = await runCliAsAdmin(server, argv);
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain('cn=someone,ou=Users,dc=example,dc=com');
    expect(await schemaNames(server)).toEqual([]);
    const meant = await runCliAsAdmin(server, [...argv, '--allow-other-release']);
    expect(meant).toMatchObject({ exitCode: 0 });
    const { 'ou=Groups,dc=example,dc=com': groups, ...others } = await readEntries(
      server.ldapiUri,
      server.suffix,
      ['*', 'entryCSN'],
    );
    expect(groups).toMatchObject(ORGANIZATIONAL_UNIT('Groups'));
    expect(others).toEqual(before);
  });

  test('refuses a tree outside every database before it writes anything', async () => {
    await using server = await startSandbox({ slapd });
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const { exitCode, stdout, stderr } = await runCliAsAdmin(server, [
      'init',
      '--role-tree-dn',
      'ou=Roles,dc=example,dc=net',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('The role tree ou=Roles,dc=example,dc=net lies in no database of the server.');
    expect(stderr).toContain('dc=example,dc=com');
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });

  test('--dry-run shows the plan and writes nothing', async () => {
    await using server = await startSandbox({ slapd });
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const { exitCode, stdout, stderr } = await runCliAsAdmin(server, [
      'init',
      '--release',
      DEFAULT_RELEASE,
      '--dry-run',
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: '4 to add, 0 to change, 0 to remove; nothing was written (--dry-run).\n',
    });
    expect(stdout).toContain(
      '+ ou=Users,dc=example,dc=com  (user tree)\n    objectClass: organizationalUnit\n    ou: Users\n',
    );
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });

  test('--json is the plan as data, and what became of it', async () => {
    await using server = await startSandbox({ slapd });
    const json = async (...flags: readonly string[]) => {
      const { exitCode, stdout, stderr } = await runCliAsAdmin(server, [
        'init',
        '--release',
        DEFAULT_RELEASE,
        '--json',
        ...flags,
      ]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return JSON.parse(stdout) as unknown;
    };
    const changes = [
      {
        kind: 'add-schema',
        dn: 'cn=keystone,cn=schema,cn=config',
        attributes: { cn: ['keystone'], objectClass: ['olcSchemaConfig'] },
      },
      { kind: 'add-entry', dn: 'dc=example,dc=com', label: 'above the user tree' },
      { kind: 'add-entry', dn: 'ou=Users,dc=example,dc=com', label: 'user tree' },
      {
        kind: 'add-entry',
        dn: 'ou=Groups,dc=example,dc=com',
        label: 'tenant tree',
        attributes: { objectClass: ['organizationalUnit'], ou: ['Groups'] },
      },
    ];
    const plan = { version: 1, command: 'init', changes };
    expect(await json('--dry-run')).toMatchObject({ ...plan, applied: false });
    expect(await json()).toMatchObject({ ...plan, applied: true });
    const nothing = { changes: [], remarks: [] };
    expect(await json()).toEqual({ ...plan, ...nothing, applied: true });
  });
});
