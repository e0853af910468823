import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseLdif } from '../../src/directory/ldif.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { ownExternalDn } from '../../src/sandbox/own-identity.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addAccount } from '../support/as-user.ts';
import { describeLive } from '../support/describe-live.ts';
import { HASH_CLEARTEXT } from '../support/hash-cleartext.ts';
import { startInitialised, startSeeded } from '../support/initialised-sandbox.ts';
import { startLdapRelay } from '../support/ldap-relay.ts';
import { withoutPasswords } from '../support/named-tree.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const SUFFIX = 'dc=example,dc=com';
const SERVICE = `cn=service,${SUFFIX}`;

/** The service account may write, but gets no more than two entries of a search. */
const SHORT_SEARCHES = {
  database: {
    olcAccess: [
      `to * by dn.exact="${ownExternalDn()}" manage by dn.exact="${SERVICE}" manage by * break`,
      'to attrs=userPassword by anonymous auth by * none',
      'to * by * read',
    ],
    olcLimits: [`dn.exact="${SERVICE}" size=2`],
  },
};

describeLive('seed, where something is in its way', (slapd) => {
  describe('an interrupt', () => {
    test.each([
      ['one database', []],
      ['two databases', ['--user-tree-dn', 'ou=Users,dc=example,dc=org']],
    ])(
      'in the middle of writing to %s leaves what was done, and the next run does the rest',
      async (_, trees) => {
        await using server = await startSandbox({ slapd, tuning: { moreSuffixes: ['dc=example,dc=org'] } });
        const external = ['-H', server.ldapiUri, '-Y', 'EXTERNAL', '--suffix', SUFFIX, ...trees];
        expect(await runCli(['init', ...external])).toMatchObject({ exitCode: 0 });
        const everything = async () => ({
          ...(await readEntries(server.ldapiUri, SUFFIX)),
          ...(trees.length > 0 ? await readEntries(server.ldapiUri, 'dc=example,dc=org') : {}),
        });
        const before = Object.keys(await everything()).length;
        const interrupt = new AbortController();
        await using relay = await startLdapRelay(server.ldapiUri, (number) => {
          if (number < 12) return 'pass';
          interrupt.abort();
          return 'drop';
        });
        const argv = ['seed', '-H', relay.uri, ...external.slice(2)];
        const { exitCode, stdout, stderr } = await runCli(argv, { signal: interrupt.signal });
        expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
        const made = Object.keys(await everything()).length - before;
        expect(made).toBeGreaterThan(0);
        const known = Number(/Interrupted\. (\d+) of 14 changes are known to be applied\./.exec(stderr)?.[1]);
        expect(known).toBeLessThanOrEqual(made);
        const again = await runCli(['seed', ...external]);
        expect(again).toMatchObject({ exitCode: 0 });
        expect(again.stderr).toContain(`${14 - made} added, 0 changed, 0 removed.`);
        const text = readFileSync(new URL('../golden/2011.3.ldif', import.meta.url), 'utf8');
        const moved =
          trees.length > 0 ? text.replaceAll(`ou=Users,${SUFFIX}`, 'ou=Users,dc=example,dc=org') : text;
        const golden = Object.fromEntries(parseLdif(moved).map(({ dn, attributes }) => [dn, attributes]));
        const tree = Object.entries(await everything()).filter(([dn]) => dn !== 'dc=example,dc=org');
        expect(withoutPasswords(Object.fromEntries(tree))).toEqual(golden);
      },
    );

    test('before the work is an interrupt too', async () => {
      await using server = await startInitialised({ slapd, release: '2011.3' });
      const result = await runCliAsAdmin(server, ['seed'], { signal: AbortSignal.abort() });
      expect(result).toMatchObject({ exitCode: 130, stdout: '' });
    });
  });

  test('without the right to write it names the entry that it could not write', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    const env = { ...(await addAccount(server)), KEYSTONE_LDAP_RELEASE: '2011.3' };
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const { exitCode, stdout, stderr } = await runCli(['seed'], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    // slapd answers what arrives together in any order.
    expect(stderr).toMatch(
      /^error: Cannot add (?:cn|uid)=[\w:-]+,ou=(?:Groups|Users),dc=example,dc=com: .*insufficientAccessRights \(50\)/,
    );
    expect(stderr).not.toMatch(/secrete|service-pw|\$6\$/);
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });

  test('where only part may be written it names that part, and says how much was made', async () => {
    const olcAccess = [
      `to * by dn.exact="${ownExternalDn()}" manage by * break`,
      `to dn.subtree="ou=Users,${SUFFIX}" by dn.exact="${SERVICE}" write by * read`,
      'to attrs=userPassword by anonymous auth by * none',
      'to * by * read',
    ];
    await using server = await startInitialised({
      slapd,
      release: '2011.3',
      tuning: { database: { olcAccess } },
    });
    const env = { ...(await addAccount(server)), KEYSTONE_LDAP_RELEASE: '2011.3' };
    const { exitCode, stderr } = await runCli(['seed'], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^error: Cannot add cn=[\w-]+,ou=Groups,dc=example,dc=com: .*insufficientAccessRights \(50\)/,
    );
    const made = Object.keys(await readEntries(server.ldapiUri, SUFFIX)).length - 4;
    expect(stderr).toContain(` ${made} of 14 changes were made before; the rest was not.`);
  });

  test('a wrong password is said without the password', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    const env = { ...(await addAccount(server)), KEYSTONE_LDAP_PASSWORD: 'not-this-one' };
    const { exitCode, stdout, stderr } = await runCli(['seed'], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`Cannot bind to ${server.uri} as ${SERVICE}: `);
    expect(stderr).not.toContain('not-this-one');
  });

  describe('a size limit on the account', () => {
    test('does not stop seed, and is found by verify', async () => {
      await using server = await startInitialised({ slapd, release: '2011.3', tuning: SHORT_SEARCHES });
      const env = { ...(await addAccount(server)), KEYSTONE_LDAP_RELEASE: '2011.3' };
      expect(await runCli(['seed'], { env })).toMatchObject({ exitCode: 0 });
      expect((await runCli(['seed'], { env })).stdout).toContain('already up to date');
      const { exitCode, stdout } = await runCli(['verify', '--sample'], { env });
      expect(exitCode).toBe(1);
      expect(stdout).toContain(`error LIST_CUT  users below ou=Users,${SUFFIX}\n`);
    });

    test('that hides other tenants of a user is an error, and nothing is written', async () => {
      await using server = await startInitialised({ slapd, release: '2011.3', tuning: SHORT_SEARCHES });
      using folder = new DisposableFolder();
      const env = { ...(await addAccount(server)), KEYSTONE_LDAP_RELEASE: '2011.3' };
      await using session = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
      for (const name of ['one', 'two', 'three'])
        await session.add({
          dn: `cn=${name},ou=Groups,${SUFFIX}`,
          attributes: {
            objectClass: ['groupOfNames', 'keystoneTenant'],
            cn: [name],
            keystoneEnabled: ['TRUE'],
            member: [`uid=alice,ou=Users,${SUFFIX}`],
          },
        });
      const before = await changeNumbers(server.ldapiUri, server.suffix);
      const file = folder.write('a.yaml', 'tenants: [lab]\nusers: [{ name: alice, tenant: lab }]\n');
      const { exitCode, stderr } = await runCli(['seed', '--file', file], { env });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`Cannot search ou=Groups,${SUFFIX}: `);
      expect(stderr).toContain('sizeLimitExceeded (4)');
      expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
    });
  });

  describe('a server that hashes clear text (ppolicy_hash_cleartext)', () => {
    const tuning = HASH_CLEARTEXT;

    test.each(['2011.3', 'essex-1', 'essex-3'])('is found by verify: %s', async (release) => {
      await using server = await startSeeded({ slapd, release, tuning });
      const { exitCode, stdout } = await runCliAsAdmin(server, ['verify', '--sample', '--release', release]);
      expect(exitCode).toBe(1);
      expect(stdout.match(/^error PASSWORD_FORM {2}user /gm)).toHaveLength(release === 'essex-3' ? 7 : 5);
      expect(stdout).toContain(
        release === 'essex-3'
          ? 'is hashed ({SSHA}, perhaps by the server), and Keystone compares it with the password as text'
          : 'is not a bare $6$ hash but {SSHA}, perhaps hashed by the server',
      );
      expect(stdout).not.toMatch(/\{SSHA\}[A-Za-z0-9+/]/);
    });

    test('is fine at the blog date, where users bind', async () => {
      await using server = await startSeeded({ slapd, release: 'blog', tuning });
      const env = { KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete' };
      const argv = ['verify', '--release', 'blog', '--login', 'joeuser'];
      expect(await runCliAsAdmin(server, argv, { env })).toMatchObject({ exitCode: 0 });
    });
  });

  describe('userPassword that the account cannot read', () => {
    test.each(['2011.3', 'essex-1', 'essex-3'])('is found by verify: %s', async (release) => {
      await using server = await startSeeded({ slapd, release });
      const env = await addAccount(server);
      const { exitCode, stdout } = await runCli(['verify', '--sample', '--release', release], { env });
      expect(exitCode).toBe(1);
      expect(stdout.match(/^error PASSWORD_UNREADABLE {2}user /gm)).toHaveLength(
        release === 'essex-3' ? 7 : 5,
      );
    });

    test('is fine at the blog date, where users bind', async () => {
      await using server = await startSeeded({ slapd, release: 'blog' });
      const env = { ...(await addAccount(server)), KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete' };
      const argv = ['verify', '--release', 'blog', '--login', 'joeuser'];
      expect(await runCli(argv, { env })).toMatchObject({ exitCode: 0 });
    });
  });
});
