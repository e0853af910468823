import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { DeclaredSystem } from '../support/declared-system.ts';
import { describeLive } from '../support/describe-live.ts';
import { countEntries } from '../support/read-entries.ts';
import { runCli } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';
import { testIo } from '../support/test-io.ts';

const RELEASE = '2026.1';
const START = 'users: [{ name: alice, password: one }]';
const MANY = 5000;

/** As root over ldapi, whom access rules bind as they do not bind the rootdn. */
async function declare(system: DeclaredSystem, identities: string, release = RELEASE): Promise<void> {
  const { ldapiUri } = system.server;
  await system.declare(release, identities, `{ uri: '${ldapiUri}', config: { uri: '${ldapiUri}' } }`);
}

async function forbid(server: Sandbox, dn: string): Promise<void> {
  await using config = await asManager(server);
  const rule = `{0}to dn.exact="${dn}" by * read`;
  await config.modify('olcDatabase={1}mdb,cn=config', [
    { operation: 'add', attribute: 'olcAccess', values: [rule] },
  ]);
}

/** Returns once a run has begun to write users. */
async function untilUsers({ ldapiUri, suffix }: Sandbox): Promise<void> {
  while ((await countEntries(ldapiUri, `ou=Users,${suffix}`)) < 100) await delay(5);
}

describeLive('apply --undo-on-failure', (slapd) => {
  const options = { slapd, tuning: { frontend: { olcSizeLimit: ['unlimited'] } } };

  async function started(): Promise<DeclaredSystem> {
    const system = await DeclaredSystem.create(await startSandbox(options), RELEASE);
    await declare(system, START);
    await system.apply();
    await system.write(
      'people.csv',
      ['name', ...Array.from({ length: MANY }, (_, at) => `u${at}`), ''].join('\n'),
    );
    return system;
  }

  test('takes back what was made where the server refuses a part', async () => {
    await using system = await started();
    await forbid(system.server, `cn=erin,ou=Users,${system.server.suffix}`);
    await declare(system, 'users: [{ name: alice, description: A }, { name: dora }, { name: erin }]');
    const before = await system.dump();
    const apply = ['apply', system.file, '--yes'];
    const failed = await system.run(...apply, '--undo-on-failure');
    expect(failed.exitCode).toBe(2);
    expect(failed.stderr).toContain('Cannot add cn=erin,');
    expect(failed.stderr).toMatch(
      /All is as it was before: \d changes? made to take it back\.\nhint: Fix the cause/,
    );
    expect(await system.dump()).toEqual(before);
    expect((await system.run(...apply)).exitCode).toBe(2);
    expect(await system.dump()).not.toEqual(before);
  });

  test('takes back users of a stream', async () => {
    await using system = await started();
    await forbid(system.server, `cn=u${MANY - 10},ou=Users,${system.server.suffix}`);
    await declare(system, 'files: [people.csv]');
    const before = await system.dump();
    const { exitCode, stderr } = await system.run('apply', system.file, '--yes', '--undo-on-failure');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot add cn=u${MANY - 10},`);
    expect(stderr).toContain('All is as it was before');
    expect(await system.dump()).toEqual(before);
  });

  test('takes back what Ctrl-C ended', async () => {
    await using system = await started();
    await declare(system, 'files: [people.csv]');
    const before = await system.dump();
    const { io, abort, stderr } = testIo();
    const running = main(['apply', system.file, '--yes', '--undo-on-failure'], io);
    await untilUsers(system.server);
    abort();
    expect(await running).toBe(130);
    expect(stderr()).toContain('All is as it was before');
    expect(await system.dump()).toEqual(before);
  });

  test('names the way back where the server is gone', async () => {
    await using system = await started();
    await declare(system, 'files: [people.csv]');
    const { io, stderr } = testIo();
    const running = main(['apply', system.file, '--yes', '--undo-on-failure'], io);
    await untilUsers(system.server);
    process.kill(system.server.pid, 'SIGKILL');
    expect(await running).toBe(2);
    expect(stderr()).toMatch(
      /What was made before could not be taken back: Cannot bind to [^]*hint: keystone-ldap undo \d{8}T/,
    );
  });

  test('says what cannot be taken back', async () => {
    await using system = await started();
    await forbid(system.server, `uid=erin,ou=Users,${system.server.suffix}`);
    await declare(system, 'users: [{ name: erin }]', '2011.3');
    const before = await system.dump();
    const apply = ['apply', system.file, '--yes', '--undo-on-failure', '--allow-other-release'];
    const { exitCode, stderr } = await system.run(...apply);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/remark: [^\n]*schema[^\n]*\n/);
    expect(stderr).toContain('All but what the remarks name is as it was before');
    expect(await system.dump()).toEqual(before);
  });

  test('says so where nothing was changed', async () => {
    await using system = await started();
    await forbid(system.server, `cn=alice,ou=Users,${system.server.suffix}`);
    await declare(system, 'users: [{ name: alice, description: A }]');
    const before = await system.dump();
    const { exitCode, stderr } = await system.run('apply', system.file, '--yes', '--undo-on-failure');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/Cannot modify cn=alice,[^\n]* Nothing was changed\.\nhint: Fix the cause/);
    expect(await system.dump()).toEqual(before);
  });

  test('needs a journal', async () => {
    const { exitCode, stderr } = await runCli(['apply', '--undo-on-failure', '--no-journal']);
    expect([exitCode, stderr.split('\n')[0]]).toEqual([
      2,
      "error: option '--undo-on-failure' cannot be used with option '--no-journal'",
    ]);
  });
});
