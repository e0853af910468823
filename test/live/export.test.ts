import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseLdif } from '../../src/directory/ldif.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { GENERATIONS } from '../support/generations.ts';
import { startInitialised, startSeeded } from '../support/initialised-sandbox.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { sortedValues } from '../support/sorted-values.ts';

/** A tree without passwords. */
function bare(tree: Awaited<ReturnType<typeof dump>>): typeof tree {
  const without = Object.entries(tree).map(([dn, attributes]) => {
    const kept = Object.entries(attributes).filter(([name]) => name !== 'userPassword');
    return [dn, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(without);
}

/** The data, values in order: they are sets, and users that are added together are found in any order. */
async function dump({ ldapiUri, suffix }: Sandbox) {
  const tree = await readEntries(ldapiUri, suffix);
  return Object.fromEntries(
    Object.entries(tree).map(([dn, attributes]) => [dn, sortedValues(attributes)] as const),
  );
}

describeLive('export', (slapd) => {
  describe.each(GENERATIONS)('of %s', (release) => {
    test('makes the same tree on another server', async () => {
      await using from = await startSeeded({ slapd, release });
      await using to = await startInitialised({ slapd, release });
      const exported = await runCliAsAdmin(from, ['export', '-r', release, '--with-passwords']);
      expect(exported.exitCode).toBe(0);
      if (release !== 'blog') expect(exported.stderr).toBe('');
      const seeded = await runCliAsAdmin(to, ['seed', '-r', release, '--file', '-'], {
        stdin: exported.stdout,
      });
      expect(seeded, seeded.stderr).toMatchObject({ exitCode: 0 });
      const [before, after] = [await dump(from), await dump(to)];
      if (release !== 'blog') expect(after).toEqual(before);
      else {
        // blog stores clear text, which is not carried.
        expect(exported.stderr).toMatch(/^remark: not carried: a password that is not hashed: 5 times/m);
        expect(after).toEqual(bare(before));
      }
    });
  });

  test.each([
    ['2011.3', 'kilo', ['--ldap-holds', 'all'], []],
    ['blog', '2026.1', [], []],
    ['2014.2', 'essex-3', [], ['--no-ids']],
  ])('takes %s to %s, and the result verifies', async (old, young, flags, more) => {
    await using from = await startSeeded({ slapd, release: old });
    await using to = await startInitialised({ slapd, release: young });
    using folder = new DisposableFolder();
    await runCliAsAdmin(to, ['init', '-r', young, ...flags]);
    const file = join(folder.path, 'identities.yaml');
    const exported = await runCliAsAdmin(from, [
      'export',
      '-r',
      old,
      '--with-passwords',
      '-o',
      file,
      '--json',
      ...more,
    ]);
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(exported.stdout)).toMatchObject({ command: 'export', file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const seeded = await runCliAsAdmin(to, ['seed', '-r', young, ...flags, '--file', file]);
    expect(seeded, seeded.stderr).toMatchObject({ exitCode: 0 });
    const verified = await runCliAsAdmin(to, ['verify', '-r', young, ...flags, '--file', file]);
    expect(verified, verified.stdout).toMatchObject({ exitCode: 0 });
  });

  test('lets users of 2011.3 bind with their old passwords in a release that binds', async () => {
    await using from = await startSeeded({ slapd, release: '2011.3' });
    await using to = await startInitialised({ slapd, release: 'kilo' });
    const { stdout } = await runCliAsAdmin(from, ['export', '-r', '2011.3', '--with-passwords']);
    const seeded = await runCliAsAdmin(to, ['seed', '-r', 'kilo', '--file', '-'], { stdin: stdout });
    expect(seeded).toMatchObject({ exitCode: 0 });
    const env = { KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete' };
    const verify = await runCliAsAdmin(to, ['verify', '-r', 'kilo', '--no-sample', '--login', 'joeuser'], {
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
    expect({ ...written, [server.suffix]: bare(await dump(server))[server.suffix] }).toEqual(
      bare(await dump(server)),
    );
  });

  test('writes the one file that plan and apply take', async () => {
    await using server = await startSeeded({ slapd, release: 'kilo' });
    const { stdout } = await runCliAsAdmin(server, ['export', '-r', 'kilo', '--format', 'config']);
    expect(stdout).toMatch(/^release: '2015\.1'\nserver:\n {2}uri: "ldap:.*\ntrees:\n {2}user: "ou=Users/);
    expect(stdout).toMatch(/\nidentities:\n {2}users:\n {4}- \{ name: /);
  });
});
