import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLdif } from '../../src/directory/ldif.ts';
import { verifySha512Crypt } from '../../src/identities/passwords/password-hash.ts';
import { sampleDataFile } from '../../src/identities/read/sample-data-file.ts';
import { LEGACY_RELEASES } from '../../src/releases/legacy.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { bindOutcome } from '../support/as-user.ts';
import { describeLive } from '../support/describe-live.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { namedTree, withoutPasswords } from '../support/named-tree.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin, type CliResult } from '../support/run-cli.ts';

const PASSWORD = 'secrete';
const ROUNDS = /^\$6\$rounds=40000\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/;

function golden(release: string) {
  const name = basename(sampleDataFile(release), '.yaml');
  const text = readFileSync(new URL(`../golden/${name}.ldif`, import.meta.url), 'utf8');
  return Object.fromEntries(parseLdif(text).map(({ dn, attributes }) => [dn, attributes]));
}

async function passwords({ ldapiUri, suffix }: Sandbox): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = await readEntries(ldapiUri, suffix, ['userPassword']);
  return new Map(
    Object.entries(entries).flatMap(([dn, { userPassword }]) =>
      userPassword === undefined ? [] : [[dn, userPassword] as const],
    ),
  );
}

const isClear = (release: string): boolean => ['blog', 'essex-3'].includes(release);

describeLive('the sample data in the directory', (slapd) => {
  describe.each(LEGACY_RELEASES.map(({ name }) => name))('%s', (release) => {
    let server: Sandbox;
    let seeded: CliResult;

    beforeAll(async () => {
      server = await startInitialised({ slapd, release });
      seeded = await runCliAsAdmin(server, ['seed', '--release', release]);
    });
    afterAll(() => server.stop());

    test('is what its Keystone would have left: entries, classes, values and their order', async () => {
      const tree = await readEntries(server.ldapiUri, server.suffix);
      expect(withoutPasswords(namedTree(tree))).toEqual(golden(release));
    });

    test('comes with one change for each entry, and says what stays in SQL', () => {
      const entries = Object.keys(golden(release)).length - 3;
      expect(seeded.exitCode).toBe(0);
      expect(seeded.stdout.match(/^\+ /gm)).toHaveLength(entries);
      expect(seeded.stderr).toContain(`${entries} added, 0 changed, 0 removed.\n`);
      expect(seeded.stderr).toMatch(
        /^Services, endpoints and tokens stay in SQL, where keystone-manage adds them: /m,
      );
    });

    test('shows no password and no hash', () => {
      expect(seeded.stdout).toMatch(/^ {4}userPassword: \*\*\*$/m);
      expect(seeded.stdout + seeded.stderr).not.toMatch(/secrete|\$6\$/);
    });

    test(
      isClear(release) ? 'lets every user bind' : 'lets nobody bind, but by the text of the hash',
      async () => {
        const found = await passwords(server);
        expect(found.size).toBe(['2012-01-20', 'essex-3'].includes(release) ? 7 : 5);
        // The disabled user is one of them: its password would fit, were it enabled.
        for (const [dn, values] of found) {
          expect(values).toHaveLength(1);
          const [stored = ''] = values;
          if (isClear(release)) {
            expect(stored).toBe(PASSWORD);
            expect(await bindOutcome(server, dn, PASSWORD)).toBe('bound');
            continue;
          }
          expect(stored).toMatch(ROUNDS);
          expect(verifySha512Crypt(new Secret(PASSWORD), new Secret(stored))).toBe(true);
          expect(await bindOutcome(server, dn, PASSWORD)).toBe(49);
          expect(await bindOutcome(server, dn, stored)).toBe('bound');
        }
        // The same password with another salt each time.
        if (!isClear(release)) expect(new Set([...found.values()].flat()).size).toBe(found.size);
      },
    );

    test('is all that the release looks for', async () => {
      expect(await runCliAsAdmin(server, ['verify', '--release', release, '--sample'])).toMatchObject({
        exitCode: 0,
      });
    });
  });

  test('essex-3 reports that a role can be bound to one service only', async () => {
    await using server = await startInitialised({ slapd, release: 'essex-3' });
    const { stderr } = await runCliAsAdmin(server, ['seed', '--release', 'essex-3', '--dry-run']);
    expect(stderr).toContain('The role barista is bound to the service coffee only');
  });

  test('blog reports the role that gives no access', async () => {
    await using server = await startInitialised({ slapd, release: 'blog' });
    const { stderr } = await runCliAsAdmin(server, ['seed', '--release', 'blog', '--dry-run']);
    expect(stderr).toContain(
      'user "joeadmin" has role "Admin" in tenant "ANOTHER:TENANT" but is no member of it',
    );
  });

  describe('--bindable-passwords', () => {
    test('adds a second value by which users bind, and warns', async () => {
      await using server = await startInitialised({ slapd, release: '2011.3' });
      const { exitCode, stderr, stdout } = await runCliAsAdmin(server, ['seed', '--bindable-passwords']);
      expect(exitCode).toBe(0);
      expect(stderr).toContain('warning: a bare $6$ value is clear text to the server');
      expect(stdout + stderr.replace('a bare $6$ value', '')).not.toMatch(/secrete|\$6\$/);
      const found = await passwords(server);
      expect(found.size).toBe(5);
      for (const [dn, [first = '', ...others]] of found) {
        expect(first).toMatch(ROUNDS);
        expect(others).toEqual([`{CRYPT}${first}`]);
        expect(await bindOutcome(server, dn, PASSWORD)).toBe('bound');
        expect(await bindOutcome(server, dn, 'Secrete')).toBe(49);
      }
      expect(await runCliAsAdmin(server, ['verify', '--sample'])).toMatchObject({ exitCode: 0 });
    });

    test('is refused where users bind anyway', async () => {
      await using server = await startInitialised({ slapd, release: 'blog' });
      const argv = ['seed', '--release', 'blog', '--bindable-passwords'];
      expect(await runCliAsAdmin(server, argv)).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: 'error: --bindable-passwords is of no use: users of blog bind anyway.\n',
      });
      expect(Object.keys(await readEntries(server.ldapiUri, server.suffix))).toHaveLength(3);
    });
  });
});
