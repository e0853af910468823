import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseLdif } from '../../src/directory/ldif.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { dumpTree } from '../support/dump-tree.ts';
import { GENERATIONS, storesClearText } from '../support/generations.ts';
import { startInitialised, startSeeded } from '../support/initialised-sandbox.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';

const IN_UNITS = `
users:
  - { name: ann, password: one, below: 'ou=Berlin,ou=Research' }
  - { name: bob, password: two, below: ou=Research }
  - { name: joe, password: three }
groups: [{ name: ops, members: [ann, joe], below: ou=Research }]
`;

/** A tree without passwords. */
function bare(tree: Awaited<ReturnType<typeof dumpTree>>): typeof tree {
  const without = Object.entries(tree).map(([dn, attributes]) => {
    const kept = Object.entries(attributes).filter(([name]) => name !== 'userPassword');
    return [dn, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(without);
}

describeLive('export', (slapd) => {
  describe.each(GENERATIONS)('of %s', (release) => {
    test('makes the same tree on another server', async () => {
      await using from = await startSeeded({ slapd, release });
      await using to = await startInitialised({ slapd, release });
      const exported = await runCliAsAdmin(from, ['export', '-r', release, '--with-passwords']);
      expect(exported.exitCode).toBe(0);
      if (!storesClearText(release)) expect(exported.stderr).toBe('');
      const seeded = await runCliAsAdmin(to, ['seed', '-r', release, '--file', '-'], {
        stdin: exported.stdout,
      });
      expect(seeded, seeded.stderr).toMatchObject({ exitCode: 0 });
      const [before, after] = [await dumpTree(from), await dumpTree(to)];
      if (!storesClearText(release)) expect(after).toEqual(before);
      else {
        expect(exported.stderr).toMatch(/^remark: not carried: a password that is not hashed: \d+ times/m);
        expect(after).toEqual(bare(before));
      }
    });
  });

  test.each([
    ['2011.3', 'kilo', ['--ldap-holds', 'all'], ['--with-passwords'], []],
    ['blog', '2026.1', [], ['--with-passwords'], ['--new-ids']],
    // No hash of 2014.2 fits a password there, and verify would say so of each user.
    ['2014.2', '2012-01-20', [], ['--no-ids'], []],
  ])('takes %s to %s, and the result verifies', async (old, young, flags, more, meant) => {
    await using from = await startSeeded({ slapd, release: old });
    await using to = await startInitialised({ slapd, release: young });
    using folder = new DisposableFolder();
    await runCliAsAdmin(to, ['init', '-r', young, ...flags]);
    const file = join(folder.path, 'identities.yaml');
    const exported = await runCliAsAdmin(from, ['export', '-r', old, '-o', file, '--json', ...more]);
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(exported.stdout)).toMatchObject({ command: 'export', file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const seeded = await runCliAsAdmin(to, ['seed', '-r', young, ...flags, ...meant, '--file', file]);
    expect(seeded, seeded.stderr).toMatchObject({ exitCode: 0 });
    const verified = await runCliAsAdmin(to, ['verify', '-r', young, ...flags, '--file', file]);
    expect(verified, verified.stdout).toMatchObject({ exitCode: 0 });
  });

  test('lets users of 2011.3 bind with their old passwords in a release that binds', async () => {
    await using from = await startSeeded({ slapd, release: '2011.3' });
    await using to = await startInitialised({ slapd, release: 'kilo' });
    const { stdout } = await runCliAsAdmin(from, ['export', '-r', '2011.3', '--with-passwords']);
    const seeded = await runCliAsAdmin(to, ['seed', '-r', 'kilo', '--new-ids', '--file', '-'], {
      stdin: stdout,
    });
    expect(seeded, seeded.stderr).toMatchObject({ exitCode: 0 });
    const env = { KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete' };
    const verify = await runCliAsAdmin(to, ['verify', '-r', 'kilo', '--login', 'joeuser'], {
      env,
    });
    expect(verify, verify.stdout).toMatchObject({ exitCode: 0 });
  });

  test('says what it does not carry, and shows no password unasked', async () => {
    await using server = await startSeeded({ slapd, release: 'kilo' });
    const dn = 'cn=printer,ou=Users,dc=example,dc=com';
    const attributes = {
      objectClass: ['inetOrgPerson'],
      cn: ['printer'],
      sn: ['printer'],
      telephoneNumber: ['1'],
    };
    await addEntries(server, [{ dn, attributes }]);
    const { stdout, stderr } = await runCliAsAdmin(server, ['export', '-r', 'kilo']);
    expect(stdout).not.toMatch(/password|SSHA/);
    expect(stderr).toContain(`remark: not carried: telephoneNumber of a user: ${dn}.\n`);
    expect(stderr).toMatch(/^remark: not carried: a password, which --with-passwords would carry/m);
    expect(await runCli(['export', '--json'])).toMatchObject({ exitCode: 2 });
  });

  test('writes LDIF that is the tree itself', async () => {
    await using server = await startSeeded({ slapd, release: '2014.2' });
    using folder = new DisposableFolder();
    const file = join(folder.path, 'tree.ldif');
    const argv = ['export', '-r', '2014.2', '--format', 'ldif', '-o', file];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    const written = Object.fromEntries(
      parseLdif(await readFile(file, 'utf8')).map(({ dn, attributes }) => [
        dn,
        Object.fromEntries(Object.entries(attributes).map(([name, all]) => [name, all.toSorted()])),
      ]),
    );
    expect({ ...written, [server.suffix]: bare(await dumpTree(server))[server.suffix] }).toEqual(
      bare(await dumpTree(server)),
    );
  });

  test('carries the units in which users and groups are', async () => {
    const release = 'zed';
    const seed = ['seed', '-r', release, '--map', 'query_scope=sub', '--file', '-'];
    await using from = await startInitialised({ slapd, release });
    await using to = await startInitialised({ slapd, release });
    expect(await runCliAsAdmin(from, seed, { stdin: IN_UNITS })).toMatchObject({ exitCode: 0 });
    const argv = ['export', '-r', release, '--map', 'query_scope=sub', '--with-passwords'];
    const exported = await runCliAsAdmin(from, argv);
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await runCliAsAdmin(to, seed, { stdin: exported.stdout })).toMatchObject({ exitCode: 0 });
    expect(await dumpTree(to)).toEqual(await dumpTree(from));
  });

  describe.each(['2011.3', 'kilo', '2026.1'])('as the one file that plan and apply take: %s', (release) => {
    test('has nothing to plan on the same server, and makes the same tree on another', async () => {
      await using from = await startSeeded({ slapd, release });
      await using to = await startSandbox({ slapd });
      using folder = new DisposableFolder();
      const file = join(folder.path, 'keystone-ldap.yaml');
      const argv = ['export', '-r', release, '--format', 'config', '--with-passwords', '-o', file];
      expect(await runCliAsAdmin(from, argv)).toMatchObject({ exitCode: 0, stderr: '' });
      const { exitCode, stdout, stderr } = await runCliAsAdmin(from, ['plan', file, '--json']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({ changes: [] });
      const applied = await runCliAsAdmin(to, ['apply', file, '--yes', '-H', to.uri]);
      expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
      expect(await dumpTree(to)).toEqual(await dumpTree(from));
    });
  });
});
