import type { AddressInfo, Socket } from 'node:net';
import ldap from 'ldapjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import { readText } from '../../src/files.ts';
import { runCli } from '../support/run-cli.ts';
import { throwAwayCa } from '../support/throw-away-ca.ts';

interface Foreign {
  readonly port: number;
  readonly uri: string;
}

/** A server that does what slapd cannot be made to do. */
async function misbehave(
  prepare: (server: ldap.Server) => void,
  tls: ldap.ServerOptions = {},
): Promise<Foreign> {
  const server = ldap.createServer(tls);
  prepare(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close(() => undefined));
  const { port } = (server as unknown as { address: () => AddressInfo }).address();
  return { port, uri: `ldap://127.0.0.1:${port}` };
}

/** The socket of a request, to write to it what is no answer. */
function socketOf(request: unknown): Socket {
  return (request as { connection: Socket }).connection;
}

const diff = (uri: string, ...argv: readonly string[]) =>
  runCli(['schema', 'diff', 'diablo', '-x', '-H', uri, ...argv]);

const anonymous = { kind: 'anonymous' } as const;

describe('a server that is no LDAP server, or none to rely on', () => {
  test.each([
    ['a greeting of another protocol', Buffer.from('220 mail.example.com ESMTP\r\n'), 'does not speak LDAP'],
    ['a TLS alert', Buffer.from([0x15, 3, 1, 0, 2, 2, 40]), 'does not speak LDAP'],
    ['a BER element that is no message', Buffer.from([0x30, 3, 0x04, 1, 65]), 'does not speak LDAP'],
    ['a length without end', Buffer.from([0x30, 0x80, 2, 1, 1, 0x64, 0]), 'does not speak LDAP'],
    [
      'an IntermediateResponse',
      Buffer.from([0x30, 5, 2, 1, 2, 0x79, 0]),
      'an LDAP message of unknown kind (0x79)',
    ],
  ])('is found out by %s', async (_, bytes, message) => {
    const { uri } = await misbehave((server) =>
      server.search('', (request: unknown) => void socketOf(request).write(bytes)),
    );
    await expect(openSession({ uri, credentials: anonymous })).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(`^Cannot read the root DSE of ${uri}: `) as string,
    });
    const { exitCode, stdout, stderr } = await diff(uri);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('Check -H');
  });

  test('is found out byte by byte, too', async () => {
    const { uri } = await misbehave((server) =>
      server.search('', (request: unknown) => {
        const socket = socketOf(request);
        socket.setNoDelay(true);
        const bytes = [0x30, 0x84, 0, 0, 0, 5, 2, 1, 2, 0x79, 0];
        const next = (): void => {
          const byte = bytes.shift();
          if (byte !== undefined) socket.write(Buffer.from([byte]), () => setImmediate(next));
        };
        next();
      }),
    );
    expect((await diff(uri)).stderr).toContain('an LDAP message of unknown kind (0x79)');
  });

  test('answers what cannot be read', async () => {
    // A SearchResultDone whose result code is no ENUMERATED.
    const answer = Buffer.from([0x30, 8, 2, 1, 2, 0x65, 3, 0x04, 1, 0]);
    const { uri } = await misbehave((server) =>
      server.search('', (request: unknown) => void socketOf(request).write(answer)),
    );
    const { exitCode, stderr } = await diff(uri);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot read the root DSE of ${uri}: `);
    expect(stderr).not.toContain('unexpected error');
  });

  test('closes the connection after the bind', async () => {
    const { uri } = await misbehave((server) => {
      server.bind('', (request: unknown, response: { end: () => void }) => {
        response.end();
        socketOf(request).end();
      });
    });
    const env = { KEYSTONE_LDAP_PASSWORD: 'any' };
    const { exitCode, stderr } = await runCli(['init', '-H', uri, '-D', 'cn=admin,dc=example,dc=com'], {
      env,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot read the root DSE of ${uri}: the server closed the connection.`);
  });
});

describe('ldaps://', () => {
  const start = async (ca: Awaited<ReturnType<typeof throwAwayCa>>, subjectAltName: string) => {
    const { certificate, key } = await ca.issue(subjectAltName);
    const pem = { certificate: await readText(certificate), key: await readText(key) };
    return await misbehave((server) => {
      server.search('', (_: unknown, response: { end: () => void }) => response.end());
    }, pem);
  };

  test('is spoken from the first byte on, with a CA of one’s own', async () => {
    await using ca = await throwAwayCa();
    const { port } = await start(ca, '127.0.0.1');
    const options = { uri: `ldaps://127.0.0.1:${port}`, credentials: anonymous, ca: await readText(ca.ca) };
    await using session = await openSession(options);
    expect(await session.read('', ['1.1'])).toBeUndefined();
  });

  test.each([
    ['a CA that is not known', '127.0.0.1', false, "the CA of the server's certificate is not known"],
    ['a certificate of another name', 'ldap.example.com', true, 'is for another name'],
  ])('is refused for %s', async (_, name, trust, message) => {
    await using ca = await throwAwayCa();
    const { port } = await start(ca, name);
    const uri = `ldaps://127.0.0.1:${port}`;
    const { exitCode, stderr } = await diff(uri, ...(trust ? ['--ca-file', ca.ca] : []));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot read the root DSE of ${uri}: `);
    expect(stderr).toContain(message);
    await expect(openSession({ uri, credentials: anonymous })).rejects.toMatchObject({ code: 'TLS_FAILED' });
  });

  test('is meant where ldap:// does not get an answer', async () => {
    await using ca = await throwAwayCa();
    const { uri } = await start(ca, '127.0.0.1');
    const { exitCode, stderr } = await diff(uri);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot read the root DSE of ${uri}: the server closed the connection.`);
    expect(stderr).toContain('ldaps://');
  });
});
