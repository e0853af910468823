import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/directory/session.ts';
import { ownedEntries } from '../../src/history/owned-entries.ts';
import { planPrune } from '../../src/history/plan-prune.ts';
import { RegistryClearing } from '../../src/history/registry-content.ts';
import { Registry, registryDn } from '../../src/history/registry.ts';
import { apply } from '../../src/plan/apply/apply.ts';
import type { AddEntry, Change } from '../../src/plan/change.ts';
import { findRelease, treesBelow } from '../../src/releases/find-release.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { testNeeding } from '../support/needs/needing.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { readEntries } from '../support/read-entries.ts';
import { renameEntry } from '../support/rename-entry.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const USERS = `ou=Users,${SUFFIX}`;
const GROUPS = `ou=UserGroups,${SUFFIX}`;
const REGISTRY = registryDn(SUFFIX);
const release = findRelease('zed');
const target = { registry: REGISTRY, trees: treesBelow(release, SUFFIX), layout: release.layout };

const person = (name: string, below = USERS): AddEntry => ({
  kind: 'add-entry',
  dn: `cn=${name},${below}`,
  label: `user ${name}`,
  attributes: { objectClass: ['person', 'inetOrgPerson'], cn: [name], sn: [name] },
});
const unit = (name: string): AddEntry => ({
  kind: 'add-entry',
  dn: `ou=${name},${USERS}`,
  label: 'container',
  attributes: { objectClass: ['organizationalUnit'], ou: [name] },
});
const group = (name: string, member: readonly string[]): AddEntry => ({
  kind: 'add-entry',
  dn: `cn=${name},${GROUPS}`,
  label: `group ${name}`,
  attributes: { objectClass: ['groupOfNames'], cn: [name], member },
});

async function carryOut(
  directory: Session,
  runId: string,
  changes: readonly Change[],
  strikes: readonly Change[] = [],
): Promise<void> {
  const clearing = new RegistryClearing(directory, strikes);
  const listeners = [clearing, new Registry(directory, REGISTRY, runId)];
  const steps = apply(changes, { directory, openConfig: () => Promise.resolve(directory), listeners });
  while ((await steps.next()).done !== true);
  await clearing.finish();
}

const dns = (changes: readonly { readonly dn: string }[]): readonly string[] =>
  changes.map(({ dn }) => dn).sort();

async function names({ ldapiUri }: Sandbox, base = SUFFIX): Promise<readonly string[]> {
  return Object.keys(await readEntries(ldapiUri, base, ['1.1'])).sort();
}

/** The next second of the server, which is the grain of its timestamps: seen by an entry that is younger. */
async function nextSecond(directory: Session): Promise<void> {
  const dn = `cn=clock,${USERS}`;
  const read = async (): Promise<string | undefined> => {
    await directory.add({ dn, attributes: { objectClass: ['device'], cn: ['clock'] } });
    const entry = await directory.read(dn, ['createTimestamp']);
    await directory.delete(dn);
    return entry?.attributes['createTimestamp']?.[0];
  };
  const first = await read();
  while ((await read()) === first);
}

describeLive('what the tool owns', (slapd) => {
  async function withServer(task: (server: Sandbox, directory: Session) => Promise<void>): Promise<void> {
    await using server = await startInitialised({ slapd, release: 'zed' });
    await using directory = await asManager(server);
    await task(server, directory);
  }

  test('is listed in the directory, and pruned where nobody declares it', () =>
    withServer(async (server, directory) => {
      const before = await names(server);
      const many = Array.from({ length: 600 }, (_, index) => person(`p${index}`));
      await carryOut(directory, 'one', [
        ...many,
        person('kept'),
        group('team', [person('p0').dn, person('kept').dn]),
      ]);
      await addEntries(server, [person('foreign'), group('others', [person('p1').dn])]);
      expect((await ownedEntries(directory, REGISTRY)).owned).toHaveLength(602);
      const declared = [person('kept').dn, `CN=Team, ${GROUPS}`];
      const { changes, strikes, kept } = await planPrune(directory, { ...target, declared });
      expect(dns(changes.filter(({ kind }) => kind === 'delete-entry'))).toEqual(dns(many));
      expect(changes.filter(({ kind }) => kind === 'modify-entry')).toMatchObject([
        { dn: group('team', []).dn, edits: [{ attribute: 'member', remove: [person('p0').dn], add: [] }] },
      ]);
      expect(kept).toEqual([
        `${group('others', []).dn} was not created by keystone-ldap and still refers to deleted entries.`,
      ]);
      await carryOut(directory, 'two', changes, strikes);
      expect(await planPrune(directory, { ...target, declared })).toEqual({
        changes: [],
        strikes: [],
        kept: [],
      });
      const all = await planPrune(directory, { ...target, declared: [] });
      expect(dns(all.changes)).toEqual(dns([person('kept'), group('team', [])]));
      await carryOut(directory, 'three', all.changes, all.strikes);
      expect(await names(server)).toEqual([...before, person('foreign').dn, group('others', []).dn].sort());
    }));

  testNeeding(['ldap-utils'], 'is not what others made, made again, or moved', () =>
    withServer(async (server, directory) => {
      await addEntries(server, [person('older')]);
      await nextSecond(directory);
      await carryOut(directory, 'one', [person('again'), person('moved'), person('gone')]);
      await nextSecond(directory);
      await directory.delete(person('again').dn);
      await addEntries(server, [person('again')]);
      await renameEntry(server, person('moved').dn, 'cn=elsewhere');
      await directory.delete(person('gone').dn);
      await renameEntry(server, person('older').dn, 'cn=gone');
      const { changes, kept } = await planPrune(directory, { ...target, declared: [] });
      expect(changes).toEqual([]);
      expect(kept).toEqual(
        ['again', 'gone'].map(
          (name) => `${person(name).dn} stays: others have made it again, or moved it there.`,
        ),
      );
    }),
  );

  test('stays where others have put something below it', () =>
    withServer(async (server, directory) => {
      await carryOut(directory, 'one', [unit('a'), person('mine', unit('a').dn), unit('b')]);
      await addEntries(server, [person('foreign', unit('a').dn)]);
      const { changes, kept } = await planPrune(directory, { ...target, declared: [] });
      expect(dns(changes)).toEqual(dns([person('mine', unit('a').dn), unit('b')]));
      expect(kept).toEqual([
        `${unit('a').dn} stays: there are entries below it that are not to go: ${person('foreign', unit('a').dn).dn}.`,
      ]);
    }));

  describe('reset', () => {
    test('takes away what init and seed made, by the journals, and leaves what is of others', () =>
      withServer(async (server) => {
        using folder = new DisposableFolder();
        const run = (...argv: readonly string[]) =>
          runCliAsAdmin(server, argv, { env: { KEYSTONE_LDAP_STATE_DIR: folder.path } });
        const before = await names(server);
        const file = folder.write(
          'f.yaml',
          'users: [{name: a, password: x}, b]\ngroups: [{name: g, members: [a, b]}]\n'.replace(
            'b]',
            '{name: b}]',
          ),
        );
        expect(await run('seed', '-r', 'zed', '--file', file)).toMatchObject({ exitCode: 0 });
        const more = folder.write('g.yaml', 'users: [{name: c}]\n');
        expect(await run('seed', '-r', 'zed', '--file', more)).toMatchObject({ exitCode: 0 });
        await addEntries(server, [person('foreign')]);
        const seeded = await names(server);
        const looked = await run('reset', '--dry-run');
        expect(looked.stdout.match(/^- /gm)).toHaveLength(seeded.length - before.length - 1);
        expect((await run('reset')).stderr).toContain('error: Nobody can be asked');
        const env = { KEYSTONE_LDAP_STATE_DIR: folder.path };
        expect((await runCliAsAdmin(server, ['reset'], { env, answers: ['dc=other'] })).exitCode).toBe(1);
        expect(await names(server)).toEqual(seeded);
        expect(
          (await runCliAsAdmin(server, ['reset'], { env, answers: ['DC=example, DC=com'] })).exitCode,
        ).toBe(0);
        expect(await names(server)).toEqual([...before, person('foreign').dn].sort());
        expect((await run('reset', '--yes')).stdout).toBe(
          `Nothing that keystone-ldap made is left below ${SUFFIX}.\n`,
        );
        expect(await run('undo', '--yes')).toMatchObject({ exitCode: 0 });
        const unregistered = (await names(server)).filter((dn) => !dn.includes('cn=keystone-ldap,'));
        expect(unregistered).toEqual(seeded);
      }));

    test('takes away what the registry lists, and the registry with it', () =>
      withServer(async (server, directory) => {
        using folder = new DisposableFolder();
        const before = await names(server);
        await carryOut(directory, 'one', [unit('a'), person('mine', unit('a').dn)]);
        const { exitCode } = await runCliAsAdmin(server, ['reset', '--yes', '--state-dir', folder.path]);
        expect(exitCode).toBe(0);
        expect(await names(server)).toEqual(before);
      }));
  });
});
