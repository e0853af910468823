import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import { listSandboxes } from '../../src/sandbox/sandbox-registry.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { testNeeding } from '../support/needs/needing.ts';
import { isRunning } from '../support/is-running.ts';
import { runCli } from '../support/run-cli.ts';

const CLI = fileURLToPath(new URL('../support/cli-process.js', import.meta.url));

interface Facts {
  readonly id: string;
  readonly uri: string;
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
}

describeLive('sandbox --detach', (slapd) => {
  const env = { PATH: process.env['PATH'], KEYSTONE_LDAP_SLAPD: slapd.slapd };
  const sandbox = (...argv: string[]) => runCli(['sandbox', ...argv], { env });
  let registry: string;

  beforeEach(async () => {
    const temporary = await mkdtemp('/tmp/k-');
    vi.stubEnv('TMPDIR', temporary);
    registry = join(temporary, `keystone-ldap-${process.geteuid?.() ?? 0}`);
    onTestFinished(async () => {
      expect(await sandbox('stop', '--all')).toMatchObject({ exitCode: 0 });
      expect(await listSandboxes()).toEqual([]);
      vi.unstubAllEnvs();
      await rm(temporary, { recursive: true });
    });
  });

  /** By a process of its own, which has ended when this is done. */
  const detach = async (...argv: string[]): Promise<Facts> => {
    const child = spawn(process.execPath, [CLI, 'sandbox', '--detach', '--json', ...argv], {
      env: { ...env, TMPDIR: process.env['TMPDIR'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(stderr).toMatch(/(?:^|\n)It stays until "keystone-ldap sandbox stop \w{6}"\.\n$/);
    return JSON.parse(stdout) as Facts;
  };
  const read = async ({ environment }: Facts, dn: string): Promise<unknown> => {
    const { KEYSTONE_LDAP_URI: uri = '', KEYSTONE_LDAP_BIND_DN: bindDn = '' } = environment;
    const password = new Secret(environment['KEYSTONE_LDAP_PASSWORD'] ?? '');
    await using session = await openSession({ uri, credentials: { kind: 'simple', dn: bindDn, password } });
    return await session.read(dn, ['1.1']);
  };

  test('leaves a server that lives on, that others let live, and that stop ends', async () => {
    const facts = await detach('--release', 'zed', '--sample', 'modern');
    await using other = await startSandbox({ slapd });
    expect(await read(facts, 'cn=alice,ou=Users,dc=example,dc=com')).toBeDefined();
    const { stdout } = await sandbox('list');
    const lines = stdout.trimEnd().split('\n').toSorted();
    expect(lines).toEqual(
      [
        `${facts.id}  ${facts.uri}  detached, Keystone zed with identities`,
        `${other.dir.slice(-6)}  ${other.uri}  ends with process ${process.pid}`,
      ].toSorted(),
    );

    const stopped = { exitCode: 0, stdout: '', stderr: `Stopped ${facts.id}.\n` };
    expect(await sandbox('stop')).toEqual(stopped);
    expect(isRunning(facts.pid)).toBe(false);
    expect(await sandbox('stop')).toMatchObject({ exitCode: 0, stderr: 'No detached sandbox runs.\n' });
    expect(await read({ ...facts, environment: environmentOf(other) }, '')).toBeDefined();
  });

  test('tells who comes later how to connect, and nobody else', async () => {
    const facts = await detach('--suffix', 'o=X');
    const { stdout } = await sandbox('list', '--json');
    const { sandboxes } = JSON.parse(stdout) as { sandboxes: (Facts & { dir: string })[] };
    expect(sandboxes).toMatchObject([
      {
        id: facts.id,
        uri: facts.uri,
        slapdPid: facts.pid,
        detached: true,
        seeded: false,
        environment: facts.environment,
      },
    ]);
    const [{ dir } = { dir: '' }] = sandboxes;
    expect(statSync(join(dir, 'detached.json')).mode & 0o777).toBe(0o600);
    expect(await sandbox('stop', facts.id, '--json')).toMatchObject({
      stdout: expect.stringContaining(`"${facts.id}"`) as string,
    });
    expect(existsSync(dir)).toBe(false);
  });

  test('gives the port back when it is stopped', async () => {
    const { uri } = await detach();
    const { port } = new URL(uri);
    expect(await sandbox('--port', port, '--', 'true')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"keystone-ldap sandbox list" tells whether') as string,
    });
    await sandbox('stop');
    expect(await sandbox('--port', port, '--', 'true')).toMatchObject({ exitCode: 0 });
  });

  test('can be stopped where its folder was removed', async () => {
    const { id, uri, pid } = await detach();
    const [record] = await listSandboxes();
    await rm(record?.dir ?? '', { recursive: true });
    expect((await sandbox('list')).stdout).toBe(`${id}  ${uri}  its folder was removed; stop it\n`);
    expect(await sandbox('stop', id)).toMatchObject({ exitCode: 0 });
    expect(isRunning(pid)).toBe(false);
  });

  test('that died is cleaned up by the next list, and can be stopped before', async () => {
    for (const command of [['list'], ['stop', '--all']]) {
      const { pid } = await detach();
      process.kill(pid, 'SIGKILL');
      await vi.waitUntil(() => !isRunning(pid), { interval: 5 });
      expect(await sandbox(...command)).toMatchObject({ exitCode: 0, stdout: '' });
      expect(await listSandboxes()).toEqual([]);
    }
  });

  test('asks which of several to stop', async () => {
    const [one, two] = await Promise.all([detach(), detach()]);
    const { exitCode, stderr } = await sandbox('stop');
    expect(stderr).toMatch(/^error: 2 detached sandboxes run; which one\?\nhint: Name one of \w+, \w+, or/);
    expect(exitCode).toBe(2);
    expect(await sandbox('stop', one.id)).toMatchObject({ exitCode: 0 });
    expect([isRunning(one.pid), isRunning(two.pid)]).toEqual([false, true]);
  });

  test('stops none that is unknown, of a process that runs, or of another user', async () => {
    await using other = await startSandbox({ slapd });
    await mkdir(join(dirname(registry), 'keystone-ldap-4242', '1-a-abcdef'), { recursive: true });
    expect(await sandbox('stop', 'abcdef')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('You have no sandbox "abcdef".') as string,
    });
    expect(await sandbox('stop', other.dir.slice(-6))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`belongs to process ${process.pid}.`) as string,
    });
    expect(await sandbox('stop', '--all')).toMatchObject({ exitCode: 0 });
    expect(isRunning(other.pid)).toBe(true);
  });

  test.each([
    [['--detach', '--', 'true'], '--detach and a COMMAND cannot be given together.'],
    [['--detach', 'list'], '--detach does not go with sandbox list.'],
    [['stop', 'abcdef', '--all'], 'An ID and --all do not go together.'],
    [['stpo'], 'Did you mean "stop"?'],
    [['--sample', 'modern', '--file', 'a.yaml'], "'--sample [name]' cannot be used with"],
    [['--file', '/no/such.yaml'], 'Cannot read /no/such.yaml'],
  ])('refuses %j', async (argv, words) => {
    expect(await sandbox(...argv)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(words) as string,
    });
  });

  test('is stopped while it starts by Ctrl-C', async () => {
    const io = { env, signal: AbortSignal.abort() };
    expect(await runCli(['sandbox', '--detach'], io)).toMatchObject({ exitCode: 130 });
    expect(await listSandboxes()).toEqual([]);
  });
});

describeLive('sandbox', (slapd) => {
  const env = { PATH: process.env['PATH'], KEYSTONE_LDAP_SLAPD: slapd.slapd };

  test('writes identities of your own in the layout of a release', async () => {
    using folder = new DisposableFolder();
    const file = folder.write('a.yaml', 'users: [{ name: anna, password: secret }]');
    const words = ['--', process.execPath, CLI, 'verify', '--file', file];
    const { exitCode, stdout } = await runCli(['sandbox', '-r', 'zed', '--file', file, ...words], { env });
    expect(stdout).toContain('1 user');
    expect(exitCode).toBe(0);
  });

  testNeeding(
    ['openssl'],
    'with --tls gives certificate and CA to the command, openssl among them',
    async () => {
      const script = [
        '"$0" "$1" verify -ZZ || exit',
        '"$0" "$1" verify -H "$KEYSTONE_LDAP_LDAPS_URI" || exit',
        'test "$LDAPTLS_CACERT" = "$KEYSTONE_LDAP_CA_FILE" || exit',
        'openssl verify -x509_strict -purpose sslserver -CAfile "$LDAPTLS_CACERT" "${LDAPTLS_CACERT%/*}/server.pem"',
      ].join('\n');
      const words = ['--', 'sh', '-c', script, process.execPath, CLI];
      const { exitCode, stdout, stderr } = await runCli(['sandbox', '--tls', '--seed', ...words], { env });
      expect([stderr, exitCode]).toEqual(['', 0]);
      expect(stdout).toMatch(/\/server\.pem: OK\n$/);
    },
  );

  test('with --tls that stays shows both', async () => {
    const child = spawn(process.execPath, [CLI, 'sandbox', '--tls'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (shown += chunk));
    while (!shown.includes('ldapsearch -x')) await once(child.stdout, 'data');
    const [, ca = ''] = /^ {2}its CA {5}(\S+)$/m.exec(shown) ?? [];
    expect(existsSync(ca)).toBe(true);
    expect(shown).toMatch(/^ {2}ldaps {6}ldaps:\/\/127\.0\.0\.1:\d+$/m);
    child.kill();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(ca)).toBe(false);
  });
});

function environmentOf({ uri, bindDn, password }: Awaited<ReturnType<typeof startSandbox>>) {
  return {
    KEYSTONE_LDAP_URI: uri,
    KEYSTONE_LDAP_BIND_DN: bindDn,
    KEYSTONE_LDAP_PASSWORD: password.reveal(),
  };
}
