import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { DeclaredSystem } from '../support/declared-system.ts';
import { describeLive } from '../support/describe-live.ts';
import { dumpTree } from '../support/dump-tree.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

const START = `tenants: [{ name: lab, members: [bob] }]
users:
  - { name: alice, password: one }
  - { name: bob, password: one }
roles: [Member]
`;

/** One state after the other, each with the flags of its apply. */
const STATES: readonly (readonly [what: string, identities: string, ...flags: string[]])[] = [
  ['a start', START],
  ['a user more', START.replace('users:', 'users:\n  - { name: carol, password: one }')],
  [
    'that user pruned, another disabled',
    START.replace('name: bob,', 'name: bob, enabled: false,'),
    '--prune',
  ],
  ['a role granted', `${START}grants: [{ role: Member, user: bob, tenant: lab }]\n`],
  [
    'another password',
    START.replace('name: bob, password: one', 'name: bob, password: two, reset_password: true'),
  ],
];

describeLive('undo', (slapd) => {
  test.each(['2011.3', '2026.1'])('takes each apply of %s back to the dump before it', async (release) => {
    await using server = await startSandbox({ slapd });
    const system = await DeclaredSystem.create(server, release);
    // From Mitaka on LDAP holds users and groups: tenants and grants make no change there.
    const states = release === '2011.3' ? STATES : STATES.filter(([what]) => what !== 'a role granted');
    for (const [what, identities, ...flags] of states) {
      await system.declare(release, release === '2011.3' ? identities : usersOf(identities));
      const before = await dumpTree(server);
      const applied = await system.run('apply', system.file, '--yes', ...flags);
      expect(applied.exitCode, `${what}: ${applied.stderr}`).toBe(0);
      const after = await dumpTree(server);
      expect(after, what).not.toEqual(before);
      const undone = await runCliAsAdmin(server, ['undo', '--yes']);
      expect(undone.exitCode, `${what}: ${undone.stderr}`).toBe(0);
      expect(await dumpTree(server), what).toEqual(before);
      expect((await system.run('apply', system.file, '--yes', ...flags)).exitCode, what).toBe(0);
    }
  });

  test('the journal of a seed names its release', async () => {
    await using server = await startSandbox({ slapd });
    for (const command of ['init', 'seed'])
      expect((await runCliAsAdmin(server, [command, '--release', '2026.1'])).exitCode).toBe(0);
    const { stdout } = await runCliAsAdmin(server, ['history', '--json']);
    const { runs } = JSON.parse(stdout) as { runs: { command: string; release: string; server: string }[] };
    const ours = runs.filter((run) => run.server === server.uri);
    expect(ours.map(({ command, release }) => [command, release])).toEqual([
      ['seed', '2026.1'],
      ['init', '2026.1'],
    ]);
  });

  test('takes a stream of users back', async () => {
    const tuning = { frontend: { olcSizeLimit: ['unlimited'] } };
    await using server = await startSandbox({ slapd, tuning });
    const release = ['--release', '2026.1'];
    expect((await runCliAsAdmin(server, ['init', ...release])).exitCode).toBe(0);
    const before = await dumpTree(server);
    const generated = ['--generate', 'users=1500,groups=5,seed=1'];
    expect((await runCliAsAdmin(server, ['seed', ...generated, ...release])).exitCode).toBe(0);
    expect(await dumpTree(server)).not.toEqual(before);
    expect((await runCliAsAdmin(server, ['undo', '--yes'])).exitCode).toBe(0);
    expect(await dumpTree(server)).toEqual(before);
  });
});

/** What LDAP holds of them from Mitaka on. */
function usersOf(identities: string): string {
  return identities.slice(identities.indexOf('users:'), identities.indexOf('roles:'));
}
