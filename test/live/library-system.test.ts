import { expect, test } from 'vitest';
import {
  applySystem,
  findRelease,
  listRuns,
  loadIdentities,
  openSession,
  planSystem,
  planUndo,
  readRun,
  stepsOf,
  treesBelow,
  undoRun,
  withSystem,
  type SystemSpec,
} from '../../src/index.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { readEntries } from '../support/read-entries.ts';

const SUFFIX = 'dc=example,dc=com';
const IDENTITIES = `
users:
  - { name: alice, password: correct-horse-7 }
  - { name: bob, password: correct-horse-8 }
groups:
  - { name: team, members: [alice] }
`;

describeLive('A program, without the command line', (slapd) => {
  test('plans a system, applies it, finds nothing left, and undoes it', async () => {
    await using server = await startSandbox({ slapd });
    using folder = new DisposableFolder();
    const release = findRelease('2026.1');
    const spec: SystemSpec = {
      release,
      suffix: SUFFIX,
      trees: treesBelow(release, SUFFIX),
      identities: await loadIdentities([folder.write('identities.yaml', IDENTITIES)]),
    };
    const config = { uri: server.ldapiUri, credentials: { kind: 'external' } } as const;
    const options = {
      uri: server.uri,
      credentials: { kind: 'simple', dn: server.bindDn, password: server.password },
    } as const;
    const before = await readEntries(server.ldapiUri, SUFFIX);
    const activities: string[] = [];
    const ports = {
      folder: folder.path,
      onActivity: (activity: string) => {
        activities.push(activity);
        return { onStep: () => undefined };
      },
    };

    const left = await withSystem(spec, { server: options, config }, async (system) => {
      const plan = await planSystem(system);
      expect(stepsOf(plan)).toBeGreaterThan(5);
      expect(await applySystem(system, plan, ports)).toEqual([]);
      return stepsOf(await planSystem(system));
    });
    expect(left).toBe(0);
    expect(activities).toContain('writing');
    const made = Object.keys(await readEntries(server.ldapiUri, SUFFIX));
    expect(made.length).toBeGreaterThan(Object.keys(before).length + 4);

    const [run] = await listRuns(folder.path);
    const recorded = await readRun(folder.path, run?.id ?? '');
    await using directory = await openSession(options);
    const open = {
      openDirectory: () => Promise.resolve(directory),
      openConfig: () => openSession(config),
    };
    await undoRun(recorded, await planUndo(recorded, open), { ...open, folder: folder.path });
    expect(await readEntries(server.ldapiUri, SUFFIX)).toEqual(before);
  });

  test('ends a run at the next step once it is aborted', async () => {
    await using server = await startSandbox({ slapd });
    const release = findRelease('2026.1');
    const spec: SystemSpec = { release, suffix: SUFFIX, trees: treesBelow(release, SUFFIX) };
    const options = { uri: server.ldapiUri, credentials: { kind: 'external' } } as const;
    const abort = new AbortController();
    abort.abort();
    await withSystem(spec, { server: options }, async (system) => {
      const plan = await planSystem(system);
      const ports = { folder: undefined, signal: abort.signal };
      await expect(applySystem(system, plan, ports)).rejects.toMatchObject({ code: 'CANCELLED' });
    });
  });
});
