import { describe, expect, onTestFinished, test } from 'vitest';
import { registryDn } from '../../src/history/registry.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startCuttingRelay } from '../support/cutting-relay.ts';
import { DeclaredSystem } from '../support/declared-system.ts';
import { describeLive } from '../support/describe-live.ts';
import { readEntries } from '../support/read-entries.ts';
import { renameEntry } from '../support/rename-entry.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const RELEASE = '2026.1';
const USERS = 'users: [{ name: ann, email: a@example.com }, { name: bob }]\n';
const GROUP = 'groups: [{ name: staff, members: [ann, bob] }]\n';
const user = (name: string): string => `cn=${name},ou=Users,${SUFFIX}`;

async function dns({ ldapiUri }: Sandbox): Promise<readonly string[]> {
  return Object.keys(await readEntries(ldapiUri, SUFFIX, ['1.1'])).sort();
}

describeLive('after others have changed what a run made', (slapd) => {
  async function applied(identities = USERS + GROUP) {
    const server = await startSandbox({ slapd });
    const system = await DeclaredSystem.create(server, RELEASE);
    await system.declare(RELEASE, identities);
    await system.apply();
    const state = { KEYSTONE_LDAP_STATE_DIR: system.path('state') };
    const run = (...argv: readonly string[]) => runCliAsAdmin(server, argv, { env: state });
    return { system, server, run };
  }

  /** The journals of DeclaredSystem's own runs are where those of all tests are. */
  const undo = (server: Sandbox, ...argv: readonly string[]) =>
    runCliAsAdmin(server, ['undo', '--yes', ...argv]);

  describe('undo ends, and the registry goes with its last entry', () => {
    test.each<[string, (server: Sandbox) => Promise<void>, readonly string[], readonly string[]]>([
      ['deleted', async (server) => await remove(server, user('ann')), [], []],
      [
        'renamed',
        async (server) => await renameEntry(server, user('ann'), 'cn=anna'),
        [],
        [SUFFIX, `ou=Users,${SUFFIX}`, user('anna')],
      ],
      [
        'changed',
        async (server) => await describeUser(server, user('ann')),
        ['--keep-changed'],
        [SUFFIX, `ou=Users,${SUFFIX}`, user('ann')],
      ],
    ])('where an entry was %s', async (what, change, flags, left) => {
      const { server } = await applied();
      onTestFinished(() => server.stop());
      await change(server);
      if (what !== 'deleted') {
        const refused = await undo(server);
        expect(refused.exitCode).toBe(2);
        expect(refused.stderr).toContain('--keep-changed');
        flags = ['--keep-changed'];
      }
      const { exitCode, stderr } = await undo(server, ...flags);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      const found = await dns(server);
      const inRegistry = found.filter((dn) => dn.includes('cn=keystone-ldap'));
      expect(found.filter((dn) => !inRegistry.includes(dn))).toEqual([...left].sort());
      const reset = await runCliAsAdmin(server, ['reset', '--yes']);
      expect({ ...reset }).toMatchObject({ exitCode: 0 });
    });
  });

  test('an entry whose parent is gone stops an undo; with the parent it comes back, with another entryUUID', async () => {
    const { system, server } = await applied();
    onTestFinished(() => server.stop());
    await using session = await asManager(server);
    const tree = `ou=UserGroups,${SUFFIX}`;
    const group = `cn=staff,${tree}`;
    const before = await session.read(group, ['entryUUID', 'member']);
    await system.declare(RELEASE, USERS);
    expect(await system.run('apply', system.file, '--yes', '--prune')).toMatchObject({ exitCode: 0 });
    expect(await session.read(group, ['1.1'])).toBeUndefined();
    await remove(server, tree);
    const refused = await undo(server);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`${group} cannot be made again: there is no ${tree} any more`);
    await session.add({ dn: tree, attributes: { objectClass: ['organizationalUnit'], ou: ['UserGroups'] } });
    expect(await undo(server)).toMatchObject({ exitCode: 0 });
    const after = await session.read(group, ['entryUUID', 'member']);
    expect(after?.attributes['member']).toEqual(before?.attributes['member']);
    expect(after?.attributes['entryUUID']).not.toEqual(before?.attributes['entryUUID']);
  });

  test('reset --registry-only clears what doctor finds, and deletes nothing else', async () => {
    const { system, server, run } = await applied();
    onTestFinished(() => server.stop());
    await using session = await asManager(server);
    await session.delete(`cn=staff,ou=UserGroups,${SUFFIX}`);
    const device = { objectClass: ['device'] };
    await session.add({ dn: `cn=stopped,${registryDn(SUFFIX)}`, attributes: device });
    const before = await dns(server);
    const doctor = () =>
      run(
        ...['doctor', '-r', RELEASE, '--keystone-conf', system.path('keystone.conf')],
        ...['--config-uri', server.ldapiUri, '--json'],
      );
    expect((await doctor()).stdout).toContain('REGISTRY_STALE');
    const cleared = await run('reset', '--registry-only', '--yes');
    expect(cleared).toMatchObject({ exitCode: 0 });
    expect((await doctor()).stdout).not.toContain('REGISTRY_STALE');
    const after = await dns(server);
    expect(before.filter((dn) => !after.includes(dn))).toEqual([`cn=stopped,${registryDn(SUFFIX)}`]);
    expect((await run('reset', '--registry-only', '--yes')).stdout).toContain('Nothing that keystone-ldap');
  });

  test('an entry of others in the place of the registry is left alone, and stops apply before it writes', async () => {
    await using server = await startSandbox({ slapd });
    const system = await DeclaredSystem.create(server, RELEASE);
    await using session = await asManager(server);
    await session.add({
      dn: SUFFIX,
      attributes: { objectClass: ['organization', 'dcObject'], dc: ['example'], o: ['x'] },
    });
    const printer = { objectClass: ['device'], description: ['a printer'] };
    await session.add({ dn: registryDn(SUFFIX), attributes: printer });
    const before = await dns(server);
    await system.declare(RELEASE, USERS);
    const { exitCode, stderr } = await system.run('apply', system.file, '--yes');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('exists and is not the registry of keystone-ldap');
    expect(await dns(server)).toEqual(before);
    expect(await runCliAsAdmin(server, ['reset', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(await dns(server)).toEqual(before);
  });

  test('plan and apply count what is written, the registry too', async () => {
    await using server = await startSandbox({ slapd });
    await using relay = await startCuttingRelay(server.ldapiUri, `${server.dir}/relay`);
    const system = await DeclaredSystem.create(server, RELEASE);
    await system.write('ADMIN', server.password.reveal());
    const through = `{ uri: '${relay.uri}', bind_dn: '${server.bindDn}', password_file: ADMIN, config: { uri: '${relay.uri}' } }`;
    const count = ({ stdout, stderr }: { stdout: string; stderr: string }): number => {
      const said = /(\d+) (?:added|to add), (\d+) (?:changed|to change), (\d+) (?:removed|to remove)/;
      const numbers = said
        .exec(stdout + stderr)
        ?.slice(1)
        .map(Number) ?? [NaN];
      return numbers.reduce((sum, one) => sum + one);
    };
    for (const [identities, edits] of [
      [USERS + GROUP, 1] as const,
      [USERS.replace(', { name: bob }', ''), 0] as const,
    ]) {
      await system.declare(RELEASE, identities, through);
      const planned = count(await system.run('plan', '--prune', system.file));
      relay.arm();
      const done = await system.run('apply', system.file, '--yes', '--prune');
      expect(done).toMatchObject({ exitCode: 0 });
      // The edit of keystone.conf is none of the server.
      const made = relay.writes + edits;
      expect({ planned, counted: count(done) }).toEqual({ planned: made, counted: made });
    }
  });

  test('pruning puts no placeholder into a group that gets other members', async () => {
    const { system, server } = await applied(USERS + 'groups: [{ name: staff, members: [bob] }]\n');
    onTestFinished(() => server.stop());
    await system.declare(
      RELEASE,
      'users: [{ name: ann, email: a@example.com }]\ngroups: [{ name: staff, members: [ann] }]\n',
    );
    expect(await system.run('apply', system.file, '--yes', '--prune')).toMatchObject({ exitCode: 0 });
    const group = `cn=staff,ou=UserGroups,${SUFFIX}`;
    const [{ member = [] } = {}] = Object.values(await readEntries(server.ldapiUri, group, ['member']));
    expect(member).toEqual([user('ann')]);
  });

  describe('another server', () => {
    test('is refused, an empty one too; the run is not undone, and --other-server insists', async () => {
      const { server } = await applied();
      onTestFinished(() => server.stop());
      await using empty = await startSandbox({ slapd });
      await using other = await startSandbox({ slapd });
      const there = await DeclaredSystem.create(other, RELEASE);
      await there.declare(RELEASE, USERS + GROUP);
      await there.run('apply', there.file, '--yes', '--no-journal');
      const filled = await dns(other);
      const id = await latestRun(server);
      for (const wrong of [empty, other]) {
        const { exitCode, stderr } = await undo(wrong, '-H', wrong.uri, id);
        expect(exitCode).toBe(2);
        expect(stderr).toContain(`${wrong.uri} is not the directory that run ${id} changed`);
      }
      expect(await dns(other)).toEqual(filled);
      const { stdout } = await runCliAsAdmin(server, ['history']);
      expect(stdout).toMatch(new RegExp(`^${id} .* complete$`, 'm'));
      // Over another address it is the same one.
      const local = await undo(server, '-H', server.ldapiUri, id, '--dry-run');
      expect(local).toMatchObject({ exitCode: 0 });
      expect(await undo(server, '-H', server.ldapiUri, id)).toMatchObject({ exitCode: 0 });
    });

    test('at the same address is found out, and reset counts its runs if told', async () => {
      const { server } = await applied();
      onTestFinished(() => server.stop());
      const id = await latestRun(server);
      await using session = await asManager(server);
      const all = await dns(server);
      const byDepth = all.toSorted((a, b) => b.split(',').length - a.split(',').length);
      await using admin = await asRootdn(server);
      for (const dn of byDepth) await admin.delete(dn);
      expect((await undo(server, id)).stderr).toContain('is not the directory');
      const reset = await runCliAsAdmin(server, ['reset', '--yes', '-b', SUFFIX]);
      expect({ ...reset }).toMatchObject({ exitCode: 2 });
      expect(reset.stderr).toContain('--other-server');
      const insisted = await undo(server, id, '--other-server');
      expect(insisted).toMatchObject({ exitCode: 0 });
      expect(await session.read(SUFFIX, ['1.1'])).toBeUndefined();
    });
  });
});

async function asRootdn({ uri, bindDn, password }: Sandbox) {
  const { openSession } = await import('../../src/directory/open-session.ts');
  return await openSession({ uri, credentials: { kind: 'simple', dn: bindDn, password } });
}

async function remove(server: Sandbox, dn: string): Promise<void> {
  await using session = await asManager(server);
  await session.delete(dn);
}

async function describeUser(server: Sandbox, dn: string): Promise<void> {
  await using session = await asManager(server);
  await session.modify(dn, [{ operation: 'replace', attribute: 'description', values: ['by hand'] }]);
}

async function latestRun(server: Sandbox): Promise<string> {
  const { stdout } = await runCliAsAdmin(server, ['history', '--json']);
  const { runs } = JSON.parse(stdout) as { runs: { id: string; server?: string }[] };
  const run = runs.find((one) => one.server === server.uri);
  if (run === undefined) throw new Error(`no run on ${server.uri}`);
  return run.id;
}
