import { expect, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import { readText } from '../../src/files.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { runCli } from '../support/run-cli.ts';
import { startProxy, type Proxy } from '../support/start-proxy.ts';
import { throwAwayCa, type ThrowAwayCa } from '../support/throw-away-ca.ts';

const START_TLS = '1.3.6.1.4.1.1466.20037';

describeLive('TLS', (slapd) => {
  const startWithTls = async (ca: ThrowAwayCa, subjectAltName: string): Promise<Sandbox> => {
    const { certificate, key } = await ca.issue(subjectAltName);
    const global = {
      olcTLSCACertificateFile: [ca.ca],
      olcTLSCertificateFile: [certificate],
      olcTLSCertificateKeyFile: [key],
    };
    return await startSandbox({ slapd, tuning: { global, database: { olcSecurity: ['ssf=128'] } } });
  };
  const diff = (uri: string, ...argv: readonly string[]) =>
    runCli(['schema', 'diff', 'diablo', '-x', '-H', uri, ...argv]);

  test('is spoken after StartTLS with a CA of one’s own', async () => {
    await using ca = await throwAwayCa();
    await using server = await startWithTls(ca, '127.0.0.1');
    const credentials = { kind: 'simple', dn: server.bindDn, password: server.password } as const;
    await using session = await openSession({
      uri: server.uri,
      credentials,
      startTls: 'require',
      ca: await readText(ca.ca),
    });
    const objectClass = ['organization', 'dcObject'];
    await session.add({ dn: server.suffix, attributes: { objectClass, o: ['Example'], dc: ['example'] } });
    expect(await session.read(server.suffix, ['o'])).toMatchObject({ attributes: { o: ['Example'] } });
    expect(await diff(server.uri, '-ZZ', '--ca-file', ca.ca)).toMatchObject({ exitCode: 1, stderr: '' });
    await server.stop();
    await expect(session.read(server.suffix, ['o'])).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: `Cannot read ${server.suffix}: the server closed the connection.`,
    });
  });

  test('is demanded by the server', async () => {
    await using ca = await throwAwayCa();
    await using server = await startWithTls(ca, '127.0.0.1');
    const env = { KEYSTONE_LDAP_PASSWORD: server.password.reveal() };
    const argv = ['init', '-H', server.uri, '-D', server.bindDn];
    const { exitCode, stderr } = await runCli(argv, { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `Cannot bind to ${server.uri} as ${server.bindDn}: the server demands an encrypted`,
    );
    expect(stderr).toContain('-ZZ');
  });

  test.each(['-Z', '-ZZ'])('with a CA that is not known is refused, %s', async (flag) => {
    await using ca = await throwAwayCa();
    await using server = await startWithTls(ca, '127.0.0.1');
    const { exitCode, stderr } = await diff(server.uri, flag);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `Cannot start TLS on ${server.uri}: the CA of the server's certificate is not trusted`,
    );
    expect(stderr).toContain('--ca-file');
  });

  test('with a certificate of another name is refused', async () => {
    await using ca = await throwAwayCa();
    await using server = await startWithTls(ca, 'ldap.example.com');
    const { exitCode, stderr } = await diff(server.uri, '-ZZ', '--ca-file', ca.ca);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `Cannot start TLS on ${server.uri}: the server's certificate is for another name`,
    );
  });

  test('that the server does not have: -Z goes on in clear, -ZZ does not', async () => {
    await using server = await startSandbox({ slapd });
    expect(await diff(server.uri, '-Z')).toMatchObject({
      exitCode: 1,
      stderr: `warning: ${server.uri} offers no StartTLS; the connection is not encrypted.\n`,
    });
    const { exitCode, stderr } = await diff(server.uri, '-ZZ', '--json');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot start TLS on ${server.uri}: `);
  });

  test('is not spoken at the port of ldap://', async () => {
    await using server = await startSandbox({ slapd });
    const uri = server.uri.replace('ldap:', 'ldaps:');
    const { exitCode, stderr } = await diff(uri);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot read the root DSE of ${uri}: `);
    expect(stderr).toMatch(/TLS|closed the connection/);
  });

  /** Lets the request for StartTLS pass, and nothing after it. */
  const stallHandshake = (server: Sandbox, onStall: () => void = () => undefined): Promise<Proxy> => {
    let requests = 0;
    return startProxy(server, (request) => {
      requests += 1;
      if (requests === 1) expect(request.includes(START_TLS)).toBe(true);
      else onStall();
      return requests === 1 ? 'pass' : 'stall';
    });
  };

  test('whose handshake does not come ends with --timeout', async () => {
    await using ca = await throwAwayCa();
    await using server = await startWithTls(ca, '127.0.0.1');
    await using proxy = await stallHandshake(server);
    const { exitCode, stderr } = await diff(proxy.uri, '-ZZ', '--ca-file', ca.ca, '--timeout', '0.3');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot start TLS on ${proxy.uri}: the server did not answer in time.`);
  });

  test('can be interrupted in the middle of its handshake', async () => {
    await using ca = await throwAwayCa();
    await using server = await startWithTls(ca, '127.0.0.1');
    const controller = new AbortController();
    await using proxy = await stallHandshake(server, () => controller.abort());
    const argv = ['schema', 'diff', 'diablo', '-x', '-ZZ', '-H', proxy.uri, '--timeout', '600'];
    expect(await runCli(argv, { signal: controller.signal })).toEqual({
      exitCode: 130,
      stdout: '',
      stderr: 'error: Interrupted.\n',
    });
  });
});
