import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { compiledCli, type CompiledCli } from '../support/compiled-cli.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { element, startFlood, type Flood } from '../support/start-flood.ts';

/** What docs/design.md promises against a server that never stops. */
const MOST_MEGABYTES = 500;

const text = (value: string): Buffer => element(0x04, Buffer.from(value));
const entry = (id: Buffer): Buffer =>
  element(0x30, id, element(0x64, text('uid=a,ou=Users,dc=example,dc=com'), element(0x30)));
const many = (one: Buffer): Buffer => Buffer.concat(Array.from({ length: 2000 }, () => one));
const announced = (bytes: number, id: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return Buffer.concat([Buffer.from([0x30, 0x84]), length, id, Buffer.from([0x64, 0x84]), length]);
};
const NOTHING = Buffer.alloc(0);

const FLOODS: readonly (readonly [string, (id: Buffer) => Flood])[] = [
  ['a message of 4 GB', (id) => ({ first: announced(0xffffffff, id), again: Buffer.alloc(65536, 'a') })],
  [
    'a message of indefinite length',
    (id) => ({ first: Buffer.concat([Buffer.from([0x30, 0x80]), id]), again: Buffer.alloc(65536, 'a') }),
  ],
  [
    'a value that never ends, in a message of 30 MB',
    (id) => ({
      first: Buffer.concat([
        announced(30_000_000, id),
        text('uid=a'),
        Buffer.from([0x04, 0x83, 0xff, 0xff, 0xff]),
      ]),
      again: Buffer.alloc(65536, 'a'),
    }),
  ],
  [
    'an attribute of millions of values',
    (id) => ({
      first: Buffer.concat([
        announced(30_000_000, id),
        text('uid=a'),
        Buffer.from([
          0x30, 0x84, 1, 0xc0, 0, 0, 0x30, 0x84, 1, 0xbf, 0, 0, 4, 1, 97, 0x31, 0x84, 1, 0xbe, 0, 0,
        ]),
      ]),
      again: many(Buffer.from([4, 0])),
    }),
  ],
  [
    'referrals without end',
    (id) => ({ first: NOTHING, again: many(element(0x30, id, element(0x73, text('ldap://other/dc=x')))) }),
  ],
  [
    'intermediate responses without end',
    (id) => ({ first: NOTHING, again: many(element(0x30, id, element(0x79))) }),
  ],
  [
    'notices without end',
    () => ({
      first: NOTHING,
      again: many(
        element(0x30, Buffer.from([2, 1, 0]), element(0x78, Buffer.from([10, 1, 0]), text(''), text(''))),
      ),
    }),
  ],
  ['entries without end', (id) => ({ first: NOTHING, again: many(entry(id)) })],
];

/** Requests of the connection that reads many users: it counts from 65,537. */
const isOfStream = (request: Buffer): boolean => request.includes(Buffer.from([2, 4, 0, 1, 0, 1, 0x63]));
const isForUsers = (request: Buffer): boolean =>
  request.includes('ou=Users,dc=example,dc=com') && request.includes(0x63);

describeLive('a server that never stops', (slapd) => {
  let cli: CompiledCli;
  let server: Sandbox;

  beforeAll(async () => {
    [cli, server] = await Promise.all([compiledCli(), startInitialised({ slapd, release: 'zed' })]);
  }, 300_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await cli[Symbol.asyncDispose]();
  });

  /** The command as a process, with the most memory that it has had. */
  function run(uri: string, argv: readonly string[]) {
    const folder = DisposableFolder.ofTest();
    const hook = folder.write(
      'peak.mjs',
      "process.on('exit', () => console.error(`peak ${process.resourceUsage().maxRSS}`));\n",
    );
    const env = {
      ...process.env,
      ...{ KEYSTONE_LDAP_URI: uri, KEYSTONE_LDAP_BIND_DN: server.bindDn },
      ...{
        KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
        KEYSTONE_LDAP_STATE_DIR: `${folder.path}/state`,
      },
    };
    const child = spawn(process.execPath, ['--import', hook, cli.script, ...argv], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    const ended = once(child, 'close').then(([exitCode]) => ({
      exitCode: exitCode as number | null,
      said,
      megabytes: Number(/peak (\d+)/.exec(said)?.[1]) / 1024,
    }));
    return { child, ended };
  }

  const READ = ['seed', '--release', 'zed', '--sample', 'modern', '--timeout', '10'];
  const STREAM = ['seed', '--release', 'zed', '--generate', 'users=1200,seed=1', '--timeout', '3'];

  test.each(FLOODS)('ends what reads an entry, by %s', { timeout: 120_000 }, async (_, floodOf) => {
    await using flood = await startFlood(server, isForUsers, floodOf);
    const { exitCode, said, megabytes } = await run(flood.uri, READ).ended;
    expect(said).toMatch(/^error: Cannot /m);
    expect(exitCode).toBe(2);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });

  test.each(FLOODS.slice(0, -1))(
    'ends what reads a stream, by %s',
    { timeout: 120_000 },
    async (_, floodOf) => {
      await using flood = await startFlood(server, isOfStream, floodOf);
      const { exitCode, said, megabytes } = await run(flood.uri, STREAM).ended;
      expect(said).toMatch(/^error: Cannot search /m);
      expect(exitCode).toBe(2);
      expect(megabytes).toBeLessThan(MOST_MEGABYTES);
    },
  );

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('is left at %s', { timeout: 120_000 }, async (signal, code) => {
    await using flood = await startFlood(server, isOfStream, (id) => ({
      first: NOTHING,
      again: many(entry(id)),
    }));
    const { child, ended } = run(flood.uri, STREAM.slice(0, -2));
    await flood.flooding;
    child.kill(signal);
    const { exitCode, megabytes } = await ended;
    expect(exitCode).toBe(code);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });
});
