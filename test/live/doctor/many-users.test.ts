import { expect, test } from 'vitest';
import { inWindow } from '../../../src/directory/in-window.ts';
import { describeLive } from '../../support/describe-live.ts';
import { examineKeystone } from '../../support/doctor/examine.ts';
import { group, soundKeystone, user, USERS } from '../../support/doctor/sound-keystone.ts';
import { runCli } from '../../support/run-cli.ts';
import { asManager } from '../../support/seeded-sandbox.ts';

const COUNT = 3000;
const uids = Array.from({ length: COUNT }, (_, at) => `user${at}`);

describeLive('doctor, of many users', (slapd) => {
  test('asks no more than of two, and lists them all', async () => {
    await using keystone = await soundKeystone({ slapd });
    await using session = await asManager(keystone.server);
    await inWindow(uids, (uid) => session.add(user(uid)));
    await session.add(group('all', [...uids.map((uid) => `uid=${uid},${USERS}`), `uid=gone,${USERS}`]));
    const { findings, examined } = await examineKeystone(keystone);
    expect(examined).toMatchObject([{ entries: { user: COUNT + 2, group: 2 }, requests: 21 }]);
    expect(findings).toMatchObject([{ code: 'MEMBER_UNKNOWN', count: 1 }]);
    const argv = ['--keystone-conf', keystone.conf, '--release', 'zed', '--json'];
    const { stdout } = await runCli(['users', ...argv]);
    expect((JSON.parse(stdout) as { users: unknown[] }).users).toHaveLength(COUNT + 2);
    const groups = JSON.parse((await runCli(['groups', ...argv])).stdout) as { groups: { count: number }[] };
    expect(groups.groups.map(({ count }) => count)).toEqual([2, COUNT + 1]);
  });
});
