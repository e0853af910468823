import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { pathWithClientTools } from '../../src/sandbox/client-tools.ts';
import { listSandboxes } from '../../src/sandbox/sandbox-registry.ts';
import { describeLive } from '../support/describe-live.ts';
import { isRunning } from '../support/is-running.ts';
import { testIo, type TestIo } from '../support/test-io.ts';

const CLI = fileURLToPath(new URL('../support/cli-process.js', import.meta.url));

interface Run extends Omit<TestIo, 'io'> {
  readonly exitCode: Promise<number>;
}

describeLive('sandbox', (slapd) => {
  const env = { PATH: process.env['PATH'], KEYSTONE_LDAP_SLAPD: slapd.slapd };

  const start = (argv: readonly string[], more: Record<string, string> = {}): Run => {
    const { io, ...rest } = testIo({ env: { ...env, ...more } });
    const exitCode = main(['sandbox', ...argv], io);
    onTestFinished(async () => {
      rest.abort();
      await exitCode;
    });
    return { ...rest, exitCode };
  };
  const run = async (argv: readonly string[], more?: Record<string, string>) => {
    const { exitCode, stdout, stderr } = start(argv, more);
    return { exitCode: await exitCode, stdout: stdout(), stderr: stderr() };
  };
  /** JSON is complete with the line that closes it. */
  const stay = async (...argv: readonly string[]) => {
    const started = start(['--json', ...argv]);
    await started.untilPrinted('\n}\n');
    return { ...started, facts: JSON.parse(started.stdout()) as { uri: string; pid: number } };
  };

  // A registry of our own: other test files have sandboxes too.
  beforeEach(async () => {
    const temporary = await mkdtemp('/tmp/k-');
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(async () => {
      expect(await listSandboxes()).toEqual([]);
      vi.unstubAllEnvs();
      await rm(temporary, { recursive: true });
    });
  });

  describe('with a command', () => {
    test.each([
      ['exit 7', 7],
      ['kill -TERM $$', 143],
      ['exit 0', 0],
    ])('returns what a shell would say of "%s"', async (script, exitCode) => {
      expect(await run(['--', 'sh', '-c', script])).toEqual({ exitCode, stdout: '', stderr: '' });
    });

    test('gives it all that it needs to connect, and nothing of another server', async () => {
      const script = 'console.log(JSON.stringify(process.env))';
      const { stdout } = await run(['--suffix', 'o=Smith\\, Söhne', '--', 'node', '-e', script], {
        KEYSTONE_LDAP_PASSWORD_FILE: '/of/another',
        KEYSTONE_LDAP_CONFIG_PASSWORD_FILE: '/of/another',
        KEYSTONE_LDAP_CA_FILE: '/of/another',
        OWN: 'kept',
      });
      const variables = JSON.parse(stdout) as Record<string, string>;
      const uri = expect.stringMatching(/^ldap:\/\/127\.0\.0\.1:\d+$/) as string;
      const password = expect.stringMatching(/^[\w-]{20,}$/) as string;
      expect(variables).toEqual({
        ...env,
        PATH: pathWithClientTools(env.PATH, inject('clientTools')),
        OWN: 'kept',
        KEYSTONE_LDAP_URI: uri,
        KEYSTONE_LDAP_LDAPI_URI: expect.stringMatching(/^ldapi:\/\/%2F/) as string,
        KEYSTONE_LDAP_BIND_DN: 'cn=admin,o=Smith\\, Söhne',
        KEYSTONE_LDAP_PASSWORD: password,
        KEYSTONE_LDAP_SUFFIX: 'o=Smith\\, Söhne',
        KEYSTONE_LDAP_CONFIG_URI: uri,
        KEYSTONE_LDAP_CONFIG_BIND_DN: 'cn=admin,cn=config',
        KEYSTONE_LDAP_CONFIG_PASSWORD: password,
        KEYSTONE_LDAP_STATE_DIR: expect.stringMatching(/\/state$/) as string,
      });
    });

    test.each(['blog', '2011.3', 'essex-1', 'essex-3'])(
      'that is verify finds %s and its sample data, init and seed nothing to do',
      async (release) => {
        const commands = ['verify', 'init', 'seed'].map((name) => `"$0" "${CLI}" ${name} || exit`).join('; ');
        const words = ['--', 'sh', '-c', commands, process.execPath];
        const { exitCode, stdout, stderr } = await run(['--release', release, '--seed', ...words]);
        expect(stderr).not.toContain('error');
        expect(stdout.match(/already up to date/g)).toHaveLength(2);
        expect(exitCode).toBe(0);
      },
    );

    test('fills in the trees alone without --seed, and the default release with --seed alone', async () => {
      const print = ['--', 'sh', '-c', 'echo "$KEYSTONE_LDAP_RELEASE"'];
      expect(await run(['--release', 'diablo', ...print])).toMatchObject({ stdout: '2011.3\n' });
      expect(await run(['--seed', ...print])).toMatchObject({ stdout: '2011.3\n' });
      const words = ['--', process.execPath, CLI, 'verify'];
      expect(await run(['--release', '2011.3', ...words])).toMatchObject({ exitCode: 1 });
    });

    test.each([
      ['no-such-program', 127, 'error: Cannot run no-such-program: there is no such program.\n'],
      ['/etc', 126, 'error: Cannot run /etc: it is not executable.\n'],
      ['fetch', 127, 'error: Cannot run fetch: there is no such program.\n'],
    ])('that cannot be run, %s, ends as in a shell', async (program, exitCode, stderr) => {
      expect(await run(['--', program])).toEqual({ exitCode, stdout: '', stderr });
    });

    test('waits for it after an abort, and passes that on', async () => {
      const script =
        'trap "echo trapped; exit 9" TERM; echo ready; while :; do read -r x || sleep 0.01; done';
      const { untilPrinted, abort, exitCode, stdout } = start(['--', 'sh', '-c', script]);
      await untilPrinted('ready');
      abort();
      expect(await exitCode).toBe(9);
      expect(stdout()).toBe('ready\ntrapped\n');
    });
  });

  describe('that stays', () => {
    test('says how to connect, and ends well with an abort', async () => {
      const { untilPrinted, abort, exitCode, stdout, stderr } = start(['--seed']);
      await untilPrinted('ldapsearch -x');
      const exports = stdout()
        .split('\n')
        .filter((line) => line.startsWith('  export '));
      const child = spawn('sh', ['-c', `${exports.join('\n')}\nexec "$0" "${CLI}" verify`, process.execPath]);
      expect(await text(child.stdout)).toContain('5 users');
      abort();
      expect(await exitCode).toBe(0);
      expect(stderr()).toBe('It stays until Ctrl-C.\nStopped; nothing is left of it.\n');
    });

    test('runs side by side with others', async () => {
      const all = await Promise.all([stay(), stay(), stay()]);
      expect(new Set(all.map(({ facts }) => facts.uri)).size).toBe(3);
      expect(await listSandboxes()).toHaveLength(3);
    });

    test('ends with an error where slapd dies', async () => {
      const { facts, exitCode, stderr } = await stay();
      process.kill(facts.pid, 'SIGKILL');
      expect(await exitCode).toBe(2);
      expect(stderr()).toMatch(/error: slapd of the sandbox was killed; it said:\n[^]*slapd starting/);
    });
  });

  test.each([
    [['--suffix', 'example.com'], '--suffix: "example.com" is not a DN'],
    [['--suffix', ''], 'The suffix is empty.'],
    [['--release', '2011.4'], 'Did you mean "2011.3"?'],
    [['fecth'], 'Did you mean "fetch"?'],
    [['ldapsearch', '-x'], 'keystone-ldap sandbox -- ldapsearch -x'],
    [['--sufix', 'dc=x'], 'Did you mean --suffix?'],
    [['--port', '0'], 'It must be a number from 1 to 65535.'],
    [['--'], 'No COMMAND follows "--".'],
    [['--json', '--', 'true'], '--json and a COMMAND cannot be given together.'],
    [['--port', '3890', 'fetch'], '--port does not go with sandbox fetch.'],
    [['fetch', '--', 'true'], 'A COMMAND does not go with sandbox fetch.'],
  ])('refuses %j', async (argv, words) => {
    const { exitCode, stderr } = await run(argv);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
  });

  test('says that a port is taken, and that there is no slapd', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const taken = await run(['--port', String(port)]);
    expect(taken).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('The port is taken') as string,
    });
    const none = await run([], { KEYSTONE_LDAP_SLAPD: '/no/slapd' });
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('/no/slapd') as string });
  });

  describe('as a process', () => {
    const spawnStaying = async () => {
      const child = spawn(process.execPath, [CLI, 'sandbox', '--json'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
      onTestFinished(async () => {
        child.kill();
        await ended;
      });
      let json = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (json += chunk));
      while (!json.endsWith('\n}\n')) await once(child.stdout, 'data');
      const [record] = await listSandboxes();
      expect(JSON.parse(json)).toMatchObject({ pid: record?.slapdPid });
      return { child, ended, dir: record?.dir ?? '', slapdPid: record?.slapdPid ?? 0 };
    };

    test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends well by %s, however often', async (signal) => {
      const { child, ended, dir, slapdPid } = await spawnStaying();
      child.kill(signal);
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
      expect([existsSync(dir), isRunning(slapdPid)]).toEqual([false, false]);
    });

    test('killed with SIGKILL leaves what the next start cleans up', async () => {
      const { child, ended, dir, slapdPid } = await spawnStaying();
      child.kill('SIGKILL');
      await ended;
      expect([existsSync(dir), isRunning(slapdPid)]).toEqual([true, true]);
      expect(await run(['--', 'true'])).toMatchObject({ exitCode: 0 });
      await vi.waitUntil(() => !isRunning(slapdPid), { interval: 5 });
      expect(existsSync(dir)).toBe(false);
    });
  });
});
