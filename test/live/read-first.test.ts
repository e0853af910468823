import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';

const ALICE = 'cn=alice,ou=Users,dc=example,dc=com';
const value = fc.constantFrom('a@example.com', 'b@example.com', 'c@example.com', 'd@example.com');

describeLive('an attribute of which Keystone reads the first value', (slapd) => {
  test('gets the value of the file there, keeps those of others, and gets its own back by undo', async () => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    await using session = await asManager(server);
    const base = { objectClass: ['inetOrgPerson'], cn: ['alice'], sn: ['alice'] };
    await session.add({ dn: ALICE, attributes: base });
    using folder = new DisposableFolder();
    const file = join(folder.path, 'identities.yaml');
    const state = ['--state-dir', join(folder.path, 'state')];
    const attribute = fc.constantFrom('mail', 'description');
    await fc.assert(
      fc.asyncProperty(
        attribute,
        fc.uniqueArray(value, { maxLength: 4 }),
        value,
        async (name, present, wanted) => {
          const read = async () => (await session.read(ALICE, [name]))?.attributes[name] ?? [];
          await session.modify(ALICE, [{ operation: 'replace', attribute: name, values: present }]);
          const key = name === 'mail' ? 'email' : name;
          await writeFile(
            file,
            JSON.stringify({ users: [{ name: 'alice', [key]: wanted, enabled: false }] }),
          );
          const seed = async () =>
            await runCliAsAdmin(server, ['seed', '-r', 'zed', '--file', file, ...state]);
          const first = await seed();
          expect(first, first.stderr).toMatchObject({ exitCode: 0 });
          const isThere = present.includes(wanted);
          expect(await read()).toEqual(isThere ? present : [wanted, ...present.slice(1)]);
          expect((await seed()).stdout).toContain('already up to date');
          if (isThere) return;
          const [old] = present;
          if (old !== undefined) expect(first.stdout).toContain(`- ${name}: ${old}\n`);
          expect(await runCliAsAdmin(server, ['undo', '--yes', ...state])).toMatchObject({ exitCode: 0 });
          expect((await read()).toSorted()).toEqual(present.toSorted());
        },
      ),
      { numRuns: 8, seed: 12 },
    );
  }, 120_000);

  test('is exported by its name where it is operational', async () => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    await using session = await asManager(server);
    await session.add({
      dn: ALICE,
      attributes: { objectClass: ['inetOrgPerson'], cn: ['alice'], sn: ['alice'] },
    });
    const [uuid = ''] = (await session.read(ALICE, ['entryUUID']))?.attributes['entryUUID'] ?? [];
    const flags = ['-r', 'zed', '--map', 'user_id_attribute=entryUUID'];
    const yaml = await runCliAsAdmin(server, ['export', ...flags]);
    expect(yaml.stdout, yaml.stderr).toMatch(new RegExp(`name: alice, id: "?${uuid}"?`));
    const ldif = await runCliAsAdmin(server, ['export', ...flags, '--format', 'ldif']);
    expect(ldif.stdout).toContain(`entryUUID: ${uuid}\n`);
  }, 60_000);
});
