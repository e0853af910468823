import { appendFile, readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { DeclaredSystem } from '../support/declared-system.ts';
import { describeLive } from '../support/describe-live.ts';
import { runCli } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';

const RELEASE = '2011.3';
const LAB = 'cn=lab,ou=Groups,dc=example,dc=com';

const START = `tenants: [{ name: lab, members: [bob] }]
users:
  - { name: alice, password: one }
  - { name: bob, password: one }
roles: [Member]
`;

/** One desired state after the other; the first column says what is new in it. */
const STATES: readonly (readonly [what: string, identities: string])[] = [
  ['a start', START],
  ['a user and a tenant more', START.replace('users:', 'users:\n  - { name: carol, password: one }')],
  ['an e-mail address', START.replace('name: alice,', 'name: alice, email: a@example.com,')],
  ['another one', START.replace('name: alice,', 'name: alice, email: b@example.com, description: new,')],
  ['disabled', START.replace('name: alice,', 'name: alice, enabled: false,')],
  ['enabled again, described', START.replace('name: lab,', 'name: lab, description: The lab,')],
  [
    'another password',
    START.replace('name: bob, password: one', 'name: bob, password: two, reset_password: true'),
  ],
  ['a role granted', `${START}grants: [{ role: Member, user: bob, tenant: lab }]\n`],
  [
    'to another user alone',
    `member_mode: exact\n${START}grants: [{ role: Member, user: alice, tenant: lab }]\n`,
  ],
  ['to nobody', `member_mode: exact\n${START}`],
  ['nobody in the tenant', `member_mode: exact\n${START.replace('members: [bob]', 'members: []')}`],
];

async function startSystem(slapd: SlapdInstallation): Promise<DeclaredSystem> {
  const system = await DeclaredSystem.create(await startSandbox({ slapd }), RELEASE);
  await system.declare(RELEASE, START);
  return system;
}

describeLive('from state to state', (slapd) => {
  test(
    'each plan is not empty, is made, and leaves nothing; verify is content',
    { timeout: 120_000 },
    async () => {
      await using server = await startSandbox({ slapd });
      const system = await DeclaredSystem.create(server, RELEASE);
      for (const [what, identities] of STATES) {
        await system.declare(RELEASE, identities);
        const planned = await system.run('plan', system.file, '--exit-code');
        expect(planned.exitCode, `${what}: ${planned.stderr}`).toBe(1);
        const applied = await system.run('apply', system.file, '--yes');
        expect(applied.exitCode, `${what}: ${applied.stderr}`).toBe(0);
        expect((await system.run('plan', system.file, '--exit-code')).exitCode, what).toBe(0);
        const verified = await system.run('verify', '-f', system.file);
        expect(verified.exitCode, `${what}: ${verified.stdout}${verified.stderr}`).toBe(0);
      }
    },
  );
});

describeLive('a kept plan', (slapd) => {
  const CHANGES: readonly (readonly [
    what: string,
    named: string,
    change: (system: DeclaredSystem) => Promise<void>,
  ])[] = [
    [
      'an entry that it modifies',
      LAB,
      async (system) => {
        await using session = await asManager(system.server);
        await session.modify(LAB, [{ operation: 'add', attribute: 'description', values: ['by others'] }]);
      },
    ],
    [
      'an entry that it adds',
      'uid=carol,ou=Users,dc=example,dc=com (user carol)',
      async (system) => {
        await using session = await asManager(system.server);
        const attributes = {
          objectClass: ['keystoneUidObject', 'keystoneUser'],
          uid: ['carol'],
          keystoneEnabled: ['TRUE'],
        };
        await session.add({ dn: 'uid=carol,ou=Users,dc=example,dc=com', attributes });
      },
    ],
    [
      'keystone.conf',
      'keystone.conf has changed',
      (system) => appendFile(system.path('keystone.conf'), '# by others\n'),
    ],
    ['the file', 'uid=dave', (system) => appendFile(system.file, '    - { name: dave }\n')],
  ];
  const MORE = `tenants: [{ name: lab, members: [bob, alice] }]
roles: [Member]
users:
  - { name: alice }
  - { name: bob }
  - { name: carol }
`;

  test.each(CHANGES)('is refused once %s has changed', async (_, named, change) => {
    await using system = await startSystem(slapd);
    await system.apply();
    await system.declare(RELEASE, MORE);
    // So that keystone.conf is to be edited too.
    const conf = (await readFile(system.path('keystone.conf'), 'utf8')).replace(/^ldap_url.*\n/m, '');
    await system.write('keystone.conf', conf);
    expect(await system.run('plan', system.file, '--out', system.path('kept.plan'))).toMatchObject({
      exitCode: 0,
    });
    await change(system);
    const before = await system.dump();
    const { exitCode, stdout, stderr } = await system.run('apply', system.path('kept.plan'), '--yes');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('kept.plan is stale');
    expect(stderr).toContain(named);
    expect(await system.dump()).toEqual(before);
  });

  test('is applied as it is, holds no secret, and says so where it is done already', async () => {
    await using system = await DeclaredSystem.create(await startSandbox({ slapd }), 'essex-3');
    await system.declare('essex-3', START.replaceAll('password: one', 'password: very-secret'));
    const plan = system.path('kept.plan');
    expect(await system.run('plan', system.file, '--out', plan)).toMatchObject({ exitCode: 0 });
    const text = await readFile(plan, 'utf8');
    expect((await stat(plan)).mode & 0o777).toBe(0o600);
    for (const secret of ['very-secret', '$6$', '{SSHA}', system.server.password.reveal()])
      expect(text).not.toContain(secret);
    const alice = /uid=([0-9a-f-]{36}),[^"]*",\s*"label": "user alice"/.exec(text)?.[1];
    expect(await system.run('apply', plan, '--yes')).toMatchObject({ exitCode: 0 });
    expect(JSON.stringify(await system.dump())).toContain(`uid=${String(alice)},`);
    expect(await system.run('apply', plan, '--yes')).toMatchObject({
      exitCode: 0,
      stdout: `${system.file}: already up to date.\n`,
    });
  });
});

describeLive('apply', (slapd) => {
  test('two at once leave what a third one completes, with nothing doubled', async () => {
    await using system = await startSystem(slapd);
    const both = await Promise.all([1, 2].map(() => system.run('apply', system.file, '--yes')));
    for (const { exitCode, stderr } of both) expect([0, 2], stderr).toContain(exitCode);
    await system.apply();
    expect((await system.run('plan', system.file, '--exit-code')).exitCode).toBe(0);
    const { entries } = (await system.dump()) as { entries: object };
    expect(Object.keys(entries).filter((dn) => dn.startsWith('uid='))).toHaveLength(2);
  });

  test('asks on a terminal, and is refused where nobody can be asked', async () => {
    await using system = await startSystem(slapd);
    const before = await system.dump();
    const refused = await system.run('apply', system.file);
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain('Nothing was changed; add --yes');
    expect(await system.run('apply', system.file, '--json')).toMatchObject({ exitCode: 2 });
    const declined = await runCli(['apply', system.file], { answers: [false] });
    expect(declined).toMatchObject({ exitCode: 1 });
    expect(declined.stderr).toContain('Nothing was changed.');
    expect(await system.dump()).toEqual(before);
    expect(await runCli(['apply', system.file], { answers: [true] })).toMatchObject({ exitCode: 0 });
  });

  test('names the entry that the server refuses, keeps keystone.conf as it was, and goes on when run again', async () => {
    await using system = await startSystem(slapd);
    const unedited = await readFile(system.path('keystone.conf'), 'utf8');
    await system.apply();
    await system.write('keystone.conf', unedited);
    await system.declare(RELEASE, START.replace('users:', 'users:\n  - { name: carol }'));
    const carol = 'uid=carol,ou=Users,dc=example,dc=com';
    const confirm = async (): Promise<boolean> => {
      await using session = await asManager(system.server);
      const objectClass = ['keystoneUidObject', 'keystoneUser'];
      await session.add({
        dn: carol,
        attributes: { objectClass, uid: ['carol'], keystoneEnabled: ['TRUE'] },
      });
      return true;
    };
    const never = (): Promise<string> => Promise.reject(new Error('not asked'));
    const asker = { input: never, password: never, choose: never, confirm };
    const failed = await runCli(['apply', system.file], { asker });
    expect(failed).toMatchObject({ exitCode: 2 });
    expect(failed.stderr).toContain(`Cannot add ${carol}: there is an entry of this name already`);
    expect(await readFile(system.path('keystone.conf'), 'utf8')).toBe(unedited);
    await system.apply();
    expect((await system.run('plan', system.file, '--exit-code')).exitCode).toBe(0);
  });

  test('takes over what is there and compatible, and names what is not with the difference', async () => {
    await using system = await startSystem(slapd);
    for (const part of ['init', 'seed']) expect((await system.run(part, '-f', system.file)).exitCode).toBe(0);
    await system.declare(RELEASE, `${START}  # more\n`.replace('bob]', 'bob, alice]'));
    const planned = await system.run('plan', system.file);
    expect(planned.stderr).toContain(
      'adopted: 4 entries that were there already: user alice, user bob, tenant lab',
    );
    await system.apply();
    await using session = await asManager(system.server);
    await session.add({
      dn: 'cn=shop,ou=Groups,dc=example,dc=com',
      attributes: { objectClass: ['organizationalRole'], cn: ['shop'], description: ['a printer'] },
    });
    await system.declare(
      RELEASE,
      START.replace('tenants: [', 'tenants: [{ name: shop, description: a shop }, '),
    );
    const { exitCode, stderr } = await system.run('plan', system.file);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('objectClass organizationalRole; no keystoneTenant; ');
    expect(stderr).toContain('description is a printer, not a shop');
  });
});
