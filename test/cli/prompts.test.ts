import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCli } from '../support/run-cli.ts';
import { scriptedAsker } from '../support/scripted-asker.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

describeLive('what no flag says', (slapd) => {
  test('is asked for: server, identity, password, and the suffix where there are two', async () => {
    await using server = await startSandbox({ slapd, tuning: { moreSuffixes: ['dc=other'] } });
    const { asker, asked } = scriptedAsker([server.uri, server.bindDn, server.password.reveal(), 'default']);
    const env = { KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri };
    const { exitCode, stdout, stderr } = await runCli(['init'], { env, asker });
    expect(asked).toEqual([
      'Which server (LDAP URI)? [ldapi:///]',
      'Bind as which DN?',
      `Password of ${server.bindDn}:`,
      'Below which suffix, dc=example,dc=com or dc=other? [dc=example,dc=com]',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout + stderr).not.toContain(server.password.reveal());
    expect(Object.keys(await readEntries(server.ldapiUri, server.suffix))).toEqual([
      'dc=example,dc=com',
      'ou=Users,dc=example,dc=com',
      'ou=Groups,dc=example,dc=com',
    ]);
  });

  test('is not asked for where it follows from the rest', async () => {
    await using server = await startSandbox({ slapd });
    const { asker, asked } = scriptedAsker([server.ldapiUri]);
    expect(await runCli(['init'], { asker })).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual(['Which server (LDAP URI)? [ldapi:///]']);
  });

  test('-W asks although the environment has a password', async () => {
    await using server = await startSandbox({ slapd });
    const env = { KEYSTONE_LDAP_PASSWORD: 'wrong-7301', KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri };
    const { asker, asked } = scriptedAsker([server.password.reveal()]);
    const argv = ['init', '-H', server.uri, '-D', server.bindDn, '-W'];
    expect(await runCli(argv, { env, asker })).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual([`Password of ${server.bindDn}:`]);
  });

  test('configure asks for the file and for an account, over ldapi too', async () => {
    await using server = await startSandbox({ slapd });
    const path = join(DisposableFolder.ofTest().path, 'keystone.conf');
    await copyFile(packageFile('fixtures/keystone-conf/2011.3.conf'), path);
    const answers = [path, server.ldapiUri, server.bindDn, server.password.reveal()];
    const { asker, asked } = scriptedAsker(answers);
    expect(await runCli(['configure'], { asker })).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual([
      'Which keystone.conf? [/etc/keystone/keystone.conf]',
      'Which server (LDAP URI)? [ldapi:///]',
      'Bind as which DN?',
      `Password of ${server.bindDn}:`,
    ]);
    expect(await readFile(path, 'utf8')).toContain(`\nldap_url = ${server.ldapiUri}\n`);
  });

  test('Ctrl-C in a question ends with 130, and nothing is written', async () => {
    await using server = await startSandbox({ slapd, tuning: { moreSuffixes: ['dc=other'] } });
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const env = { KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri };
    const answers = [server.uri, server.bindDn, server.password.reveal()];
    for (const given of answers.map((_, at) => answers.slice(0, at)).concat([answers])) {
      const { asker, asked } = scriptedAsker(given);
      const argv = ['init', '--release', '2011.3'];
      const { exitCode, stdout, stderr } = await runCli(argv, { env, asker });
      expect({ exitCode, stdout, stderr }).toEqual({
        exitCode: 130,
        stdout: '',
        stderr: 'error: Interrupted.\n',
      });
      expect(asked).toHaveLength(given.length + 1);
    }
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });
});

describe('what no flag says and nobody can be asked for', () => {
  const conf = packageFile('fixtures/keystone-conf/2011.3.conf');
  const uri = ['-H', 'ldap://127.0.0.1:1'];
  const cases: readonly (readonly [argv: readonly string[], missing: string])[] = [
    [['init'], '-H URI (or KEYSTONE_LDAP_URI) is missing.'],
    [['seed'], '-H URI (or KEYSTONE_LDAP_URI) is missing.'],
    [['verify'], '-H URI (or KEYSTONE_LDAP_URI) is missing.'],
    [['init', ...uri], '-D DN (or KEYSTONE_LDAP_BIND_DN) is missing.'],
    [['init', ...uri, '-D', 'cn=x'], 'The password of cn=x is missing.'],
    [['init', ...uri, '-D', 'cn=x', '-W'], 'The password of cn=x is missing.'],
    [['configure'], '--keystone-conf PATH is missing.'],
    [['configure', '--keystone-conf', conf], '-H URI (or KEYSTONE_LDAP_URI) is missing.'],
    [
      ['configure', '--keystone-conf', conf, '-H', 'ldapi:///'],
      '-D DN (or KEYSTONE_LDAP_BIND_DN) is missing.',
    ],
  ];

  test.each(cases)('%j names it', async (argv, missing) => {
    const { asker, asked } = scriptedAsker([]);
    for (const result of [await runCli(argv), await runCli([...argv, '--no-input'], { asker })]) {
      expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(result.stderr).toContain(`error: ${missing}\nhint: `);
    }
    expect(asked).toEqual([]);
  });

  test('an empty answer is none', async () => {
    const { asker } = scriptedAsker(['  ']);
    const { exitCode, stderr } = await runCli(['init'], { asker });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('-H URI (or KEYSTONE_LDAP_URI) is missing.');
  });

  test('an answer that is no DN is refused', async () => {
    const { asker } = scriptedAsker(['ldap://127.0.0.1:1', 'admin']);
    const { exitCode, stderr } = await runCli(['init'], { asker });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: -D: ');
  });
});
