import { expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { loadLdif } from '../support/load-ldif.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

const BASE = 'dc=example,dc=com';
const ALICE = `cn=Alice Example,ou=Users,${BASE}`;
const OPS = `cn=ops,ou=UserGroups,${BASE}`;

/** Entries named by the full name, with the login in uid. */
const TREE = `dn: ${BASE}
objectClass: domain
dc: example

dn: ou=Users,${BASE}
objectClass: organizationalUnit
ou: Users

dn: ou=UserGroups,${BASE}
objectClass: organizationalUnit
ou: UserGroups

dn: ${ALICE}
objectClass: inetOrgPerson
cn: Alice Example
sn: Example
uid: alice
employeeType: guest

dn: ${OPS}
objectClass: groupOfNames
cn: ops
member: ${ALICE}
`;

const MAP = ['user_id_attribute=uid', 'user_name_attribute=uid', 'group_name_attribute=cn'];
const flagsFor = (release: string, ...more: readonly string[]): string[] => [
  ...['--release', release, '--map', 'user_enabled_attribute=carLicense'],
  ...[...MAP, ...more].flatMap((pair) => ['--map', pair]),
];

async function findings(server: Sandbox, argv: readonly string[]): Promise<readonly Partial<Finding>[]> {
  const { stdout } = await runCliAsAdmin(server, ['verify', ...argv, '--json']);
  return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings.map(
    ({ code, severity, message }) => ({ code, severity, message }),
  );
}

describeLive('a tree that names its users by something else than their ids', (slapd) => {
  test('gets members by the DNs that its users have, and no second entry of anybody', async () => {
    await using server = await startSandbox({ slapd });
    await loadLdif(server.ldapiUri, TREE);
    using folder = new DisposableFolder();
    const text =
      'users: [{ name: alice, email: alice@example.com }, { name: bob }]\n' +
      'groups: [{ name: ops, members: [alice, bob] }, { name: new, members: [alice] }]\n';
    const argv = ['--file', folder.write('people.yaml', text), ...flagsFor('zed')];
    expect(await runCliAsAdmin(server, ['seed', ...argv])).toMatchObject({ exitCode: 0 });
    const tree = await readEntries(server.ldapiUri, BASE);
    const bob = `uid=bob,ou=Users,${BASE}`;
    expect(Object.keys(tree).filter((dn) => dn.endsWith(`,ou=Users,${BASE}`))).toEqual([ALICE, bob]);
    expect(tree[ALICE]).toMatchObject({ uid: ['alice'], cn: ['Alice Example'], mail: ['alice@example.com'] });
    expect(tree[OPS]?.['member']).toEqual([ALICE, bob]);
    expect(tree[`cn=new,ou=UserGroups,${BASE}`]?.['member']).toEqual([ALICE]);
    expect(await findings(server, argv)).toEqual([]);
    expect((await runCliAsAdmin(server, ['seed', ...argv])).stdout).toMatch(/already up to date/);
  });

  test('has members that some releases find, some pass over and some fail on', async () => {
    await using server = await startSandbox({ slapd });
    const dumb = 'cn=dumb,dc=nonexistent';
    await loadLdif(
      server.ldapiUri,
      `${TREE}member: ${dumb}\nmember: uid=gone,ou=Users,${BASE}\nmember: ${OPS}\n`,
    );
    using folder = new DisposableFolder();
    const text = 'users: [{ name: alice }]\ngroups: [{ name: ops, members: [alice] }]\n';
    const file = ['--file', folder.write('people.yaml', text)];
    const gone = ['warning', `uid=gone,ou=Users,${BASE}`, 'passes over'];
    const members = async (release: string) =>
      (await findings(server, [...file, ...flagsFor(release)])).map(({ severity, message = '' }) => [
        severity,
        /its member (.*) is no user/.exec(message)?.[1],
        /HTTP \d+|passes over/.exec(message)?.[0],
      ]);
    expect(await members('zed')).toEqual([['error', dumb, 'HTTP 500'], gone, ['error', OPS, 'HTTP 404']]);
    // Until 15.0.1 the value of the RDN is taken for the id, whatever its type: nobody here has such a one.
    expect(await members('15.0.0')).toEqual([
      ['error', undefined, 'passes over'],
      ['warning', dumb, 'passes over'],
      gone,
      ['warning', OPS, 'passes over'],
      ['error', undefined, undefined],
    ]);
  });

  test('hides from Keystone who does not fit the filter, and verify says so', async () => {
    await using server = await startSandbox({ slapd });
    await loadLdif(server.ldapiUri, TREE.replaceAll(ALICE, `uid=alice,ou=Users,${BASE}`));
    using folder = new DisposableFolder();
    const argv = ['--file', folder.write('people.yaml', 'users: [{ name: alice }]\n')];
    expect(await findings(server, [...argv, ...flagsFor('zed')])).toEqual([]);
    expect(await findings(server, [...argv, ...flagsFor('zed', 'user_filter=(employeeType=staff)')])).toEqual(
      [
        {
          code: 'USER_MISSING',
          severity: 'error',
          message: `uid=alice,ou=Users,${BASE} is there, but Keystone does not find it by (employeeType=staff)`,
        },
      ],
    );
  });
});
