import { expect, test } from 'vitest';
import { publicId } from '../../src/identities/entries/public-id.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { seededSandbox } from '../support/seeded-sandbox.ts';

const PEOPLE = JSON.stringify({
  users: [{ name: 'alice', password: 'secret-4242' }],
  groups: [{ name: 'ops', members: ['alice'] }],
});
const MAP = ['--map', 'user_name_attribute=cn', '--map', 'group_name_attribute=cn'];
const NEEDED =
  'Public ids are not shown: they depend on the id of the domain, which only Keystone knows; ' +
  'name it with --domain-id ("openstack domain show CORP" tells it).\n';

describeLive('verify --login --domain-id', (slapd) => {
  /** alice and ops as CORP, a domain with a file of its own, and a `verify` that asks whether she can log in. */
  async function corp(folder: DisposableFolder, server: Sandbox) {
    const conf = folder.write('keystone.conf', '[DEFAULT]\n');
    const domain = ['--domain', 'CORP', '--domain-config-dir', folder.path];
    const run = async (...argv: readonly string[]) =>
      await runCliAsAdmin(server, argv, { env: { KEYSTONE_LDAP_RELEASE: 'zed' } });
    const people = folder.write('people.json', PEOPLE);
    const configure = ['configure', '--keystone-conf', conf, ...MAP, ...domain];
    for (const argv of [['init', ...MAP], ['seed', '--file', people, ...MAP], configure])
      expect(await run(...argv)).toMatchObject({ exitCode: 0 });
    const env = { KEYSTONE_LDAP_RELEASE: 'zed', KEYSTONE_LDAP_LOGIN_PASSWORD: 'secret-4242' };
    const verify = ['verify', '--login', 'alice'];
    return {
      conf: ['--keystone-conf', conf, ...domain],
      login: async (...argv: readonly string[]) => await runCliAsAdmin(server, [...verify, ...argv], { env }),
    };
  }

  const [user, group] = [publicId('d4711', 'user', 'alice'), publicId('d4711', 'group', 'ops')];
  const shown = { user, groups: [{ group: 'ops', id: group }] };

  test('shows the ids under which Keystone shows the user and the groups', async () => {
    await using server = await seededSandbox('zed', { slapd, seed: false });
    using folder = new DisposableFolder();
    const { conf, login } = await corp(folder, server);
    const words = await login(...conf, '--domain-id', 'd4711');
    expect(words).toMatchObject({ exitCode: 0, stderr: '' });
    expect(words.stdout).toContain(
      `    public id: ${user}\n    groups: ops\n    public id of group ops: ${group}\n`,
    );
    for (const argv of [conf, MAP]) {
      const { stdout } = await login(...argv, '--domain-id', 'd4711', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ login: { id: 'alice', publicIds: shown } });
    }
  });

  test('says that it needs the id of the domain', async () => {
    await using server = await seededSandbox('zed', { slapd, seed: false });
    using folder = new DisposableFolder();
    const { conf, login } = await corp(folder, server);
    const { exitCode, stdout, stderr } = await login(...conf, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: NEEDED });
    expect((JSON.parse(stdout) as { login: object }).login).not.toHaveProperty('publicIds');
    expect((await login(...MAP, '--domain', 'CORP')).stderr).toBe(NEEDED);
    expect((await login(...MAP)).stderr).toBe('');
  });

  test('is refused for a release that shows the ids of the directory', async () => {
    await using server = await seededSandbox('zed', { slapd, seed: false });
    for (const release of ['2014.1', '2011.3']) {
      const argv = ['verify', '--release', release, '--login', 'alice', '--domain-id', 'd4711'];
      const { exitCode, stderr } = await runCliAsAdmin(server, argv);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/shows ids as they are: leave out --domain-id\./);
    }
  });
});
