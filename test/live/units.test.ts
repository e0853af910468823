import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin, type CliResult } from '../support/run-cli.ts';

const USERS = 'ou=Users,dc=example,dc=com';
const GROUPS = 'ou=UserGroups,dc=example,dc=com';
const SUB = ['--map', 'query_scope=sub'];

const IDENTITIES = `
users:
  - { name: ann, password: one, below: 'ou=Berlin,ou=Research' }
  - { name: bob, password: two, below: ou=research }
  - { name: joe, password: three }
groups: [{ name: ops, members: [ann, joe], below: ou=Research }]
`;

async function run(server: Sandbox, argv: readonly string[]): Promise<CliResult> {
  return await runCliAsAdmin(server, argv, { env: { KEYSTONE_LDAP_RELEASE: 'zed' } });
}

async function dnsBelow(server: Sandbox, tree: string): Promise<readonly string[]> {
  return Object.keys(await readEntries(server.ldapiUri, tree)).filter((dn) => dn !== tree);
}

describeLive('users and groups in organizational units', (slapd) => {
  test('get the units that are missing, once', async () => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    using folder = new DisposableFolder();
    const argv = ['--file', folder.write('people.yaml', IDENTITIES), ...SUB];
    expect(await run(server, ['seed', ...argv])).toMatchObject({ exitCode: 0 });
    expect((await dnsBelow(server, USERS)).toSorted()).toEqual([
      `cn=ann,ou=Berlin,ou=Research,${USERS}`,
      `cn=bob,ou=Research,${USERS}`,
      `cn=enabled_users,${USERS}`,
      `cn=joe,${USERS}`,
      `ou=Berlin,ou=Research,${USERS}`,
      `ou=Research,${USERS}`,
    ]);
    const groups = await readEntries(server.ldapiUri, GROUPS);
    expect(groups[`cn=ops,ou=Research,${GROUPS}`]?.['member']).toEqual([
      `cn=ann,ou=Berlin,ou=Research,${USERS}`,
      `cn=joe,${USERS}`,
    ]);
    expect((await run(server, ['seed', ...argv])).stdout).toMatch(/already up to date/i);
    expect(await run(server, ['verify', ...argv])).toMatchObject({ exitCode: 0 });
  });

  test('stay where they are, if they are in the tree already', async () => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    using folder = new DisposableFolder();
    const attributes = { objectClass: ['inetOrgPerson'], cn: ['ann'], sn: ['ann'] };
    await addEntries(server, [{ dn: `cn=ann,${USERS}`, attributes }]);
    const text = "users: [{ name: ann, password: one, below: 'ou=Berlin,ou=Research' }]\n";
    const argv = ['--file', folder.write('people.yaml', text), ...SUB];
    expect(await run(server, ['seed', ...argv])).toMatchObject({ exitCode: 0 });
    expect(await dnsBelow(server, USERS)).toEqual([`cn=ann,${USERS}`, `cn=enabled_users,${USERS}`]);
    // A password of another's entry is left alone, and there is none.
    const { stdout } = await run(server, ['verify', ...argv, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ code: 'PASSWORD_MISSING' }] });
  });

  test('are refused where Keystone does not look, with the option that makes it look', async () => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    using folder = new DisposableFolder();
    const argv = ['--file', folder.write('people.yaml', IDENTITIES)];
    const { exitCode, stdout, stderr } = await run(server, ['seed', ...argv]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('user "ann" is to be below ou=Berlin,ou=Research, but Keystone looks one level');
    expect(stderr).toContain('group "ops" is to be below ou=Research');
    expect(stderr).toContain('--map query_scope=sub');
    expect(await dnsBelow(server, USERS)).toEqual([]);

    const insisted = await run(server, ['seed', ...argv, '--allow-unsafe-names']);
    expect(insisted).toMatchObject({ exitCode: 0 });
    const { stdout: verdict } = await run(server, ['verify', ...argv, '--json']);
    const { findings } = JSON.parse(verdict) as { readonly findings: readonly Record<string, string>[] };
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'USER_MISSING user ann',
      'USER_MISSING user bob',
      'GROUP_MISSING group ops',
    ]);
    expect(await run(server, ['verify', ...argv, ...SUB])).toMatchObject({ exitCode: 0 });
  });
});
