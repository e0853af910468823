import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { RELEASES } from '../../src/releases/find-release.ts';
import { LEGACY_RELEASES } from '../../src/releases/legacy.ts';
import { listSandboxes } from '../../src/sandbox/sandbox-registry.ts';
import { describeLive } from '../support/describe-live.ts';
import { runCli } from '../support/run-cli.ts';
import { testIo } from '../support/test-io.ts';

describeLive('demo', (slapd) => {
  const env = { KEYSTONE_LDAP_SLAPD: slapd.slapd, PATH: process.env['PATH'], HOME: process.env['HOME'] };
  let folder: string;

  /** A temporary folder of its own, so that what others leave in the common one is no matter. */
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kl-'));
    vi.stubEnv('TMPDIR', folder);
  });

  afterEach(async () => {
    const sandboxes = await listSandboxes();
    const left = (await readdir(folder)).filter(
      (name) => name !== `keystone-ldap-${process.geteuid?.() ?? 0}`,
    );
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
    expect({ sandboxes, left }).toEqual({ sandboxes: [], left: [] });
  });

  test.each(RELEASES)(
    '$name: shows the four commands, the diff and the tree',
    async ({ name, title, conf }) => {
      const { exitCode, stdout, stderr } = await runCli(['demo', '--release', name], { env });
      expect(exitCode, stderr).toBe(0);
      const shown = [...stdout.matchAll(/^\$ keystone-ldap (\w+) --release (\S+)/gm)];
      expect(shown.map(([, command, release]) => [command, release])).toEqual(
        ['init', 'seed', 'configure', 'verify'].map((command) => [command, name]),
      );
      expect(stdout).toMatch(/\nKeystone logs \S+ in as \w+=\S+,ou=Users,dc=example,dc=com\n/);
      expect(stdout).toContain(`${title} finds what it needs`);
      expect(stdout).toMatch(
        /\nThe tree:\ndc=example,dc=com\n├── ou=Users\n(?:│ {3}├── .*\n)+│ {3}└── .*\n[├└]── ou=/,
      );
      expect(stdout).toMatch(/\nThe server and its files are gone again\.\n$/);
      expect(stdout).toMatch(
        conf.kind === 'legacy' ? /^\+ldap_password = \*\*\*$/m : /^\+password = \*\*\*$/m,
      );
    },
  );

  test.each(LEGACY_RELEASES)('$name: loads its schema and moves its entities', async ({ name }) => {
    const { stdout } = await runCli(['demo', '--release', name], { env });
    expect(stdout).toContain('+ cn=keystone,cn=schema,cn=config  (schema keystone)\n');
    expect(stdout).toContain(
      '-backends = keystone.backends.sqlalchemy\n+backends = keystone.backends.sqlalchemy,keystone.backends.ldap\n',
    );
    expect(stdout).toMatch(/\n {4}tenant \S+ \(default\): Member\n/);
    expect(stdout).toContain('ANOTHER:TENANT');
  });

  test('takes nothing of another server from the environment', async () => {
    const other = {
      KEYSTONE_LDAP_PASSWORD_FILE: '/nonexistent',
      KEYSTONE_LDAP_CONFIG_PASSWORD_FILE: '/nonexistent',
      KEYSTONE_LDAP_LOGIN_PASSWORD_FILE: '/nonexistent',
      KEYSTONE_LDAP_CONFIG_BIND_DN: 'cn=other',
      KEYSTONE_LDAP_CA_FILE: '/nonexistent',
    };
    const { exitCode, stderr } = await runCli(['demo'], { env: { ...env, ...other } });
    expect(exitCode, stderr).toBe(0);
  });

  test('is that of the default release', async () => {
    const { exitCode, stdout } = await runCli(['demo'], { env });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('$ keystone-ldap init --release 2011.3\n');
  });

  test.each(['A throw-away', '$ keystone-ldap seed', '$ keystone-ldap verify'])(
    'leaves nothing behind when it is interrupted at "%s"',
    async (text) => {
      const controller = new AbortController();
      const { io, stdout, stderr } = testIo({ env, signal: controller.signal });
      const watched = new Writable({
        write(chunk: Buffer, _encoding, done) {
          io.stdout.write(chunk);
          if (chunk.toString().includes(text)) controller.abort();
          done();
        },
      });
      expect(await main(['demo'], { ...io, stdout: watched })).toBe(130);
      expect(stderr()).toContain('Interrupted.');
      expect(stdout()).toContain('The server and its files are gone again.');
      expect(stdout()).not.toContain('The tree:');
    },
  );

  test('refuses a release that it does not know before it starts anything', async () => {
    const { exitCode, stdout } = await runCli(['demo', '--release', 'x'], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});
