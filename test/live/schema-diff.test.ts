import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { readText } from '../../src/files.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSlapdConf } from '../../src/testing/servers/start-slapd-conf.ts';
import { SCHEMA_REVISIONS, shippedSchemaFiles } from '../../src/schema/shipped-schema.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { loadLdif } from '../support/load-ldif.ts';
import { testIo } from '../support/test-io.ts';

async function diff(...argv: readonly string[]) {
  const { io, stdout, stderr } = testIo();
  const exitCode = await main(['schema', 'diff', ...argv], io);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

describeLive('schema diff', (slapd) => {
  test('names all that a server without the schema lacks', async () => {
    await using server = await startSandbox({ slapd });
    const { exitCode, stdout, stderr } = await diff('diablo', '-H', server.uri, '-x');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout.match(/^(?:attribute type|object class) .*: missing$/gm)).toHaveLength(9);
    expect(stdout).toContain(
      "attribute type serviceId (1.3.6.1.3.1.666.667.3.4): missing\n  + ( 1.3.6.1.3.1.666.667.3.4 NAME 'serviceId'",
    );
  });

  test.each(SCHEMA_REVISIONS.map(({ name }) => name))(
    'finds %s equal in both forms once it is loaded',
    async (revision) => {
      await using server = await startSandbox({ slapd });
      const { schema, ldif } = shippedSchemaFiles(revision);
      await loadLdif(server.ldapiUri, await readText(ldif));
      expect(await diff(revision, '-H', server.ldapiUri)).toEqual({
        exitCode: 0,
        stdout: `${server.ldapiUri} has all definitions of schema ${revision}.\n`,
        stderr: '',
      });
      for (const path of [schema, ldif])
        expect(await diff(path, '-H', server.ldapiUri)).toMatchObject({ exitCode: 0 });
    },
  );

  test('shows both forms of what differs', async () => {
    await using server = await startSandbox({ slapd });
    await loadLdif(server.ldapiUri, await readText(shippedSchemaFiles('blog').ldif));
    const { exitCode, stdout } = await diff('2011.3', '-H', server.ldapiUri);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^object class keystoneUidObject \(1\.3\.6\.1\.3\.1\.666\.667\.4\.1\): differs in names, must, may\n {2}- \( 1\.3\.6\.1\.3\.1\.666\.667\.4\.1 NAME 'keystoneUser' .*\n {2}\+ \( 1\.3\.6\.1\.3\.1\.666\.667\.4\.1 NAME 'keystoneUidObject' /m,
    );
    expect(stdout).toMatch(
      /keystoneTenantRole \(1\.3\.6\.1\.3\.1\.666\.667\.4\.5\): its name is taken by 1\.3\.6/,
    );
  });

  test('finds a name that another OID has, as data too', async () => {
    const own = DisposableFolder.ofTest().write(
      'own.schema',
      "attributetype ( 1.2.3.4 NAME 'ServiceID' SUP name )\n",
    );
    await using server = await startSlapdConf({ slapd, includes: [own] });
    const { exitCode, stdout } = await diff('2011.3', '-H', server.uri, '-x', '--json');
    expect(exitCode).toBe(1);
    const { differences, ...head } = JSON.parse(stdout) as { differences: unknown[] };
    expect(head).toEqual({
      version: 1,
      command: 'schema diff',
      subject: 'schema 2011.3',
      uri: server.uri,
      equal: false,
    });
    expect(differences).toContainEqual({
      kind: 'name-taken',
      element: 'attributeType',
      oid: '1.3.6.1.3.1.666.667.3.4',
      name: 'serviceId',
      wanted: expect.stringContaining("NAME 'serviceId'") as string,
      present: "( 1.2.3.4 NAME 'ServiceID' SUP name )",
    });
  });

  test("takes Keystone's own LDIF, whose keystoneRole lacks MUST cn, for equal", async () => {
    await using server = await startSandbox({ slapd });
    const ldif = await readText(shippedSchemaFiles('2011.3').ldif);
    const original = ldif.replace(/\n\s+MUST cn(?=\n\s+MAY \( member \$ description \$ serviceId)/, '');
    expect(original).not.toBe(ldif);
    await loadLdif(server.ldapiUri, original);
    expect(await diff('diablo', '-H', server.ldapiUri)).toMatchObject({ exitCode: 0 });
  });

  test('ends with 2 where it could not compare', async () => {
    await using server = await startSandbox({ slapd });
    const bad = DisposableFolder.ofTest().write('bad.ldif', 'dn: cn=x\n');
    const [typo, broken, wrongUser] = [
      await diff('diabolo', '-H', server.uri, '-x'),
      await diff(bad, '-H', server.uri, '-x'),
      await diff('diablo', '-H', server.uri, '-D', 'cn=nobody,dc=example,dc=com', '--no-input'),
    ];
    expect(typo).toMatchObject({ exitCode: 2, stdout: '' });
    expect(typo.stderr).toContain('Did you mean "diablo"?');
    expect(broken).toMatchObject({ exitCode: 2, stdout: '' });
    expect(broken.stderr).toContain(`${bad}:1: `);
    expect(wrongUser.exitCode).toBe(2);
    expect(wrongUser.stderr).toContain('The password of cn=nobody,dc=example,dc=com is missing.');
  });
});
