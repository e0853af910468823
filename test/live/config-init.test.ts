import { spawn } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { testNeeding } from '../support/needs/needing.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const CLI = fileURLToPath(new URL('../support/cli-process.js', import.meta.url));
const TYPIST = fileURLToPath(new URL('../support/type_answers.py', import.meta.url));

/** A folder with what the new file is to name. */
async function folderFor(server: Sandbox): Promise<(name: string) => string> {
  const folder = DisposableFolder.ofTest().path;
  const path = (name: string): string => join(folder, name);
  await writeFile(path('admin.pw'), server.password.reveal());
  await writeFile(path('users.yaml'), 'users: [{ name: alice, password: secret }]\n');
  await copyFile(packageFile('fixtures/keystone-conf/2011.3.conf'), path('keystone.conf'));
  return path;
}

async function expectApplies(file: string, server: Sandbox): Promise<void> {
  const env = { KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri };
  const applied = await runCli(['apply', file, '--yes'], { env });
  expect(applied.exitCode, applied.stderr).toBe(0);
  expect(applied.stdout).toContain('(user alice)');
  expect(applied.stdout).toContain('+ldap_url = ');
  expect((await runCli(['plan', file, '--exit-code'], { env })).exitCode).toBe(0);
}

describeLive('config init', (slapd) => {
  test('writes what the flags say, relative to the new file, and it applies', async () => {
    await using server = await startSandbox({ slapd });
    const path = await folderFor(server);
    const file = path('keystone-ldap.yaml');
    const { uri, bindDn, suffix } = server;
    const written = await runCli([
      ...['config', 'init', file, '--release', 'diablo', '-H', uri, '-D', bindDn, '-b', suffix],
      ...['-y', path('admin.pw'), '--service-account', `cn=keystone,${suffix}`],
      ...['--generate-service-password', path('keystone.pw')],
      ...['--keystone-conf', path('keystone.conf'), '--file', path('users.yaml')],
    ]);
    expect(written).toMatchObject({ exitCode: 0, stderr: '' });
    const content = await readFile(file, 'utf8');
    expect(content).toContain('\n  password_file: admin.pw\n');
    expect(content).toContain(`\n# map: { user_id_attribute: uid }\n`);
    await expectApplies(file, server);
  });

  testNeeding(['python3'], 'asks for the rest on a terminal', async () => {
    await using server = await startSandbox({ slapd });
    const path = await folderFor(server);
    const file = path('keystone-ldap.yaml');
    const answers = [
      ['Which keystone.conf', path('keystone.conf')],
      ['Which Keystone release?', '2011.3'],
      ['Which server', server.uri],
      ['Bind as which DN', server.bindDn],
      ['Password file for this account', path('admin.pw')],
      ['Below which suffix', ''],
      ['Which account shall Keystone bind as', ''],
      ['Which file of identities', path('users.yaml')],
    ];
    const typist = spawn('python3', [TYPIST], { stdio: ['pipe', 'pipe', 'inherit'] });
    typist.stdin.end(
      JSON.stringify({
        command: ['/usr/bin/env', 'PATH=', process.execPath, CLI, 'config', 'init', file],
        answers,
      }),
    );
    const shown = await text(typist.stdout);
    expect(shown).toContain(`Wrote ${file}`);
    expect(await readFile(file, 'utf8')).toContain("\nrelease: '2011.3'\n".replaceAll("'", '"'));
    await expectApplies(file, server);
  });

  test('does not write over a file, and writes a valid one where only the release is known', async () => {
    const file = join(DisposableFolder.ofTest().path, 'k.yaml');
    const guess = await runCli(['config', 'init', file]);
    expect(guess).toMatchObject({ exitCode: 2 });
    expect(guess.stderr).toContain('--release NAME (or KEYSTONE_LDAP_RELEASE) is missing');
    expect(await runCli(['config', 'init', file, '-r', 'zed'])).toMatchObject({ exitCode: 0 });
    const before = await readFile(file, 'utf8');
    const again = await runCli(['config', 'init', file, '-r', 'zed']);
    expect(again).toMatchObject({ exitCode: 2 });
    expect(again.stderr).toContain('it exists, and is not written over');
    expect(await readFile(file, 'utf8')).toBe(before);
  });
});

describeLive('-f', (slapd) => {
  test('is beaten by flags, and beats the environment', async () => {
    await using server = await startSandbox({ slapd });
    const file = join(DisposableFolder.ofTest().path, 'k.yaml');
    await writeFile(file, `release: 2012-01-20\ntrees: { user: 'ou=People,${server.suffix}' }\n`);
    const plan = async (...argv: readonly string[]): Promise<string> => {
      const env = { KEYSTONE_LDAP_RELEASE: '2026.1' };
      const { stdout, stderr } = await runCliAsAdmin(server, ['init', '-f', file, '-n', ...argv], { env });
      expect(stderr).toContain('to add');
      return stdout;
    };
    expect(await plan()).toContain('keystoneName');
    expect(await plan()).toContain('ou=People');
    expect(await plan('-r', '2011.3')).not.toContain('keystoneName');
    expect(await plan('--user-tree-dn', `ou=Staff,${server.suffix}`)).not.toContain('ou=People');
  });

  test('the password of the file is not for whom a flag names; passwords may be in variables', async () => {
    await using server = await startSandbox({ slapd });
    const folder = DisposableFolder.ofTest().path;
    const file = join(folder, 'k.yaml');
    const { uri, bindDn, ldapiUri } = server;
    await writeFile(
      file,
      `server: { uri: '${uri}', bind_dn: '${bindDn}', password_env: MY_PASSWORD, config: { uri: '${ldapiUri}' } }\n`,
    );
    const env = { MY_PASSWORD: server.password.reveal() };
    expect(await runCli(['init', '-f', file], { env })).toMatchObject({ exitCode: 0 });
    const missing = await runCli(['init', '-f', file]);
    expect(missing.stderr).toContain('MY_PASSWORD');
    const other = await runCli(['init', '-f', file, '-D', 'cn=other'], { env });
    expect(other.stderr).toContain('The password of cn=other is missing');
    const none = await runCli(['seed', '-f', file], { env });
    expect(none).toMatchObject({ exitCode: 2 });
    expect(none.stderr).toContain('declares no identities');
  });
});
