import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { loadLdif } from '../support/load-ldif.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';

const TREE = `dn: dc=example,dc=com
objectClass: domain
dc: example

dn: ou=People,dc=example,dc=com
objectClass: organizationalUnit
ou: People

dn: ou=UserGroups,dc=example,dc=com
objectClass: organizationalUnit
ou: UserGroups
`;

const PERSON = `
dn: uid=ann,ou=People,dc=example,dc=com
objectClass: inetOrgPerson
uid: ann
cn: Ann
sn: Ann
o: it is
`;

const MAPPED = ['--map', 'user_id_attribute=uid', '--map', 'user_filter=(o=it is)'];

describeLive('init --read-only', (slapd) => {
  test('reads several files and folders as Keystone does', async () => {
    await using server = await startSandbox({ slapd });
    await loadLdif(server.ldapiUri, TREE + PERSON);
    const folder = DisposableFolder.ofTest();
    const first = folder.write(
      'a.conf',
      `[identity]\ndriver = ldap\n[ldap]\nurl = ${server.uri}\nuser = ${server.bindDn}\nsuffix = dc=example,dc=com\nuser_id_attribute = uid\n`,
    );
    const second = folder.write(
      'd/b.conf',
      `[ldap]\nuser_tree_dn = ou=People,dc=example,dc=com\npassword = ${server.password.reveal()}\n`,
    );
    for (const more of [
      ['--keystone-conf', second],
      ['--config-dir', `${folder.path}/d`],
    ]) {
      const files = ['--keystone-conf', first, ...more, '--release', 'zed'];
      expect(await runCliAsAdmin(server, ['init', '--read-only', ...files])).toMatchObject({ exitCode: 0 });
      expect(await runCliAsAdmin(server, ['init', '--dry-run', ...files])).toMatchObject({
        stdout: expect.stringContaining('already up to date') as string,
      });
      expect(await runCli(['verify', ...files])).toMatchObject({ exitCode: 0 });
    }
  });

  test('tells the configure command of a directory that is as the mapping says', async () => {
    await using server = await startSandbox({ slapd });
    await loadLdif(server.ldapiUri, TREE + PERSON);
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const flags = ['--release', 'zed', '--user-tree-dn', 'ou=People,dc=example,dc=com', ...MAPPED];
    const argv = ['init', '--read-only', ...flags];
    const { exitCode, stdout, stderr } = await runCliAsAdmin(server, argv);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr:
        'DN is the account that Keystone binds as: one that may read the trees, and not an administrator.\n',
    });
    expect(stdout).toContain('Schema and trees of zed are there; nothing was written.');
    const [command = ''] = /keystone-ldap configure .*/.exec(stdout) ?? [];
    expect(command).toBe(
      `keystone-ldap configure --release zed --keystone-conf /etc/keystone/keystone.conf -H ${server.uri} ` +
        "-D DN -W --suffix 'dc=example,dc=com' --user-tree-dn 'ou=People,dc=example,dc=com' " +
        "--map 'user_id_attribute=uid' --map 'user_filter=(o=it is)'",
    );
    const json = await runCliAsAdmin(server, [...argv, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      command: 'init',
      applied: false,
      ok: true,
      configure: command,
    });
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);

    using folder = new DisposableFolder();
    const conf = folder.write('keystone.conf', '[DEFAULT]\n');
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    const meant: Readonly<Record<string, string>> = {
      '/etc/keystone/keystone.conf': conf,
      DN: server.bindDn,
    };
    const own = words.slice(1).map((word) => meant[word] ?? word);
    const env = { KEYSTONE_LDAP_PASSWORD: server.password.reveal() };
    expect(
      await runCli(
        own.filter((word) => word !== '-W'),
        { env },
      ),
    ).toMatchObject({ exitCode: 0 });
    const verify = ['verify', '--release', 'zed', '--keystone-conf', conf, '--min-users', '0'];
    expect(await runCli(verify)).toMatchObject({ exitCode: 0 });
  });

  test('names what is missing, and writes nothing', async () => {
    await using server = await startSandbox({ slapd });
    await loadLdif(server.ldapiUri, TREE);
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const flags = ['--map', 'user_objectclass=sambaAccount', '--map', 'user_name_attribute=sambaName'];
    const argv = ['init', '--read-only', '--release', 'zed', ...flags];
    const { exitCode, stdout } = await runCliAsAdmin(server, [...argv, '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      findings: [
        { code: 'SCHEMA_MISSING', subject: 'attribute type sambaName' },
        { code: 'SCHEMA_MISSING', subject: 'object class sambaAccount' },
        { code: 'TREE_MISSING', subject: 'user tree ou=Users,dc=example,dc=com' },
      ],
    });
    const plain = await runCliAsAdmin(server, argv);
    expect(plain.stdout).not.toContain('configure');
    expect(plain.stderr).toContain('Nothing was written (--read-only)');
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });

  test('takes no flag that is about writing', async () => {
    const { exitCode, stderr } = await runCli(['init', '--read-only', '--replace-schema', '-H', 'ldapi:///']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--read-only writes nothing: leave out --replace-schema.');
  });
});
