import { readFileSync } from 'node:fs';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { seededSandbox } from '../support/seeded-sandbox.ts';

interface Asked {
  readonly exitCode: number;
  /** The errors that are found, or the text of the error. */
  readonly said: string;
}

describeLive('the files of domains', (slapd) => {
  let folder: DisposableFolder;
  let conf: string;

  beforeEach(() => {
    folder = DisposableFolder.ofTest();
    conf = folder.write(
      'keystone.conf',
      `[identity]\ndomain_specific_drivers_enabled = true\ndomain_config_dir = ${folder.path}/domains\n`,
    );
  });

  async function ask(command: string, ...argv: readonly string[]): Promise<Asked> {
    const common = ['--keystone-conf', conf, '--release', 'zed', '--json'];
    const env = { KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete' };
    const { exitCode, stdout, stderr } = await runCli([command, ...argv, ...common], { env });
    const { findings = [] } = (stdout === '' ? {} : JSON.parse(stdout)) as { findings?: Finding[] };
    const told = findings.filter(({ severity }) => severity === 'error');
    return {
      exitCode,
      said: `${told.map((one) => `${one.code} ${one.subject} ${one.message} ${one.remedy}`).join('\n')}${stderr}`,
    };
  }

  /** Until the test ends: a server with a user, and the file of the domain "corp" that names it. */
  const startDomainWithAlice = async () => {
    const server = await seededSandbox('zed', { slapd, seed: false });
    onTestFinished(() => server[Symbol.asyncDispose]());
    const file = folder.write('people.yaml', 'users:\n  - { name: alice, password: secrete }\n');
    for (const argv of [
      ['seed', '--release', 'zed', '--file', file],
      ['configure', '--release', 'zed', '--keystone-conf', conf, '--domain', 'corp'],
    ])
      expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
  };

  /** The four that say whether a domain works. */
  const askAll = () =>
    Promise.all([
      ask('users', '--domain', 'corp', '--domain-id', 'c0ffee'),
      ask('login', 'alice', '--domain', 'corp', '--domain-id', 'c0ffee'),
      ask('verify', '--domain', 'corp', '--domain-id', 'c0ffee'),
      ask('doctor', '--domain', 'corp', '--domain-id', 'c0ffee', '--severity', 'error'),
    ]);

  test('end all domains where one of them cannot be loaded, or a second one is in SQL', async () => {
    await startDomainWithAlice();
    expect((await askAll()).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    const other = 'domains/keystone.other.conf';
    for (const [text, why] of [
      ['[identity]\ndriver = ldap\n[ldap]\ntls_req_cert = hard\n', 'keystone.other.conf:4'],
      ['[identity]\ndriver = keystone.identity.backends.ldap.Identity\n', 'keystone.other.conf:2'],
      ['[ldap]\nurl = ldap://localhost\n', 'keystone.other.conf'],
    ] as const) {
      folder.write(other, text);
      for (const { exitCode, said } of await askAll()) {
        expect(exitCode, said).not.toBe(0);
        expect(said).toContain(why);
      }
    }
    // A driver that works does no harm to its neighbours.
    folder.write(other, '[identity]\ndriver = ldap\n');
    expect((await askAll()).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  });

  test('are named to who verifies a default driver that is not LDAP', async () => {
    await using server = await seededSandbox('zed', { slapd, seed: false });
    const argv = ['configure', '--release', 'zed', '--keystone-conf', conf, '--domain', 'corp'];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    const { exitCode, said } = await ask('verify');
    expect(exitCode).toBe(1);
    expect(said).toMatch(/^CONF_BACKENDS .* Decide which domain is meant, and name it: --domain corp\.$/);
  });

  test('that Keystone does not read let nobody in', async () => {
    await startDomainWithAlice();
    const asked = ['users', 'groups', 'login', 'verify', 'doctor'];
    const askAbout = async (...flags: readonly string[]) => {
      for (const command of asked) {
        const user = command === 'login' ? ['alice'] : [];
        const { exitCode, said } = await ask(command, ...user, '--domain', 'corp', ...flags);
        expect({ command, exitCode }).toEqual({
          command,
          exitCode: ['verify', 'doctor'].includes(command) ? 1 : 2,
        });
        expect(said).toMatch(/does not read the files? of/);
      }
    };
    const off = '[identity]\ndomain_specific_drivers_enabled = false\n';
    folder.write('conf.d/later.conf', off);
    await askAbout('--config-dir', `${folder.path}/conf.d`);
    const dir = `domain_config_dir = ${folder.path}/domains\n`;
    folder.write(
      'keystone.conf',
      `[identity]\ndomain_specific_drivers_enabled = true\ndomain_configurations_from_database = true\n${dir}`,
    );
    await askAbout();
    folder.write('keystone.conf', `[identity]\n${dir}`);
    await askAbout();
  });

  test('are named to who asks about a domain that has none', async () => {
    for (const name of ['IPA', 'AD'])
      folder.write(`domains/keystone.${name}.conf`, '[identity]\ndriver = ldap\n');
    for (const command of ['users', 'login', 'verify', 'doctor'])
      for (const [domain, hint] of [
        ['ipa', 'Did you mean --domain IPA?'],
        ['Default', 'The domains with a file are AD, IPA.'],
      ] as const) {
        const user = command === 'login' ? ['alice'] : [];
        const { exitCode, said } = await ask(command, ...user, '--domain', domain);
        expect(exitCode).toBe(2);
        expect(said).toContain(`the domain "${domain}" has the default driver`);
        expect(said).toContain(hint);
        expect(said).not.toContain('configure');
      }
  });

  test('a plan or a run that brings other files to life is refused before anything is written', async () => {
    await using server = await seededSandbox('zed', { slapd, seed: false });
    const text = `[identity]\ndomain_config_dir = ${folder.path}/domains\n`;
    folder.write('keystone.conf', text);
    folder.write('domains/keystone.OLD.conf', '[identity]\ndriver = ldap\n[ldap]\nquery_scope = subb\n');
    const file = folder.write(
      'keystone-ldap.yaml',
      [
        'release: zed',
        `server: { uri: '${server.uri}', bind_dn: '${server.bindDn}' }`,
        `trees: { suffix: '${server.suffix}' }`,
        `keystone_conf: { path: '${conf}', domain: corp }`,
        'identities: { users: [{ name: zoe, password: secrete }] }',
        '',
      ].join('\n'),
    );
    const before = await readEntries(server.ldapiUri, server.suffix);
    for (const argv of [
      ['plan', file],
      ['apply', file, '--yes'],
      ['configure', '-f', file, '--dry-run'],
    ]) {
      const { exitCode, stderr } = await runCliAsAdmin(server, argv);
      expect(exitCode, argv[0]).toBe(2);
      expect(stderr).toContain('keystone.OLD.conf:4: [ldap] query_scope');
    }
    expect(readFileSync(conf, 'utf8')).toBe(text);
    expect(await readEntries(server.ldapiUri, server.suffix)).toEqual(before);
  });
});
