import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import { runToSuccess } from '../../src/sandbox/run-command.ts';
import type { SandboxBackend } from '../../src/sandbox/sandbox-backend.ts';
import { startContainer } from '../../src/sandbox/start-container.ts';
import { startKeystoneDirectory } from '../../src/testing/start-keystone-directory.ts';
import { describeDocker } from '../support/describe-docker.ts';
import { runCli } from '../support/run-cli.ts';

/** As the rootdn of the data; cn=config by its own. */
function environmentOf(server: SandboxBackend): Readonly<Record<string, string>> {
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
    expect(stdout).toContain('already up to date');
  });

  test('serves startKeystoneDirectory, which seeds and resets it, over TLS too', async () => {
    await using directory = await startKeystoneDirectory({ backend: 'container', release: 'zed', tls: true });
    const { ldapsUri: uri = '', bindDn: dn, password } = directory;
    const ca = await readFile(directory.caFile ?? '', 'utf8');
    await using session = await openSession({ uri, ca, credentials: { kind: 'simple', dn, password } });
    const user = directory.users[0]?.dn ?? '';
    await session.delete(user);
    await directory.reset();
    expect(await session.read(user, ['1.1'])).toMatchObject({ dn: user });
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
