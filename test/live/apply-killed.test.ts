import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWithin } from '../../src/directory/dn.ts';
import { registryDn } from '../../src/history/registry.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { compiledCli, type CompiledCli } from '../support/compiled-cli.ts';
import { DeclaredSystem } from '../support/declared-system.ts';
import { describeLive } from '../support/describe-live.ts';
import { countEntries, readEntries } from '../support/read-entries.ts';

const RELEASE = '2011.3';
const KILLS = Number(process.env['KEYSTONE_LDAP_KILLS'] ?? 50);
const USERS = 20_000;
/** About as long as a run writes, so that some kills come before the first entry and some behind the last. */
const MOST_MS = 1_500;

const ROWS = Array.from({ length: USERS }, (_, at) => `user${at},user${at}@example.com`);
const IDENTITIES = `files: [people.csv]
tenants: [{ name: staff, members: [user0, user19999] }]
roles: [{ name: Admin }]
grants: [{ role: Admin, user: user7 }]`;

let cli: CompiledCli;

/** Starts a run and kills it at a random moment behind the plan; whether it was done by then. */
async function killed({ file, folder }: DeclaredSystem): Promise<boolean> {
  const env = { ...process.env, KEYSTONE_LDAP_STATE_DIR: `${folder}/state` };
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [cli.script, 'apply', file, '--yes'], { env, stdio: [...stdio] });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  await Promise.race([ended, once(child.stdout, 'data')]);
  child.stdout.resume();
  await Promise.race([ended, delay(Math.random() * MOST_MS)]);
  const isDone = child.exitCode !== null;
  child.kill('SIGKILL');
  await ended;
  if (isDone) expect(child.exitCode, said).toBe(0);
  return isDone;
}

/** What counts of each entry; the tool's own registry has the names of runs in it. */
async function contentOf({ server: { ldapiUri, suffix } }: DeclaredSystem): Promise<readonly string[]> {
  const all = await readEntries(ldapiUri, suffix, ['objectClass', 'mail', 'member', 'uid']);
  return Object.entries(all)
    .filter(([dn]) => !isWithin(dn, registryDn(suffix)))
    .map(([dn, attributes]) => JSON.stringify([dn, attributes]))
    .sort();
}

describeLive('an apply that is killed', (slapd) => {
  beforeAll(async () => void (cli = await compiledCli()), 120_000);
  afterAll(async () => await cli[Symbol.asyncDispose]());

  async function declared(): Promise<DeclaredSystem> {
    const server = await startSandbox({ slapd, tuning: { frontend: { olcSizeLimit: ['unlimited'] } } });
    const system = await DeclaredSystem.create(server, RELEASE);
    await system.write('people.csv', ['name,email', ...ROWS, ''].join('\n'));
    await system.declare(RELEASE, IDENTITIES);
    return system;
  }

  test(
    `${KILLS} times converges each time, with nothing lost or doubled`,
    async () => {
      await using undisturbed = await declared();
      await undisturbed.apply();
      const wanted = await contentOf(undisturbed);
      expect(wanted.length).toBeGreaterThan(USERS);
      let kills = 0;
      while (kills < KILLS) {
        await using system = await declared();
        let before = 0;
        let isDone = false;
        while (kills < KILLS && !isDone) {
          isDone = await killed(system);
          const count = await countEntries(system.server.ldapiUri, system.server.suffix);
          expect(count).toBeGreaterThanOrEqual(before);
          [before, kills] = [count, kills + (isDone ? 0 : 1)];
        }
        const { stdout } = await system.apply();
        expect(stdout).toMatch(/already up to date\.\n$/);
        expect(await contentOf(system)).toEqual(wanted);
      }
    },
    60_000 + KILLS * 10_000,
  );
});
