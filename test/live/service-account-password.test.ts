import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { hashSha512Crypt } from '../../src/identities/passwords/password-hash.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { accountOf, bindAs, initWith, passwordFile, SERVICE_PASSWORD } from '../support/service-account.ts';

const containing = (text: string) => expect.stringContaining(text) as string;

async function expectBind(server: RunningSlapd, password: string): Promise<void> {
  await using session = await bindAs(server, accountOf(server), password);
  expect(await session.read('', ['1.1'])).toBeDefined();
}

async function storedPasswords(server: RunningSlapd): Promise<readonly string[] | undefined> {
  const dn = accountOf(server);
  return (await readEntries(server.ldapiUri, dn, ['userPassword']))[dn]?.['userPassword'];
}

/** An account that is there before `init`, with this value as its password, or none. */
async function addAccount(server: RunningSlapd, userPassword: readonly string[]): Promise<void> {
  expect(await runCliAsAdmin(server, ['init'])).toMatchObject({ exitCode: 0 });
  await using session = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
  await session.add({
    dn: accountOf(server),
    attributes: { objectClass: ['person'], cn: ['keystone'], sn: ['ours'], userPassword },
  });
}

describeLive('the password of the service account', (slapd) => {
  test('is generated into a file for its owner alone, and shown nowhere', async () => {
    await using server = await startSandbox({ slapd });
    const file = join(DisposableFolder.ofTest().path, 'generated.pw');
    const flags = ['--generate-service-password', file];
    const { exitCode, stdout, stderr } = await initWith(server, ...flags);
    expect(exitCode).toBe(0);
    expect((await stat(file)).mode & 0o7777).toBe(0o600);
    expect(await readdir(dirname(file))).toEqual(['generated.pw']);
    const password = (await readFile(file, 'utf8')).replace(/\n$/, '');
    expect(password).toMatch(/^[\w-]{24}$/);
    expect(stdout + stderr).not.toContain(password);
    expect(stdout).toContain('userPassword: ***');
    const [stored] = (await storedPasswords(server)) ?? [];
    expect(stored).toMatch(/^\{SSHA\}/);
    expect(stdout + stderr).not.toContain(stored);
    await expectBind(server, password);
    expect(await initWith(server, ...flags)).toMatchObject({
      exitCode: 0,
      stdout: containing('already up to date'),
    });
    expect(await readFile(file, 'utf8')).toBe(`${password}\n`);
  });

  test('is generated for nobody by --dry-run, which shows the whole plan', async () => {
    await using server = await startSandbox({ slapd });
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const file = join(DisposableFolder.ofTest().path, 'generated.pw');
    const flags = ['--generate-service-password', file, '--dry-run'];
    const { exitCode, stdout } = await initWith(server, ...flags);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      '~ olcDatabase={1}mdb,cn=config  (access of the service account to dc=example,dc=com)\n',
    );
    expect(stdout).toContain('    + olcLimits: {0}dn.exact="cn=keystone,dc=example,dc=com" size=unlimited\n');
    expect(stdout).toContain('+ cn=keystone,dc=example,dc=com  (service account)\n');
    expect(await readdir(dirname(file))).toEqual([]);
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
    const { stdout: json } = await initWith(server, ...flags, '--json');
    expect(JSON.parse(json)).toMatchObject({
      changes: expect.arrayContaining([
        expect.objectContaining({ kind: 'modify-config', dn: 'olcDatabase={1}mdb,cn=config' }),
        expect.objectContaining({
          kind: 'add-entry',
          attributes: expect.objectContaining({ userPassword: ['***'] }) as unknown,
        }),
      ]) as unknown,
    });
  });

  test('that was generated for a run which failed is the one of the next run', async () => {
    await using server = await startSandbox({ slapd });
    expect(await runCliAsAdmin(server, ['init'])).toMatchObject({ exitCode: 0 });
    const file = join(DisposableFolder.ofTest().path, 'generated.pw');
    const argv = ['init', '--service-account', accountOf(server), '--generate-service-password', file];
    const anonymous = ['-x', '-H', server.uri, '--config-uri', server.ldapiUri];
    expect(await runCli([...argv, ...anonymous])).toMatchObject({
      exitCode: 2,
      stderr: containing('Cannot add'),
    });
    const password = (await readFile(file, 'utf8')).trim();
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    await expectBind(server, password);
  });

  test('comes from the environment too, or from a file that it names', async () => {
    await using server = await startSandbox({ slapd });
    const argv = ['init', '-H', server.ldapiUri, '--service-account', accountOf(server)];
    const env = { KEYSTONE_LDAP_SERVICE_PASSWORD: 'of the environment' };
    expect(await runCli(argv, { env })).toMatchObject({ exitCode: 0 });
    await expectBind(server, 'of the environment');
    const named = { KEYSTONE_LDAP_SERVICE_PASSWORD_FILE: passwordFile('of the environment') };
    expect(await runCli(argv, { env: named })).toMatchObject({
      exitCode: 0,
      stdout: containing('already up to date'),
    });
  });

  test.each([
    ['in clear', SERVICE_PASSWORD],
    ['as {SSHA}', sshaPassword(new Secret(SERVICE_PASSWORD))],
    [
      'as a hash that only the server knows',
      `{CRYPT}${hashSha512Crypt(new Secret(SERVICE_PASSWORD), 1000).reveal()}`,
    ],
  ])('stays where the account has it %s', async (_, value) => {
    await using server = await startSandbox({ slapd });
    await addAccount(server, [value]);
    expect(await initWith(server, '--reset-passwords')).toMatchObject({ exitCode: 0 });
    expect(await storedPasswords(server)).toEqual([value]);
    await expectBind(server, SERVICE_PASSWORD);
  });

  test.each([
    ['in clear', 'another'],
    ['as {SSHA}', sshaPassword(new Secret('another'))],
    [
      'as a hash that only the server knows',
      `{CRYPT}${hashSha512Crypt(new Secret('another'), 1000).reveal()}`,
    ],
  ])('is written over another one %s only with --reset-passwords', async (_, value) => {
    await using server = await startSandbox({ slapd });
    await addAccount(server, [value]);
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const { exitCode, stderr } = await initWith(server);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cn=keystone,dc=example,dc=com exists and has another password.');
    expect(stderr).toContain('--reset-passwords');
    expect(stderr).not.toContain(SERVICE_PASSWORD);
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
    expect(await initWith(server, '--reset-passwords')).toMatchObject({ exitCode: 0 });
    await expectBind(server, SERVICE_PASSWORD);
  });

  test('is given to an entry that has none, of which all else stays', async () => {
    await using server = await startSandbox({ slapd });
    await addAccount(server, []);
    expect(await initWith(server)).toMatchObject({ exitCode: 0 });
    await expectBind(server, SERVICE_PASSWORD);
    const dn = accountOf(server);
    expect((await readEntries(server.ldapiUri, dn))[dn]).toMatchObject({
      objectClass: ['person'],
      sn: ['ours'],
    });
  });

  test('is not generated for an account that has one', async () => {
    await using server = await startSandbox({ slapd });
    await initWith(server);
    const file = join(DisposableFolder.ofTest().path, 'generated.pw');
    const flags = ['--generate-service-password', file];
    expect(await initWith(server, ...flags)).toMatchObject({ exitCode: 2 });
    expect(await readdir(dirname(file))).toEqual([]);
    expect(await initWith(server, ...flags, '--reset-passwords')).toMatchObject({ exitCode: 0 });
    await expectBind(server, (await readFile(file, 'utf8')).trim());
  });

  test('cannot be kept where there is no folder, and then nothing is written', async () => {
    await using server = await startSandbox({ slapd });
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const file = join(DisposableFolder.ofTest().path, 'missing', 'generated.pw');
    const { exitCode, stderr } = await initWith(server, '--generate-service-password', file);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `error: Cannot create ${file}: its folder does not exist.\n`,
    });
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });

  test.each([
    [['--service-password-file', 'x', '--generate-service-password', 'y'], 'cannot be given together'],
    [['--service-password-file', '/dev/null'], 'Cannot read /dev/null: it is a device.'],
    [['--no-input'], 'Give --service-password-file FILE, or set KEYSTONE_LDAP_SERVICE_PASSWORD'],
  ])('makes %j an error', async (flags, message) => {
    const account = ['--service-account', 'cn=keystone,dc=example,dc=com'];
    const { exitCode, stderr } = await runCli(['init', '-H', 'ldapi:///', ...account, ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('is not the one of an empty file', async () => {
    const file = join(DisposableFolder.ofTest().path, 'empty.pw');
    await writeFile(file, '');
    const account = ['--service-account', 'cn=keystone,dc=example,dc=com', '--service-password-file', file];
    const { exitCode, stderr } = await runCli(['init', '-H', 'ldapi:///', ...account]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is empty; nobody can bind with it');
  });

  test.each([
    '--reset-passwords',
    '--no-service-access',
    '--generate-service-password=x',
    '--service-password-file=x',
  ])('is not meant by %s without an account', async (flag) => {
    const { exitCode, stderr } = await runCli(['init', '-H', 'ldapi:///', flag]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${flag.replace('=x', '')}: --service-account DN is missing.`);
  });

  test('in a file that came meanwhile is not written over', async () => {
    const { createSecretFile } = await import('../../src/cli/terminal/create-secret-file.ts');
    const path = join(DisposableFolder.ofTest().path, 'theirs');
    await writeFile(path, 'theirs');
    await expect(createSecretFile(path, new Secret('ours'))).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: `Cannot create ${path}: it exists.`,
    });
    expect(await readFile(path, 'utf8')).toBe('theirs');
    expect(await readdir(dirname(path))).toEqual(['theirs']);
  });
});
