import type { AddressInfo } from 'node:net';
import ldap from 'ldapjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import { bindAsUser } from '../../src/doctor/bind-refusal.ts';
import { Secret } from '../../src/secret.ts';

/** The server's side of an answer. */
interface Response {
  diagnosticMessage: string;
  end: (status?: number) => void;
}

/** A server that refuses every bind as slapd cannot be made to. */
async function refusing(status: number, text: string): Promise<string> {
  const server = ldap.createServer();
  server.bind('', (_: unknown, response: Response) => {
    response.diagnosticMessage = text;
    response.end(status);
  });
  server.search('', (_: unknown, response: Response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close(() => undefined));
  const { port } = (server as unknown as { address: () => AddressInfo }).address();
  return `ldap://127.0.0.1:${port}`;
}

const [CONSTRAINT_VIOLATION, INVALID_CREDENTIALS, BUSY, UNWILLING] = [19, 49, 51, 53];

const activeDirectory = (code: string): string =>
  `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data ${code}, v2580`;

describe('a bind that the server refuses, for which Keystone answers 401', () => {
  async function refusal(status: number, text: string): Promise<string | undefined> {
    const uri = await refusing(status, text);
    await using session = await openSession({ uri, credentials: { kind: 'anonymous' } });
    const who = { dn: 'cn=alice', password: new Secret('secret') };
    return (await bindAsUser(who, session, { uri })).refusal;
  }

  test.each([
    ['533', 'the account is disabled'],
    ['775', 'the account is locked'],
    ['532', 'the password has expired'],
    ['773', 'the password must be changed first'],
    ['701', 'the account has expired'],
  ])('data %s of Active Directory: %s', async (code, reason) => {
    expect(await refusal(INVALID_CREDENTIALS, activeDirectory(code))).toBe(
      `${reason}, says Active Directory (data ${code})`,
    );
  });

  test('a wrong password of Active Directory is no more than that', async () => {
    expect(await refusal(INVALID_CREDENTIALS, activeDirectory('52e'))).toBe('wrong password');
  });

  test.each([
    [UNWILLING, 'Account inactivated. Contact system administrator.'],
    [CONSTRAINT_VIOLATION, 'Exceed password retry limit. Please try later.'],
    [BUSY, 'Too many binds'],
    [INVALID_CREDENTIALS, 'password expired!'],
  ])('whatever the result, with what the server says (389-ds) %#', async (status, text) => {
    expect(await refusal(status, text)).toContain(`says: ${text}`);
  });

  test('but nobody knows what a server would say that is not there', async () => {
    const uri = await refusing(BUSY, 'unused');
    await using session = await openSession({ uri, credentials: { kind: 'anonymous' } });
    const who = { dn: 'cn=alice', password: new Secret('secret') };
    await expect(bindAsUser(who, session, { uri: 'ldap://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
    });
  });
});
