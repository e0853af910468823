import { expect, test } from 'vitest';
import type { Credentials } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

describeLive('the right to write, tried', (slapd) => {
  test('is told without a trace', async () => {
    await using server = await startSandbox({ slapd });
    const { suffix, uri, bindDn, password, ldapiUri } = server;
    expect(await runCliAsAdmin(server, ['init', '--release', 'zed'])).toMatchObject({ exitCode: 0 });
    const tree = `ou=Users,${suffix}`;
    const ask = async (credentials: Credentials, dn: string): Promise<string> => {
      await using session = await openSession({ uri, credentials });
      return await session.mayWrite(dn);
    };
    const before = await changeNumbers(ldapiUri, suffix);
    const admin = { kind: 'simple', dn: bindDn, password } as const;
    expect(await ask(admin, tree)).toBe('yes');
    expect(await ask(admin, `ou=Nowhere,${suffix}`)).toBe('untold');
    expect(await ask({ kind: 'anonymous' }, tree)).toBe('no');
    expect(await changeNumbers(ldapiUri, suffix)).toEqual(before);
  });

  test.each([
    ['no right', { olcAccess: ['to * by * read'] }],
    ['a database that only reads', { olcReadOnly: ['TRUE'] }],
  ])('is refused with %s', async (_, database) => {
    await using server = await startSandbox({ slapd, tuning: { database } });
    const { suffix, ldapiUri, uri, bindDn, password } = server;
    if (!('olcReadOnly' in database)) {
      await using admin = await openSession({ uri, credentials: { kind: 'simple', dn: bindDn, password } });
      await admin.add({ dn: suffix, attributes: { objectClass: ['domain'], dc: ['example'] } });
    }
    await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
    expect(await session.mayWrite(suffix)).toBe('no');
  });
});
