import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { openSession } from '../../src/directory/session.ts';
import { runToSuccess } from '../../src/sandbox/run-command.ts';
import { startContainer, type ContainerSandbox } from '../../src/sandbox/start-container.ts';
import { describeDocker } from '../support/describe-docker.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli } from '../support/run-cli.ts';
import { createTlsFiles } from '../support/tls-files.ts';

/** As the rootdn of the data; cn=config by its own. */
function environmentOf(server: ContainerSandbox): Readonly<Record<string, string>> {
  return {
    KEYSTONE_LDAP_URI: server.uri,
    KEYSTONE_LDAP_BIND_DN: server.bindDn,
    KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
    KEYSTONE_LDAP_CONFIG_BIND_DN: server.configDn,
    KEYSTONE_LDAP_CONFIG_PASSWORD: server.configPassword.reveal(),
  };
}

describeDocker('startContainer', () => {
  test('gives an empty server, which init and seed fill as they do a sandbox', async () => {
    await using server = await startContainer({ suffix: 'o=lab' });
    const env = environmentOf(server);
    for (const argv of [['init'], ['seed'], ['verify']])
      expect(await runCli([...argv, '--release', '2011.3'], { env })).toMatchObject({ exitCode: 0 });
    const { stdout } = await runCli(['init', '--release', '2011.3'], { env });
    expect(stdout).toContain('nothing left to do');
  });

  test('offers TLS', async () => {
    using folder = new DisposableFolder();
    const tls = await createTlsFiles(folder.path);
    await using server = await startContainer({ tls });
    const { bindDn: dn, password } = server;
    const session = await openSession({
      uri: server.ldapsUri ?? '',
      ca: await readFile(tls.certificate, 'utf8'),
      credentials: { kind: 'simple', dn, password },
    });
    await session[Symbol.asyncDispose]();
  });

  test('takes the port that it is told, and says that it is taken', async () => {
    await using other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const containers = async (): Promise<string> =>
      (await runToSuccess('docker', ['ps', '--all', '--quiet', '--filter', 'name=keystone-ldap-'])).stdout;
    const before = await containers();
    await expect(startContainer({ port })).rejects.toMatchObject({
      code: 'SLAPD_FAILED',
      message: expect.stringContaining('did not start in a container') as string,
    });
    expect(await containers()).toBe(before);
  });

  test('is stopped by an abort', async () => {
    const aborted = AbortSignal.abort();
    await expect(startContainer({ signal: aborted })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('refuses a suffix that is none', async () => {
    await expect(startContainer({ suffix: 'example.com' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
