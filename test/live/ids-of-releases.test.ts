import { beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli } from '../support/run-cli.ts';
import { asManager, seededSandbox } from '../support/seeded-sandbox.ts';

const USERS = 'ou=Users,dc=example,dc=com';

describeLive('which id a release takes an entry for', (slapd) => {
  let folder: DisposableFolder;

  beforeEach(() => (folder = DisposableFolder.ofTest()));

  /** One user whose RDN is not the id, and one without an id. */
  test.each([
    ['2012.2', ['Bob Smith', 'noid'], 'listed by the value of its RDN, and not found by it'],
    ['2014.1', ['Bob Smith', 'noid'], 'listed by the value of its RDN, and not found by it'],
    ['2014.2', 'HTTP 404', 'found, and the other ends the list'],
    ['liberty', ['bsmith'], 'found, and the other is left out'],
  ] as const)('in %s users are %j: the first is %s', async (release, listed, fate) => {
    await using server = await seededSandbox(release, { slapd, seed: false });
    await using session = await asManager(server);
    const person = { objectClass: ['inetOrgPerson'], sn: ['x'], userPassword: ['secrete'] };
    await session.add({
      dn: `cn=Bob Smith,${USERS}`,
      attributes: { ...person, cn: ['Bob Smith'], uid: ['bsmith'] },
    });
    await session.add({ dn: `cn=noid,${USERS}`, attributes: { ...person, cn: ['noid'] } });
    const driver = release.startsWith('20') ? 'keystone.identity.backends.ldap.Identity' : 'ldap';
    const conf = folder.write(
      'keystone.conf',
      `[identity]\ndriver = ${driver}\n[ldap]\nurl = ${server.ldapiUri}\nsuffix = dc=example,dc=com\n` +
        `user = cn=admin,dc=example,dc=com\npassword = ${server.password.reveal()}\n` +
        `user_tree_dn = ${USERS}\nuser_objectclass = inetOrgPerson\nuser_id_attribute = uid\nuser_name_attribute = cn\n`,
    );
    const argv = ['--keystone-conf', conf, '--release', release, '--json'];
    const users = await runCli(['users', ...argv]);
    if (listed === 'HTTP 404') {
      expect(users.stderr).toContain(listed);
      // Two whole documents: what was listed so far, and the error.
      const [shown = '', error = ''] = users.stdout.split(/\n(?=\{\n)/);
      expect(JSON.parse(shown)).toMatchObject({ users: [{ id: 'bsmith' }], incomplete: true });
      expect(JSON.parse(error)).toMatchObject({ error: { code: 'KEYSTONE_FAILS' } });
    } else {
      const shown = (JSON.parse(users.stdout) as { users: { id: string }[] }).users;
      expect(shown.map(({ id }) => id)).toEqual(listed);
    }
    const env = { KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete' };
    const login = await runCli(['login', 'Bob Smith', ...argv], { env });
    expect(login.exitCode).toBe(fate.startsWith('found') ? 0 : 1);
    const doctor = await runCli(['doctor', ...argv]);
    const found = (JSON.parse(doctor.stdout) as { findings: Finding[] }).findings;
    expect(found.find(({ code }) => code === 'ENTRY_NO_ID')).toMatchObject({
      severity: release === 'liberty' ? 'warning' : 'error',
      count: fate.startsWith('found') ? 1 : 2,
    });
  });
});
