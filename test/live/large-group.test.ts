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
});
