import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseLdif } from '../../src/directory/ldif.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { compiledCli, type CompiledCli } from '../support/compiled-cli.ts';
import { describeLive } from '../support/describe-live.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { countEntries, readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';

/** 50 with KEYSTONE_LDAP_KILLS=50; fewer suffice to see that nothing has changed. */
const KILLS = Number(process.env['KEYSTONE_LDAP_KILLS'] ?? 8);
const PEOPLE = ['--release', '2011.3', '--generate', 'users=20000,seed=42'];
const DATABASE = 'olcDatabase={1}mdb,cn=config';

let cli: CompiledCli;

function start(server: Sandbox, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [cli.script, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      KEYSTONE_LDAP_URI: server.uri,
      KEYSTONE_LDAP_BIND_DN: server.bindDn,
      KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
      KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri,
    },
  });
}

/** Kills a run at a random moment from the first write on; whether it was done by then. */
async function killed(child: ChildProcess): Promise<boolean> {
  const ended = once(child, 'exit');
  if (child.stderr !== null)
    for await (const line of createInterface(child.stderr)) if (line.startsWith('Writing')) break;
  await Promise.race([ended, delay(Math.random() * 400)]);
  const isDone = child.exitCode !== null;
  child.kill('SIGKILL');
  await ended;
  return isDone;
}

async function userCount({ ldapiUri, suffix }: Sandbox): Promise<number> {
  return (await countEntries(ldapiUri, `ou=Users,${suffix}`)) - 1;
}

describeLive('a seed that is killed', (slapd) => {
  const options = { slapd, release: '2011.3', tuning: { frontend: { olcSizeLimit: ['unlimited'] } } };
  beforeAll(async () => void (cli = await compiledCli()), 120_000);
  afterAll(async () => await cli[Symbol.asyncDispose]());

  test(
    'goes on where it stopped, with nothing lost or doubled',
    async () => {
      let kills = 0;
      let written: readonly (readonly [string, unknown])[] | undefined;
      while (kills < KILLS) {
        await using server = await startInitialised(options);
        let isDone = false;
        let before = 0;
        while (kills < KILLS && !isDone) {
          isDone = await killed(start(server, ['seed', ...PEOPLE]));
          const after = await userCount(server);
          expect(after).toBeGreaterThanOrEqual(before);
          [before, kills] = [after, kills + (isDone ? 0 : 1)];
        }
        expect(await runCliAsAdmin(server, ['seed', ...PEOPLE])).toMatchObject({ exitCode: 0 });
        const offline = await runCli([
          'seed',
          ...PEOPLE,
          '-b',
          server.suffix,
          '--with-trees',
          '--offline',
          '-',
        ]);
        written ??= parseLdif(offline.stdout).map(({ dn, attributes }) => [dn, attributes['mail']]);
        const all = await readEntries(server.ldapiUri, server.suffix, ['mail']);
        expect(
          Object.entries(all)
            .map(([dn, { mail }]) => [dn, mail])
            .sort(),
        ).toEqual([...written].sort());
        expect(await runCliAsAdmin(server, ['seed', ...PEOPLE])).toMatchObject({
          stdout: '20000 generated users: already up to date.\n',
        });
      }
      expect(kills).toBe(KILLS);
    },
    60_000 + KILLS * 6_000,
  );

  test('in bulk mode, the next run makes the database wait for the disk again, with the flags it had', async () => {
    const database = { olcDbNoSync: ['FALSE'], olcDbEnvFlags: ['nometasync'] };
    await using server = await startInitialised({ ...options, tuning: { ...options.tuning, database } });
    const flags = async () => {
      await using session = await asManager(server);
      return (await session.read(DATABASE, ['olcDbEnvFlags']))?.attributes['olcDbEnvFlags'];
    };
    expect(await killed(start(server, ['seed', ...PEOPLE, '--bulk']))).toBe(false);
    expect(await flags()).toEqual(['nometasync', 'nosync', 'writemap']);
    const { stderr } = await runCliAsAdmin(server, [
      'seed',
      '--release',
      '2011.3',
      '--generate',
      'users=5,seed=1',
    ]);
    expect(stderr).toContain('a run with --bulk was killed; olcDbEnvFlags of');
    expect(await flags()).toEqual(['nometasync']);
    expect(
      (await runCliAsAdmin(server, ['seed', '--release', '2011.3', '--generate', 'users=5,seed=1'])).stderr,
    ).not.toContain('--bulk');
    expect(await runCliAsAdmin(server, ['seed', ...PEOPLE, '--bulk'])).toMatchObject({ exitCode: 0 });
    expect(await flags()).toEqual(['nometasync']);
  });

  test('by Ctrl-C, finishes what is under way and says where it stands', async () => {
    await using server = await startInitialised(options);
    const child = start(server, ['seed', ...PEOPLE, '--bulk']);
    const ended = once(child, 'exit');
    const said: string[] = [];
    if (child.stderr !== null)
      for await (const line of createInterface(child.stderr)) {
        said.push(line);
        if (line.startsWith('Writing')) child.kill('SIGINT');
      }
    expect(await ended).toEqual([130, null]);
    const [, count] = /Interrupted: (\d+) of 20000 users are written\./.exec(said.join('\n')) ?? [];
    expect(await userCount(server)).toBe(Number(count));
  });
});
