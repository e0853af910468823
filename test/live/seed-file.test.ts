import { describe, expect, test } from 'vitest';
import { dnKey } from '../../src/directory/dn.ts';
import type { NewAttributes } from '../../src/directory/entry.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { verifySha512Crypt } from '../../src/identities/passwords/password-hash.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin, type CliResult } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const GROUPS = 'ou=Groups,dc=example,dc=com';
const USERS = 'ou=Users,dc=example,dc=com';

async function add({ ldapiUri }: RunningSlapd, dn: string, attributes: NewAttributes): Promise<void> {
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  await session.add({ dn, attributes });
}

/** Runs the command line and expects that it is refused before anything is written. */
async function refusalOf(server: RunningSlapd, argv: readonly string[]): Promise<string> {
  const before = await changeNumbers(server.ldapiUri, server.suffix);
  const { exitCode, stdout, stderr } = await runCliAsAdmin(server, argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  return stderr;
}

async function seed(server: RunningSlapd, argv: readonly string[], env = {}): Promise<CliResult> {
  const result = await runCliAsAdmin(server, ['seed', ...argv], { env });
  expect(result).toMatchObject({ exitCode: 0 });
  return result;
}

describeLive('seed --file', (slapd) => {
  test('reads several files as one, with passwords from files and from the environment', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    folder.write('alice.pw', "it's a long one \n");
    const users = folder.write(
      'users.yaml',
      [
        'users:',
        '  - { name: alice, tenant: lab, email: alice@example.com, password_file: alice.pw }',
        '  - { name: bob, password_env: BOBS_PASSWORD }',
        '  - { name: carol, enabled: false }',
      ].join('\n'),
    );
    const rest = folder.write(
      'rest.yaml',
      [
        'tenants:',
        '  - { name: lab, description: The laboratory }',
        '  - { name: office, members: [bob] }',
        'roles: [Admin, { name: nova, service: 3, description: Bound }]',
        'grants:',
        '  - { role: Admin, user: bob, tenant: lab }',
        '  - { role: Admin, user: alice, tenant: lab }',
        '  - { role: Admin, user: bob }',
      ].join('\n'),
    );
    const argv = ['--file', users, '--file', rest];
    const env = { BOBS_PASSWORD: 'p@ss wörd' };
    const { stderr } = await seed(server, argv, env);
    expect(stderr).toContain('8 added, 0 changed, 0 removed.');
    expect(stderr).toContain('user "carol" has no password');
    expect(stderr).not.toContain('SQL');
    const tree = await readEntries(server.ldapiUri, server.suffix);
    expect(tree[`uid=alice,${USERS}`]).toEqual({
      objectClass: ['keystoneUidObject', 'keystoneUser'],
      uid: ['alice'],
      keystoneEnabled: ['TRUE'],
      mail: ['alice@example.com'],
      userPassword: [expect.stringMatching(/^\$6\$rounds=40000\$/)],
    });
    expect(tree[`uid=carol,${USERS}`]).toEqual({
      objectClass: ['keystoneUidObject', 'keystoneUser'],
      uid: ['carol'],
      keystoneEnabled: ['FALSE'],
    });
    expect(tree[`cn=lab,${GROUPS}`]).toMatchObject({
      description: ['The laboratory'],
      member: ['cn=dumb,dc=nonexistent', `uid=alice,${USERS}`],
    });
    expect(tree[`cn=office,${GROUPS}`]?.['member']).toEqual(['cn=dumb,dc=nonexistent', `uid=bob,${USERS}`]);
    expect(tree[`cn=nova,${GROUPS}`]).toMatchObject({ serviceId: ['3'], description: ['Bound'] });
    expect(tree[`cn=Admin,${GROUPS}`]?.['member']).toEqual(['cn=dumb,dc=nonexistent', `uid=bob,${USERS}`]);
    expect(tree[`cn=Admin,cn=lab,${GROUPS}`]?.['member']).toEqual([
      `uid=bob,${USERS}`,
      'cn=dumb,dc=nonexistent',
      `uid=alice,${USERS}`,
    ]);
    for (const [name, password] of [
      ['alice', "it's a long one "],
      ['bob', 'p@ss wörd'],
    ] as const) {
      const [stored = ''] = tree[`uid=${name},${USERS}`]?.['userPassword'] ?? [];
      expect(verifySha512Crypt(new Secret(password), new Secret(stored))).toBe(true);
    }
    expect((await seed(server, argv, env)).stdout).toBe(`${users}, ${rest}: already up to date.\n`);
    expect(await runCliAsAdmin(server, ['verify', ...argv], { env })).toMatchObject({ exitCode: 0 });
  });

  test('adds to what is there, and keeps further values of mail', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    await add(server, `uid=alice,${USERS}`, {
      objectClass: ['inetOrgPerson', 'keystoneUser'],
      uid: ['alice'],
      cn: ['Alice'],
      sn: ['A'],
      mail: ['a@example.com', 'b@example.com'],
      keystoneEnabled: ['TRUE'],
    });
    const file = folder.write('a.yaml', 'users: [{ name: alice, email: b@example.com, password: new }]');
    expect((await seed(server, ['--file', file])).stdout).toContain('already up to date');
  });

  describe('another suffix', () => {
    const suffix = 'o=Smith\\, Söhne';
    const data = 'tenants: [lab]\nusers: [{ name: alice, tenant: lab, password: pw }]\nroles: [Admin]\n';
    const grants = 'grants: [{ role: Admin, user: alice, tenant: lab }]\n';

    test.each(['blog', '2011.3', 'essex-1', '2012-01-20'])(
      'with an escaped comma and a non-ASCII name holds nested trees: %s',
      async (release) => {
        await using server = await startSandbox({ slapd, suffix });
        using folder = new DisposableFolder();
        const file = folder.write('a.yaml', data + grants);
        const trees = [
          ...['--user-tree-dn', `ou=People,ou=Köln + Bonn,${suffix}`.replace(' + ', '\\ \\+\\ ')],
          ...['--tenant-tree-dn', `ou=Tenants,${suffix}`, '--role-tree-dn', `cn=Roles,ou=Tenants,${suffix}`],
        ];
        const common = ['--release', release, ...trees];
        expect(await runCliAsAdmin(server, ['init', ...common])).toMatchObject({ exitCode: 0 });
        const argv = [...common, '--file', file];
        await seed(server, argv);
        const keys = Object.keys(await readEntries(server.ldapiUri, server.suffix)).map((dn) =>
          dnKey(dn).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id'),
        );
        const [rdn, user, tenant] =
          release === 'blog'
            ? ['cn', 'alice', 'lab']
            : ['uid', ...(release === '2011.3' ? ['alice', 'lab'] : ['id', 'id'])];
        expect(keys).toEqual(
          expect.arrayContaining([
            dnKey(`${rdn}=${user ?? ''},ou=People,ou=Köln\\ \\+\\ Bonn,${suffix}`),
            dnKey(`cn=${tenant ?? ''},ou=Tenants,${suffix}`),
            dnKey(`cn=Admin,cn=Roles,ou=Tenants,${suffix}`),
            dnKey(`cn=Admin,cn=${tenant ?? ''},ou=Tenants,${suffix}`),
          ]),
        );
        const again = await seed(server, argv);
        expect(again.stdout).toBe(`${file}: already up to date.\n`);
        // Until January 2012 the DN of the user goes into filters as it is: nobody has a tenant or a role.
        const verified = await runCliAsAdmin(server, ['verify', ...argv]);
        expect(verified.exitCode).toBe(1);
        expect(verified.stdout.match(/^error .*/gm)).toEqual([
          expect.stringMatching(/^error TREE_BREAKS_FILTERS {2}user tree ou=People,/),
        ]);
      },
    );

    test('whose characters break the filters of 2011.3 is remarked on', async () => {
      await using server = await startSandbox({ slapd, suffix });
      using folder = new DisposableFolder();
      const file = folder.write('a.yaml', data);
      expect(await runCliAsAdmin(server, ['init'])).toMatchObject({ exitCode: 0 });
      const { stderr } = await seed(server, ['--file', file]);
      expect(stderr).toContain("goes into Keystone's search filters as it is");
    });
  });

  test('names all faults of all files with their places, and writes nothing', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    const one = folder.write(
      'one.yaml',
      'tenants: [lab]\nusers:\n  - { name: alice, tenant: labb, passwort: x }\n',
    );
    const two = folder.write(
      'two.yaml',
      'grants:\n  - { role: Admin, user: alice, tenant: lab }\n  - { role: Admin, user: carol }\nteams: []\n',
    );
    const stderr = await refusalOf(server, ['seed', '--file', one, '--file', two]);
    for (const problem of [
      `${one}:3:28: tenant "labb" is not declared; did you mean "lab"?`,
      `${one}:3:34: unknown key "passwort"; did you mean "password"?`,
      `${two}:2:13: role "Admin" is not declared`,
      `${two}:3:13: role "Admin" is not declared`,
      `${two}:3:26: user "carol" is not declared`,
      `${two}:4:1: unknown key "teams"`,
    ])
      expect(stderr).toContain(problem);
    expect(stderr).toContain('have 6 problems');
  });

  test('names all passwords that are not there', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    const file = folder.write(
      'a.yaml',
      'users:\n  - { name: alice, password_file: none.pw }\n  - { name: bob, password_env: NONE }\n',
    );
    const stderr = await refusalOf(server, ['seed', '--file', file]);
    expect(stderr).toMatch(/a\.yaml:2:\d+: .*none\.pw/);
    expect(stderr).toMatch(/a\.yaml:3:\d+: the environment variable NONE is not set/);
  });

  test('says that trees are missing, and which command makes them', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    const argv = ['seed', '--role-tree-dn', 'ou=Roles,dc=example,dc=com'];
    const stderr = await refusalOf(server, argv);
    expect(stderr).toContain('The role tree ou=Roles,dc=example,dc=com does not exist.');
    expect(stderr).toContain('hint: Run "keystone-ldap init" with the same options first.');
  });

  describe('a second default tenant', () => {
    test('in the files is refused with its place, and written with a warning on demand', async () => {
      await using server = await startInitialised({ slapd, release: '2011.3' });
      using folder = new DisposableFolder();
      const file = folder.write(
        'a.yaml',
        'tenants:\n  - lab\n  - { name: office, members: [alice] }\nusers: [{ name: alice, tenant: lab, password: x }]\n',
      );
      const stderr = await refusalOf(server, ['seed', '--file', file]);
      expect(stderr).toContain(
        `${file}:3:31: user "alice" is a member of "lab", "office": its default tenant is whichever`,
      );
      expect(stderr).toContain('insist with --allow-unsafe-names');
      const result = await seed(server, ['--file', file, '--allow-unsafe-names']);
      expect(result.stderr).toContain('warning: user "alice" is a member of "lab", "office"');
    });

    test('in the directory is refused for every user at once, and warned of on demand', async () => {
      await using server = await startInitialised({ slapd, release: '2011.3' });
      using folder = new DisposableFolder();
      await add(server, `cn=old,${GROUPS}`, {
        objectClass: ['groupOfNames', 'keystoneTenant'],
        cn: ['old'],
        keystoneEnabled: ['TRUE'],
        member: ['cn=dumb,dc=nonexistent', `UID=Alice, ${USERS}`, `uid=bob,${USERS}`, `uid=carol,${USERS}`],
      });
      const file = folder.write(
        'a.yaml',
        [
          'tenants: [{ name: lab, members: [bob] }]',
          'users: [{ name: alice, tenant: lab, password: x }, { name: bob, password: x }, { name: carol }]',
        ].join('\n'),
      );
      const stderr = await refusalOf(server, ['seed', '--file', file]);
      for (const user of ['alice', 'bob'])
        expect(stderr).toContain(
          `user ${user} is to be a member of lab, and is one of cn=old,${GROUPS} already`,
        );
      expect(stderr).not.toContain('carol');
      const argv = ['--file', file, '--allow-unsafe-names'];
      const result = await seed(server, argv);
      expect(result.stderr).toContain(
        `warning: user bob is to be a member of lab, and is one of cn=old,${GROUPS}`,
      );
      expect((await seed(server, argv)).stdout).toContain('already up to date');
    });
  });

  test('says of five users what is true of many', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    const names = Array.from({ length: 12 }, (_, at) => `{ name: user${at} }`);
    const file = folder.write('a.yaml', `users: [${names.join(', ')}]\n`);
    const { stderr } = await runCliAsAdmin(server, ['seed', '--file', file]);
    expect(stderr.match(/^remark: user "user\d+" has no password/gm)).toHaveLength(5);
    expect(stderr).toContain('remark: and 7 more like the last one\n');
  });

  test('names all entries of another kind that are in the way', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    await add(server, `cn=lab,${GROUPS}`, {
      objectClass: ['groupOfNames', 'keystoneRole'],
      cn: ['lab'],
      member: ['cn=dumb,dc=nonexistent'],
    });
    await add(server, `uid=alice,${USERS}`, {
      objectClass: ['organizationalUnit', 'uidObject'],
      ou: ['x'],
      uid: ['alice'],
    });
    const file = folder.write(
      'a.yaml',
      'tenants: [lab, office]\nusers: [{ name: alice, password: x }]\nroles: [Admin]\n',
    );
    const stderr = await refusalOf(server, ['seed', '--file', file]);
    expect(stderr).toContain(
      `tenant lab cannot be stored as cn=lab,${GROUPS}: an entry of another kind has this name (objectClass groupOfNames, keystoneRole; no keystoneTenant; keystoneEnabled is missing, not TRUE).`,
    );
    expect(stderr).toContain(`user alice cannot be stored as uid=alice,${USERS}`);
    expect(stderr).toContain('--tenant-tree-dn, --role-tree-dn');
  });

  test.each(['essex-1', 'essex-3'])('does not give an id of one user to another: %s', async (release) => {
    await using server = await startInitialised({ slapd, release });
    using folder = new DisposableFolder();
    const first = folder.write(
      'a.yaml',
      'tenants: [{ name: lab, id: t1 }]\nusers: [{ name: alice, id: u1 }]\n',
    );
    const second = folder.write(
      'b.yaml',
      'tenants: [{ name: office, id: t1 }]\nusers: [{ name: bob, id: u1 }]\n',
    );
    await seed(server, ['--release', release, '--file', first]);
    const stderr = await refusalOf(server, ['seed', '--release', release, '--file', second]);
    expect(stderr).toContain(`user bob cannot be stored as uid=u1,${USERS}: this is the entry of alice.`);
    expect(stderr).toContain(`tenant office cannot be stored as cn=t1,${GROUPS}: this is the entry of lab.`);
  });

  test('refuses a tenant and a role of one name in one tree, and takes them in two', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    const file = folder.write('a.yaml', 'tenants: [lab]\nroles: [LAB]\n');
    const argv = ['seed', '--file', file];
    const stderr = await refusalOf(server, [...argv, '--allow-unsafe-names']);
    expect(stderr).toContain(
      `${file}:2:9: role "LAB" would be the same entry as tenant "lab" (${file}:1:11)`,
    );
    expect(stderr).not.toContain('insist');
    const trees = ['--role-tree-dn', 'ou=Roles,dc=example,dc=com'];
    await runCliAsAdmin(server, ['init', ...trees]);
    expect(await runCliAsAdmin(server, [...argv, ...trees])).toMatchObject({ exitCode: 0 });
  });

  test('refuses unsafe names with their reasons, and writes them on demand with warnings', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    using folder = new DisposableFolder();
    const file = folder.write(
      'a.yaml',
      'tenants: [Köln]\nusers: [{ name: "a,b" }, { name: "c*d" }, { name: "0042" }]\n',
    );
    const argv = ['seed', '--file', file];
    const stderr = await refusalOf(server, argv);
    const reasons = [
      'tenant "Köln" is not ASCII: Keystone answers logins that involve it with HTTP 500',
      `user "a,b" has ',' in its DN, which Keystone puts into search filters as it is: listing all users would fail`,
      `user "c*d" has '*' in its DN, which Keystone puts into search filters as it is: its tenants and roles would not be found`,
      'user "0042" has a number as its id',
    ];
    for (const reason of reasons) expect(stderr).toContain(reason);
    const result = await runCliAsAdmin(server, [...argv, '--allow-unsafe-names']);
    expect(result).toMatchObject({ exitCode: 0 });
    for (const reason of reasons) expect(result.stderr).toContain(`warning: ${reason}`);
    const keys = Object.keys(await readEntries(server.ldapiUri, server.suffix)).map(dnKey);
    const wanted = [`cn=Köln,${GROUPS}`, ...['a\\,b', 'c*d', '0042'].map((id) => `uid=${id},${USERS}`)];
    expect(keys).toEqual(expect.arrayContaining(wanted.map((dn) => dnKey(dn))));
    const again = await runCliAsAdmin(server, [...argv, '--allow-unsafe-names']);
    expect(again.stdout).toBe(`${file}: already up to date.\n`);
  });
});
