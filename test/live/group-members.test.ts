import { expect, test } from 'vitest';
import { describeLive } from '../support/describe-live.ts';
import { group, soundKeystone, USERS, user } from '../support/doctor/sound-keystone.ts';
import { runCli } from '../support/run-cli.ts';

describeLive('groups --members', (slapd) => {
  test('shows the users that Keystone lists, and why it lists none', async () => {
    const entries = [
      user('carol', { description: ['left out'] }),
      group('some', [`uid=alice,${USERS}`, `uid=carol,${USERS}`]),
      group('broken', [`uid=alice,${USERS}`, `cn=gone,${USERS}`]),
    ];
    const ldap = { user_filter: '(!(description=left out))' };
    await using keystone = await soundKeystone({ slapd, entries, ldap });
    const argv = ['groups', '--members', '--keystone-conf', keystone.conf, '--release', 'zed', '--json'];
    const { exitCode, stdout } = await runCli(argv);
    expect(exitCode).toBe(0);
    const { groups } = JSON.parse(stdout) as { groups: readonly object[] };
    const member = (name: string): object => ({ id: name, name, dn: `uid=${name},${USERS}` });
    expect(groups).toMatchObject([
      { name: 'staff', count: 2, members: [member('alice'), member('bob')] },
      { name: 'some', count: 1, members: [member('alice')] },
      { name: 'broken', count: 0, members: [], failure: `HTTP 500: cn=gone,${USERS} does not exist` },
    ]);
  });
});
