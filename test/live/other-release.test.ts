import { join } from 'node:path';
import { copyFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEntry } from '../../src/directory/entry.ts';
import { packageFile } from '../../src/files.ts';
import { isLegacy } from '../../src/releases/choose-release.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { GENERATIONS } from '../support/generations.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { seededSandbox } from '../support/seeded-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const TOP: NewEntry = { dn: SUFFIX, attributes: { objectClass: ['domain'], dc: ['example'] } };
const unit = (ou: string): NewEntry => ({
  dn: `ou=${ou},${SUFFIX}`,
  attributes: { objectClass: ['organizationalUnit'], ou: [ou] },
});
const person = (uid: string, ou: string, objectClass = 'inetOrgPerson'): NewEntry => ({
  dn: `uid=${uid},ou=${ou},${SUFFIX}`,
  attributes:
    objectClass === 'account'
      ? { objectClass: [objectClass], uid: [uid] }
      : { objectClass: [objectClass], uid: [uid], cn: [uid], sn: [uid] },
});

async function withPeople(server: Sandbox): Promise<unknown> {
  await addEntries(server, [TOP, unit('Staff'), person('alice', 'Staff'), person('bob', 'Staff', 'account')]);
  return await changeNumbers(server.ldapiUri, SUFFIX);
}

describeLive('a release that the directory does not show', (slapd) => {
  test('is never guessed: a script is told the flag, a person is asked, and Enter is no answer', async () => {
    await using server = await startSandbox({ slapd });
    const before = await withPeople(server);
    for (const argv of [
      ['init'],
      ['seed'],
      ['init', '--read-only'],
      ['verify'],
      ['export'],
      ['init', '-n'],
      ['verify', '-b', `ou=new,${SUFFIX}`],
      ['init', '-n', '-b', `ou=new,${SUFFIX}`],
    ]) {
      const { exitCode, stderr } = await runCliAsAdmin(server, argv);
      expect({ argv, exitCode }).toEqual({ argv, exitCode: 2 });
      expect(stderr).toContain(
        `--release NAME (or KEYSTONE_LDAP_RELEASE) is missing: there are entries below ${SUFFIX}`,
      );
      expect(await runCliAsAdmin(server, argv, { answers: [''] })).toMatchObject({ exitCode: 2 });
    }
    expect(await changeNumbers(server.ldapiUri, SUFFIX)).toEqual(before);
  });

  test('is 2011.3 on a blank server, said aloud, and again after it', async () => {
    await using server = await startSandbox({ slapd });
    const first = await runCliAsAdmin(server, ['init']);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stderr).toContain(
      'Assuming 2011.3: the default for a blank server (override with --release).',
    );
    const again = await runCliAsAdmin(server, ['init']);
    expect(again.stdout).toBe('Schema and trees of 2011.3: already up to date.\n');
    // Somebody else comes.
    await addEntries(server, [unit('Staff'), person('alice', 'Staff')]);
    expect(await runCliAsAdmin(server, ['seed'])).toMatchObject({ exitCode: 2 });
  });

  test('is taken from keystone.conf where that is of one release', async () => {
    await using server = await startSandbox({ slapd });
    const conf = join(DisposableFolder.ofTest().path, 'keystone.conf');
    await copyFile(packageFile('fixtures/keystone-conf/essex-3.conf'), conf);
    const { stderr } = await runCliAsAdmin(server, ['init', '-n', '--keystone-conf', conf]);
    expect(stderr).toContain(`Assuming essex-3: ${conf} is of essex-3`);
    const other = await runCliAsAdmin(server, ['init', '--keystone-conf', conf, '--release', 'zed']);
    expect(other).toMatchObject({ exitCode: 2 });
    expect(other.stderr).toContain(
      `${conf} is of a Keystone of 2011, and Keystone 22 (Zed) does not read it`,
    );
    await copyFile(packageFile('fixtures/keystone-conf/modern.conf'), conf);
    for (const argv of [['init'], ['init', '-r', '2011.3'], ['seed', '-r', 'diablo']])
      expect(await runCliAsAdmin(server, [...argv, '--keystone-conf', conf])).toMatchObject({ exitCode: 2 });
    expect(await changeNumbers(server.ldapiUri, SUFFIX)).toMatchObject([{}, {}]);
  });
});

describeLive('entries of another generation', (slapd) => {
  test('are no place for a release: as drawn, refused or taken', async () => {
    const releases = fc.constantFrom(...GENERATIONS);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('2011.3', 'zed'), releases, async (there, wanted) => {
        await using server = await seededSandbox(there, { slapd });
        const before = await changeNumbers(server.ldapiUri, server.suffix);
        const isSame = isLegacy(findRelease(there)) === isLegacy(findRelease(wanted));
        for (const command of ['init', 'seed']) {
          const { stderr } = await runCliAsAdmin(server, [command, '--release', wanted, '-n']);
          expect({
            there,
            wanted,
            command,
            refused: stderr.includes('The directory holds entries of'),
          }).toEqual({
            ...{ there, wanted, command, refused: !isSame },
          });
        }
        expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
      }),
      { seed: 7301, numRuns: 6 },
    );
  });

  test('are gone by with --allow-other-release, or by trees of their own', async () => {
    await using server = await seededSandbox('2011.3', { slapd });
    const argv = ['init', '--release', 'zed', '-n'];
    const refused = await runCliAsAdmin(server, argv);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain(`uid=joeuser,ou=Users,${SUFFIX}`);
    expect(await runCliAsAdmin(server, [...argv, '--allow-other-release'])).toMatchObject({ exitCode: 0 });
    const own = ['--user-tree-dn', `ou=People,${SUFFIX}`];
    expect(await runCliAsAdmin(server, [...argv, ...own])).toMatchObject({ exitCode: 0 });
  });

  test.each(['2012.1', '2013.1', 'zed', '2026.1'])(
    'are not needed where %s set the server up: its trees are enough',
    async (there) => {
      await using server = await seededSandbox(there, { slapd, seed: false });
      const before = await changeNumbers(server.ldapiUri, server.suffix);
      const refused = await runCliAsAdmin(server, ['init', '--release', '2011.3']);
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
      expect(refused.stderr).toContain('The directory holds entries of a later Keystone');
      expect(refused.stderr).toMatch(/ou=(?:Roles|UserGroups),dc=example,dc=com/);
      expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
      expect(await runCliAsAdmin(server, ['init', '--release', there])).toMatchObject({ exitCode: 0 });
      const insisting = ['init', '--release', '2011.3', '--allow-other-release', '-n'];
      expect(await runCliAsAdmin(server, insisting)).toMatchObject({ exitCode: 0 });
    },
  );

  test('are not needed where "apply" listed trees of another name, or groups are in the trees', async () => {
    await using server = await startSandbox({ slapd });
    const folder = DisposableFolder.ofTest();
    const trees = `{ user: 'ou=Users,${SUFFIX}', group: 'ou=Teams,${SUFFIX}' }`;
    const file = folder.write('keystone-ldap.yaml', `release: zed\ntrees: ${trees}\n`);
    expect(await runCliAsAdmin(server, ['apply', '-f', file, '--yes'])).toMatchObject({ exitCode: 0 });
    const refused = await runCliAsAdmin(server, ['init', '--release', '2011.3']);
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain(`ou=Teams,${SUFFIX}`);

    await using other = await seededSandbox('2011.3', { slapd, seed: false });
    const staff = { objectClass: ['groupOfNames'], cn: ['staff'], member: ['cn=dumb,dc=nonexistent'] };
    await addEntries(other, [{ dn: `cn=staff,ou=Groups,${SUFFIX}`, attributes: staff }]);
    const groups = await runCliAsAdmin(other, ['init', '--release', '2011.3']);
    expect(groups.stderr).toContain(`cn=staff,ou=Groups,${SUFFIX}`);
  });

  test.each(['blog', '2011.3', 'essex-1', 'essex-3'])(
    'are none where %s itself was: again, by apply and in trees of other names',
    async (release) => {
      await using server = await startSandbox({ slapd });
      const trees =
        release === 'essex-3'
          ? ''
          : `trees: { user: 'ou=Users,${SUFFIX}', tenant: 'ou=Tenants,${SUFFIX}', role: 'ou=Roles,${SUFFIX}' }\n`;
      const file = DisposableFolder.ofTest().write('keystone-ldap.yaml', `release: ${release}\n${trees}`);
      for (const argv of [
        ['apply', '-f', file, '--yes'],
        ['apply', '-f', file, '--yes'],
        ['init', '-f', file],
      ])
        expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    },
  );

  test('is refused if the keystone.conf that keystone-ldap.yaml names is of another generation', async () => {
    await using server = await startSandbox({ slapd });
    const folder = DisposableFolder.ofTest();
    await copyFile(packageFile('fixtures/keystone-conf/2011.3.conf'), join(folder.path, 'keystone.conf'));
    const file = folder.write('keystone-ldap.yaml', 'release: zed\nkeystone_conf: { path: keystone.conf }\n');
    for (const command of ['init', 'seed']) {
      const { exitCode, stderr } = await runCliAsAdmin(server, [command, '-f', file]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('keystone.conf is of a Keystone of 2011');
    }
  });
});
