import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NewEntry } from '../../src/directory/entry.ts';
import { readText } from '../../src/files.ts';
import { launchSlapd } from '../../src/sandbox/launch-slapd.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSlapdConf } from '../../src/testing/servers/start-slapd-conf.ts';
import { shippedSchemaFiles } from '../../src/schema/shipped-schema.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { loadLdif } from '../support/load-ldif.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';

const SUFFIX_ENTRY: NewEntry = {
  dn: 'dc=example,dc=com',
  attributes: { objectClass: ['organization', 'dcObject'], o: ['Example'], dc: ['example'] },
};

const BLOG_USER: NewEntry = {
  dn: 'cn=joeuser,dc=example,dc=com',
  attributes: { objectClass: ['keystoneUser'], cn: ['joeuser'], keystoneEnabled: ['TRUE'] },
};

async function loadRevision(server: RunningSlapd, revision: 'blog' | '2011.3'): Promise<void> {
  await loadLdif(server.ldapiUri, await readText(shippedSchemaFiles(revision).ldif));
}

async function expectRefusal(server: RunningSlapd, argv: readonly string[]): Promise<string> {
  const before = await changeNumbers(server.ldapiUri, server.suffix);
  const { exitCode, stdout, stderr } = await runCliAsAdmin(server, ['init', ...argv]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  return stderr;
}

describeLive('the schema that init loads', (slapd) => {
  describe('on a server that slapd.conf configures', () => {
    test('names the line to add and the file to add it to, and writes nothing', async () => {
      await using server = await startSlapdConf({ slapd });
      const env = {
        KEYSTONE_LDAP_URI: server.uri,
        KEYSTONE_LDAP_BIND_DN: server.bindDn,
        KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
      };
      const { exitCode, stdout, stderr } = await runCli(['init'], { env });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(`include ${shippedSchemaFiles('2011.3').schema}`);
      expect(stderr).toContain('slapd.conf');
      expect(await readEntries(server.ldapiUri, server.suffix)).toEqual({});
    });

    test('names that file where cn=config can be read', async () => {
      const lines = ['database config', 'rootdn cn=admin,cn=config', 'rootpw secret'];
      await using server = await startSlapdConf({ slapd, lines });
      const env = {
        KEYSTONE_LDAP_URI: server.uri,
        KEYSTONE_LDAP_BIND_DN: server.bindDn,
        KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
        KEYSTONE_LDAP_CONFIG_BIND_DN: 'cn=admin,cn=config',
        KEYSTONE_LDAP_CONFIG_PASSWORD: 'secret',
      };
      const { exitCode, stderr } = await runCli(['init', '--release', 'blog'], { env });
      expect(exitCode).toBe(2);
      const conf = join(server.dir, 'slapd.conf');
      expect(stderr).toContain(`The server is configured by ${conf}`);
      expect(stderr).toContain(`"include ${shippedSchemaFiles('blog').schema}" to ${conf}`);
    });

    test('creates the trees once the line is there', async () => {
      const includes = [shippedSchemaFiles('2011.3').schema];
      await using server = await startSlapdConf({ slapd, includes });
      const env = {
        KEYSTONE_LDAP_URI: server.uri,
        KEYSTONE_LDAP_BIND_DN: server.bindDn,
        KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
      };
      const { exitCode, stdout } = await runCli(['init'], { env });
      expect(exitCode).toBe(0);
      expect(stdout).not.toContain('cn=schema');
      expect(await runCli(['init'], { env })).toMatchObject({
        exitCode: 0,
        stdout: 'Schema and trees of 2011.3: already up to date.\n',
      });
    });
  });

  describe('where the revision of the blog is loaded and that of 2011.3 is wanted', () => {
    test('is refused with each definition and the entries that use it', async () => {
      await using server = await startSandbox({ slapd });
      await loadRevision(server, 'blog');
      await addEntries(server, [SUFFIX_ENTRY, BLOG_USER]);
      const stderr = await expectRefusal(server, ['--release', '2011.3']);
      for (const line of [
        'object class keystoneUser (1.3.6.1.3.1.666.667.4.1): this OID is wanted for keystoneUidObject; 1 entry uses it, such as cn=joeuser,dc=example,dc=com (objectClass=keystoneUser)',
        'object class keystoneRole (1.3.6.1.3.1.666.667.4.2): this OID is wanted for keystoneUser; no entry uses it',
        'object class keystoneTenant (1.3.6.1.3.1.666.667.4.3): this OID is wanted for keystoneRole; no entry uses it',
        'object class keystoneTenantRole (1.3.6.1.3.1.666.667.4.4): this OID is wanted for keystoneTenant; no entry uses it',
      ])
        expect(stderr).toContain(line);
      expect(stderr).toContain('Move or delete these entries first');
    });

    test('is refused with --replace-schema too while an entry would break', async () => {
      await using server = await startSandbox({ slapd });
      await loadRevision(server, 'blog');
      await addEntries(server, [SUFFIX_ENTRY, BLOG_USER]);
      const stderr = await expectRefusal(server, ['--release', '2011.3', '--replace-schema']);
      expect(stderr).toContain('cn=joeuser,dc=example,dc=com');
      expect(stderr).not.toContain('keystoneTenantRole (');
    });

    test('counts the entries of every database, as far as the server shows them', async () => {
      const tuning = { moreSuffixes: ['dc=second'], frontend: { olcSizeLimit: ['1'] } };
      await using server = await startSandbox({ slapd, tuning });
      await loadRevision(server, 'blog');
      const tenant = (cn: string) => ({
        dn: `cn=${cn},dc=second`,
        attributes: { objectClass: ['keystoneTenant'], cn: [cn], keystoneEnabled: ['TRUE'] },
      });
      const second = { objectClass: ['organization', 'dcObject'], o: ['Second'], dc: ['second'] };
      await addEntries(server, [{ dn: 'dc=second', attributes: second }, tenant('a'), tenant('b')]);
      const argv = ['--release', '2011.3', '--replace-schema', '--suffix', server.suffix];
      expect(await expectRefusal(server, argv)).toMatch(
        /keystoneTenant \(.*\): this OID is wanted for keystoneRole; at least 1 entry uses it \(objectClass=keystoneTenant\)$/m,
      );
    });

    test('takes its place in one Modify with --replace-schema, and is there after a restart', async () => {
      await using server = await startSandbox({ slapd });
      await loadRevision(server, 'blog');
      await addEntries(server, [SUFFIX_ENTRY]);
      const hint = await expectRefusal(server, ['--release', '2011.3']);
      expect(hint).toContain('No entry is in the way: --replace-schema');
      const plan = await runCliAsAdmin(server, [
        'init',
        '--release',
        '2011.3',
        '--replace-schema',
        '--json',
        '--dry-run',
      ]);
      const { changes } = JSON.parse(plan.stdout) as { changes: { kind: string; dn: string }[] };
      expect(changes.filter(({ dn }) => dn.endsWith('cn=config'))).toMatchObject([
        { kind: 'modify-schema', dn: 'cn={4}keystone,cn=schema,cn=config' },
      ]);
      expect(await runCliAsAdmin(server, ['init', '--release', '2011.3', '--replace-schema'])).toMatchObject({
        exitCode: 0,
      });
      expect(await runCliAsAdmin(server, ['init', '--release', '2011.3'])).toMatchObject({
        stdout: 'Schema and trees of 2011.3: already up to date.\n',
      });

      process.kill(server.pid, 'SIGTERM');
      await server.exited;
      const configArgs = ['-F', join(server.dir, 'slapd.d')];
      const launched = await launchSlapd({ installation: slapd, dir: server.dir, configArgs });
      await using again = { ...launched, [Symbol.asyncDispose]: () => launched.process.end() };
      expect(await runCli(['schema', 'diff', '2011.3', '-H', again.ldapiUri])).toMatchObject({ exitCode: 0 });
      expect(await runCli(['init', '-H', again.ldapiUri])).toMatchObject({
        exitCode: 0,
        stdout: 'Schema and trees of 2011.3: already up to date.\n',
      });
      expect(Object.keys(await readEntries(again.ldapiUri, server.suffix))).toHaveLength(3);
    });
  });

  test('widens a class that entries use, with --replace-schema', async () => {
    await using server = await startSandbox({ slapd });
    const ldif = await readText(shippedSchemaFiles('2011.3').ldif);
    const narrower = ldif.replace('MAY ( mail $ userPassword )', 'MAY userPassword');
    expect(narrower).not.toBe(ldif);
    await loadLdif(server.ldapiUri, narrower);
    await addEntries(server, [
      SUFFIX_ENTRY,
      {
        dn: 'uid=joe,dc=example,dc=com',
        attributes: {
          objectClass: ['keystoneUidObject', 'keystoneUser'],
          uid: ['joe'],
          keystoneEnabled: ['TRUE'],
        },
      },
    ]);
    const stderr = await expectRefusal(server, ['--release', '2011.3']);
    expect(stderr).toContain('keystoneUser (1.3.6.1.3.1.666.667.4.2): it differs in may; 1 entry uses it');
    expect(stderr).toContain('No entry is in the way: --replace-schema');
    expect(await runCliAsAdmin(server, ['init', '--release', '2011.3', '--replace-schema'])).toMatchObject({
      exitCode: 0,
    });
    const { 'uid=joe,dc=example,dc=com': joe } = await readEntries(server.ldapiUri, server.suffix);
    expect(joe).toMatchObject({ uid: ['joe'] });
  });

  test('completes an entry that holds a part of it', async () => {
    await using server = await startSandbox({ slapd });
    const ldif = await readText(shippedSchemaFiles('2011.3').ldif);
    const part = ldif.slice(0, ldif.indexOf('olcObjectClasses:'));
    expect(part).toContain("NAME 'serviceId'");
    await loadLdif(server.ldapiUri, part);
    const { exitCode, stdout } = await runCliAsAdmin(server, ['init']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^~ cn=\{4\}keystone,cn=schema,cn=config/);
    expect(stdout).not.toContain('olcAttributeTypes');
    expect(await runCli(['schema', 'diff', '2011.3', '-H', server.ldapiUri])).toMatchObject({ exitCode: 0 });
  });

  test.each(['schema', 'ldif'] as const)('comes from --schema-file in the form .%s', async (form) => {
    await using server = await startSandbox({ slapd });
    const path = shippedSchemaFiles('essex-3')[form];
    const argv = ['init', '--release', '2011.3', '--schema-file', path];
    expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
    expect(await runCli(['schema', 'diff', 'essex-3', '-H', server.ldapiUri])).toMatchObject({ exitCode: 0 });
    expect(await runCliAsAdmin(server, argv)).toMatchObject({
      stdout: 'Schema and trees of 2011.3: already up to date.\n',
    });
  });

  test('is named after the file of the user', async () => {
    await using server = await startSandbox({ slapd });
    const path = DisposableFolder.ofTest().write(
      'my cloud.schema',
      "attributetype ( 1.2.3.4 NAME 'mine' SUP name )\n",
    );
    expect(await runCliAsAdmin(server, ['init', '--schema-file', path])).toMatchObject({ exitCode: 0 });
    const names = Object.keys(await readEntries(server.ldapiUri, 'cn=schema,cn=config', ['1.1']));
    expect(names).toContain('cn={4}my cloud,cn=schema,cn=config');
  });

  test.each([
    [
      'a definition that slapd refuses',
      'x.schema',
      "objectclass ( 1.2.3.4 NAME 'x' MUST nosuch )\n",
      'nosuch',
    ],
    ['a file with faults', 'x.schema', 'objectclass ( 1.2.3.4\n', 'x.schema:1:'],
    ['a file of another kind', 'x.txt', '', 'neither a .schema nor a .ldif file'],
  ])('refuses %s and writes nothing', async (_, name, text, message) => {
    await using server = await startSandbox({ slapd });
    const path = DisposableFolder.ofTest().write(name, text);
    expect(await expectRefusal(server, ['--schema-file', path])).toContain(message);
  });

  test("is there where an operator loaded Keystone's own LDIF, whose keystoneRole lacks MUST cn", async () => {
    await using server = await startSandbox({ slapd });
    const ldif = await readText(shippedSchemaFiles('2011.3').ldif);
    const original = ldif.replace(/\n\s+MUST cn(?=\n\s+MAY \( member \$ description \$ serviceId)/, '');
    expect(original).not.toBe(ldif);
    await loadLdif(server.ldapiUri, original);
    const { exitCode, stdout } = await runCliAsAdmin(server, ['init']);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('cn=schema');
  });

  test('cannot be loaded by who may not read cn=config: the error names the flags that help', async () => {
    await using server = await startSandbox({ slapd });
    const env = {
      KEYSTONE_LDAP_URI: server.uri,
      KEYSTONE_LDAP_BIND_DN: server.bindDn,
      KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
    };
    const { exitCode, stderr } = await runCli(['init'], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`cn=config cannot be read at ${server.uri}`);
    expect(stderr).toContain('--config-uri');
    expect(await readEntries(server.ldapiUri, server.suffix)).toEqual({});
  });
});
