import { expect, test } from 'vitest';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { seededSandbox } from '../support/seeded-sandbox.ts';

const TEXT = `domains: [{ name: corp, id: d1 }]
tenants: [{ name: web, id: p1 }, lab]
roles: [{ name: auditor, id: r1 }]
users: [{ name: alice, id: u1 }]
grants: [{ user: alice, role: auditor, tenant: web }]
`;

describeLive('ids that cannot be kept', (slapd) => {
  test.each(['zed', 'liberty', 'kilo'])('are named and refused, until --new-ids, in %s', async (release) => {
    await using server = await seededSandbox(release, { slapd, seed: false });
    using folder = new DisposableFolder();
    const text = release === 'kilo' ? TEXT.replace(/^domains.*\n/, '') : TEXT;
    const argv = ['seed', '-r', release, '--file', folder.write('people.yaml', text)];
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const named = [
      'project web: id p1 cannot be kept, Keystone will give it a new one',
      'role auditor: id r1 cannot be kept',
      ...(release === 'kilo' ? [] : ['domain corp: id d1 cannot be kept']),
    ];
    for (const more of [[], ['--sql-commands', '-'], ['-n'], ['--sql-commands', '-', '-n']]) {
      const { exitCode, stdout, stderr } = await runCliAsAdmin(server, [...argv, ...more]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      for (const item of named) expect(stderr).toContain(item);
      expect(stderr).not.toMatch(/lab|u1/);
      expect(stderr).toContain('--new-ids');
    }
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
    const meant = await runCliAsAdmin(server, [...argv, '--new-ids', '--sql-commands', '-']);
    expect(meant).toMatchObject({ exitCode: 0 });
    for (const item of named) expect(meant.stderr).toContain(`warning: ${item}`);
    expect(meant.stdout).toContain('web');
    const users = await readEntries(server.ldapiUri, `ou=Users,${server.suffix}`);
    expect(Object.keys(users)).toContain(`cn=u1,ou=Users,${server.suffix}`);
  });

  test('are those of entries that exist with others, too', async () => {
    await using server = await seededSandbox('zed', { slapd, seed: false });
    using folder = new DisposableFolder();
    const seed = (id: string, ...more: readonly string[]) => {
      const text = `users: [{ name: alice, id: ${id} }]\ngroups: [{ name: ops, id: ${id}, members: [alice] }]\n`;
      return runCliAsAdmin(server, [
        'seed',
        '-r',
        'zed',
        '--file',
        folder.write(`${id}.yaml`, text),
        ...more,
      ]);
    };
    expect(await seed('one')).toMatchObject({ exitCode: 0 });
    expect((await seed('one')).stdout).toContain('already up to date');
    const other = await seed('two');
    expect(other).toMatchObject({ exitCode: 2 });
    expect(other.stderr).toContain('user alice: id two cannot be kept, it has the id one');
    expect(other.stderr).toContain('group ops: id two cannot be kept, it has the id one');
    expect(await seed('two', '--new-ids')).toMatchObject({ exitCode: 0 });
  });

  test('are those of a release that had names for ids', async () => {
    await using old = await seededSandbox('2011.3', { slapd });
    const exported = await runCliAsAdmin(old, ['export', '-r', '2011.3']);
    expect(exported.stdout).toContain('id: customer-x');
    await using server = await seededSandbox('zed', { slapd, seed: false });
    const argv = ['seed', '-r', 'zed', '--file', '-'];
    const { exitCode, stderr } = await runCliAsAdmin(server, argv, { stdin: exported.stdout });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('project customer-x: id customer-x cannot be kept');
  });
});
