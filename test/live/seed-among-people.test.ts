import { expect, test } from 'vitest';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { GENERATIONS } from '../support/generations.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

const SUFFIX = 'dc=example,dc=com';

describeLive('seed without --file, where people are', (slapd) => {
  test.each(GENERATIONS)(
    '%s: a user of Keystone keeps the sample out, unless it is asked for',
    async (release) => {
      await using server = await startInitialised({ slapd, release });
      using folder = new DisposableFolder();
      const file = folder.write('own.yaml', 'users:\n  - name: zoe\n    password: correct-horse-7\n');
      const seed = (...flags: readonly string[]) =>
        runCliAsAdmin(server, ['seed', '--release', release, '--suffix', SUFFIX, ...flags]);
      expect(await seed('--file', file, '--new-ids')).toMatchObject({
        exitCode: 0,
        stderr: expect.any(String) as string,
      });
      const before = await readEntries(server.ldapiUri, SUFFIX);
      for (const flags of [[], ['--dry-run']])
        expect(await seed(...flags)).toMatchObject({
          exitCode: 2,
          stderr: expect.stringMatching(
            /such as [a-z]+=.*published passwords.*--file FILE.*--sample release/s,
          ) as string,
        });
      expect(await readEntries(server.ldapiUri, SUFFIX)).toEqual(before);
      expect(await seed('--sample', 'release')).toMatchObject({ exitCode: 0 });
      expect(Object.keys(await readEntries(server.ldapiUri, SUFFIX)).length).toBeGreaterThan(
        Object.keys(before).length,
      );
      expect(await seed()).toMatchObject({ exitCode: 2 });
    },
  );

  test('people in another tree keep it out, too; accounts of programs and computers do not', async () => {
    await using server = await startInitialised({ slapd, release: '2026.1' });
    const seed = () => runCliAsAdmin(server, ['seed', '--release', '2026.1', '--suffix', SUFFIX]);
    const unit = `ou=Staff,${SUFFIX}`;
    await addEntries(server, [
      { dn: unit, attributes: { objectClass: ['organizationalUnit'], ou: ['Staff'] } },
      {
        dn: `cn=backup,${SUFFIX}`,
        attributes: {
          objectClass: ['organizationalRole', 'simpleSecurityObject'],
          cn: ['backup'],
          userPassword: ['x'],
        },
      },
      {
        dn: `uid=monitor,${unit}`,
        attributes: {
          objectClass: ['account', 'simpleSecurityObject'],
          uid: ['monitor'],
          userPassword: ['x'],
        },
      },
    ]);
    expect(await seed()).toMatchObject({ exitCode: 0 });
    const person = { objectClass: ['inetOrgPerson'], cn: ['demo'], sn: ['demo'] };
    await addEntries(server, [{ dn: `cn=demo,${unit}`, attributes: person }]);
    expect(await seed()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`such as cn=demo,${unit}`) as string,
    });
  });
});
