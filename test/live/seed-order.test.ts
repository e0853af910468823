import { expect, test } from 'vitest';
import { ownExternalDn } from '../../src/sandbox/own-identity.ts';
import { addAccount } from '../support/as-user.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { GENERATIONS } from '../support/generations.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { findRelease } from '../../src/releases/find-release.ts';

const SUFFIX = 'dc=example,dc=com';
const SERVICE = `cn=service,${SUFFIX}`;

/** May write all but people: a member must not come before the person. */
const withoutUsers = (userTree: string) => ({
  database: {
    olcAccess: [
      `to * by dn.exact="${ownExternalDn()}" manage by * break`,
      'to attrs=userPassword by anonymous auth by * none',
      `to dn.subtree="${userTree}" by * read`,
      `to * by dn.exact="${SERVICE}" manage by * read`,
    ],
  },
});

function membersWithoutEntry(tree: Awaited<ReturnType<typeof readEntries>>): readonly string[] {
  const values = Object.values(tree).flatMap(({ member = [], roleOccupant = [] }) => [
    ...member,
    ...roleOccupant,
  ]);
  return values.map(String).filter((dn) => tree[dn] === undefined && !dn.includes('dc=nonexistent'));
}

describeLive('seed that the server refuses half-way', (slapd) => {
  test.each(GENERATIONS)('%s: leaves nobody in a group or tenant who does not exist', async (release) => {
    const { trees, layout } = findRelease(release);
    const tuning = withoutUsers(`${trees.user},${SUFFIX}`);
    await using server = await startInitialised({ slapd, release, tuning });
    const env = await addAccount(server);
    using folder = new DisposableFolder();
    const container = layout.tenant?.members === undefined ? 'groups' : 'tenants';
    const file = folder.write(
      'own.yaml',
      `users:\n  - name: newone\n    password: correct-horse-7\n${container}:\n  - name: crew\n    members: [newone]\n`,
    );
    const before = await readEntries(server.ldapiUri, SUFFIX);
    const argv = ['seed', '--release', release, '--suffix', SUFFIX, '--file', file];
    const { exitCode, stderr } = await runCli(argv, { env });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/Cannot add [a-z]+=.*,ou=Users,.*no right/) as string,
    });
    const after = await readEntries(server.ldapiUri, SUFFIX);
    expect(Object.keys(after).filter((dn) => dn.includes('ou=Users'))).toEqual(
      Object.keys(before).filter((dn) => dn.includes('ou=Users')),
    );
    expect(membersWithoutEntry(after)).toEqual(membersWithoutEntry(before));
  });

  test('is known before it begins if no class allows an attribute that is mapped', async () => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    using folder = new DisposableFolder();
    const file = folder.write(
      'own.yaml',
      'users:\n  - name: newone\n    password: correct-horse-7\ngroups:\n  - name: crew\n    members: [newone]\n',
    );
    const mapped = ['--map', 'user_enabled_attribute=departmentNumber', '--map', 'user_objectclass=person'];
    const argv = ['seed', '--release', 'zed', '--suffix', SUFFIX, '--file', file, ...mapped];
    const before = await readEntries(server.ldapiUri, SUFFIX);
    for (const flags of [['--dry-run'], []]) {
      const { exitCode, stderr } = await runCliAsAdmin(server, [...argv, ...flags]);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringMatching(/newone.*none of person allows departmentNumber/s) as string,
      });
    }
    expect(await readEntries(server.ldapiUri, SUFFIX)).toEqual(before);
  });
});
