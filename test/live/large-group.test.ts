import { expect, test } from 'vitest';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';

const MANY = 100_000;
/** So long that their DNs together are a little more than slapd takes in one message. */
const NAMES = Array.from({ length: MANY }, (_, at) => `user-${String(at).padStart(5, '0')}`);

describeLive('groups of 100,000 members', (slapd) => {
  const release = ['-r', '2026.1', '--map', 'user_enabled_emulation=true'];

  test('declared, and of those who are enabled, are written whole, once', { timeout: 180_000 }, async () => {
    const tuning = { frontend: { olcSizeLimit: ['unlimited'] } };
    await using server = await startInitialised({ slapd, tuning, release: '2026.1' });
    using folder = new DisposableFolder();
    const users = folder.write('users.csv', ['name', ...NAMES, ''].join('\n'));
    const groups = folder.write('groups.yaml', `groups: [{ name: all, members: [${NAMES.join(', ')}] }]\n`);
    const argv = ['seed', ...release, '--json', '--file', users, '--file', groups];
    for (const added of [MANY, 0]) {
      const { stdout, stderr } = await runCliAsAdmin(server, argv);
      expect(JSON.parse(stdout), stderr).toMatchObject({
        users: { total: MANY, added, changed: 0 },
        changes: added === 0 ? [] : [{ label: 'group all' }, { label: 'enabled users' }],
      });
    }
    await using session = await asManager(server);
    for (const rdns of ['cn=all,ou=UserGroups', 'cn=enabled_users,ou=Users']) {
      const group = await session.read(`${rdns},${server.suffix}`, ['member']);
      const members = new Set(group?.attributes['member']);
      expect(members.size).toBe(MANY);
      expect(NAMES.filter((name) => !members.has(`cn=${name},ou=Users,${server.suffix}`))).toEqual([]);
    }
  });

  test('get many more, and lose them by undo, in requests that are answered in time', async () => {
    await using server = await startInitialised({ slapd, release: '2026.1' });
    using folder = new DisposableFolder();
    const seed = async (users: readonly string[]) => {
      const file = folder.write('users.csv', ['name', ...users, ''].join('\n'));
      const group = `groups: [{ name: all, members: [${users.join(', ')}] }]\n`;
      const flags = [
        '--file',
        file,
        '--file',
        folder.write('groups.yaml', group),
        '--state-dir',
        folder.path,
      ];
      const { exitCode, stderr } = await runCliAsAdmin(server, ['seed', '-r', '2026.1', ...flags]);
      expect(exitCode, stderr).toBe(0);
    };
    const members = async () => {
      await using session = await asManager(server);
      return (await session.read(`cn=all,ou=UserGroups,${server.suffix}`, ['member']))?.attributes['member'];
    };
    await seed(NAMES.slice(0, 10_000));
    const before = await members();
    await seed(NAMES.slice(0, 18_000));
    expect(await members()).toHaveLength(18_000);
    const undo = ['undo', '--yes', '--state-dir', folder.path, '--timeout', '10'];
    expect(await runCliAsAdmin(server, undo)).toMatchObject({ exitCode: 0 });
    expect((await members())?.toSorted()).toEqual(before?.toSorted());
  }, 300_000);
});
