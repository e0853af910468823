import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLdif } from '../../src/directory/ldif.ts';
import { rdnOf } from '../../src/directory/dn.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { bindOutcome } from '../support/as-user.ts';
import { describeLive } from '../support/describe-live.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { withoutPasswords } from '../support/named-tree.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin, type CliResult } from '../support/run-cli.ts';

const SERVICES = { glance: 'glance', nova: 'nova', swift: 'swiftpass' };
const GRIZZLY = { ...SERVICES, admin: 'secrete', ec2: 'ec2' };
const QUEENS = { ...SERVICES, admin: 'secret', cinder: 'cinder', neutron: 'neutron' };

/** The passwords of the users of each release's own script, and what that LDAP cannot hold. */
const RELEASES: readonly [release: string, passwords: Readonly<Record<string, string>>, inSql: RegExp][] = [
  ['2012.1', essexUsers(), /^Services and endpoints stay in SQL/m],
  ['2012.2', essexUsers(), /^Services and endpoints stay in SQL/m],
  ['2013.1', GRIZZLY, /^Services and endpoints stay in SQL/m],
  ['2013.1.2', GRIZZLY, /^Services and endpoints stay in SQL/m],
  ['2013.2', GRIZZLY, /^Services and endpoints stay in SQL/m],
  ['2014.2', GRIZZLY, /^Services and endpoints stay in SQL/m],
  ['2015.1', GRIZZLY, /^Services and endpoints stay in SQL/m],
  ['newton', { ...GRIZZLY, neutron: 'neutron' }, /^Projects, roles, grants, services and endpoints stay/m],
  ['zed', QUEENS, /^Projects, roles, grants, services and endpoints stay/m],
  ['2026.1', QUEENS, /^Projects, roles, grants, services and endpoints stay/m],
];

function essexUsers(): Readonly<Record<string, string>> {
  return Object.fromEntries(['admin', 'demo', 'nova', 'glance'].map((name) => [name, 'secrete']));
}

function golden(release: string) {
  const text = readFileSync(new URL(`../golden/${release}.ldif`, import.meta.url), 'utf8');
  return Object.fromEntries(parseLdif(text).map(({ dn, attributes }) => [dn, attributes]));
}

describeLive('the sample data in the directory', (slapd) => {
  describe.each(RELEASES)('%s', (release, passwords, inSql) => {
    let server: Sandbox;
    let before: Awaited<ReturnType<typeof readEntries>>;
    let seeded: CliResult;

    beforeAll(async () => {
      server = await startInitialised({ slapd, release });
      before = await readEntries(server.ldapiUri, server.suffix);
      seeded = await runCliAsAdmin(server, ['seed', '--release', release]);
    });
    afterAll(() => server.stop());

    test('is what its Keystone would have left: entries, classes, values and their order', async () => {
      const tree = await readEntries(server.ldapiUri, server.suffix);
      expect(withoutPasswords(tree)).toEqual(golden(release));
    });

    test('comes with one change for each entry, and says what stays in SQL', () => {
      const entries = Object.keys(golden(release)).length - Object.keys(before).length;
      expect(seeded.exitCode).toBe(0);
      expect(seeded.stdout.match(/^\+ /gm)).toHaveLength(entries);
      expect(seeded.stderr).toContain(`${entries} added, 0 changed, 0 removed.\n`);
      expect(seeded.stderr).toMatch(inSql);
    });

    test('shows no password and no hash', () => {
      expect(seeded.stdout).toMatch(/^ {4}userPassword: \*\*\*$/m);
      expect(seeded.stdout + seeded.stderr).not.toMatch(/secret|swiftpass|SSHA/);
    });

    test('lets every user bind, and nobody by the text of the hash', async () => {
      const entries = Object.entries(await readEntries(server.ldapiUri, server.suffix, ['userPassword']));
      const stored = entries.flatMap(([dn, { userPassword }]) =>
        userPassword === undefined ? [] : [[dn, userPassword] as const],
      );
      expect(stored.map(([dn]) => rdnOf(dn).value).toSorted()).toEqual(Object.keys(passwords).toSorted());
      for (const [dn, values] of stored) {
        const [hash = ''] = values;
        expect(values).toEqual([expect.stringMatching(/^\{SSHA\}[+/0-9A-Za-z]+=*$/)]);
        expect(await bindOutcome(server, dn, passwords[rdnOf(dn).value] ?? '')).toBe('bound');
        expect(await bindOutcome(server, dn, hash)).toBe(49);
      }
      // The same password with another salt each time.
      expect(new Set(stored.flatMap(([, values]) => values)).size).toBe(stored.length);
    });

    test('is all that the release looks for', async () => {
      expect(await runCliAsAdmin(server, ['verify', '--release', release, '--sample'])).toMatchObject({
        exitCode: 0,
      });
    });
  });

  test.each(['2014.2', '2026.1'])('that are called modern, in %s', async (release) => {
    await using server = await startInitialised({ slapd, release });
    const seeded = await runCliAsAdmin(server, ['seed', '--release', release, '--sample', 'modern']);
    expect(seeded).toMatchObject({ exitCode: 0 });
    const tree = await readEntries(server.ldapiUri, server.suffix);
    expect(withoutPasswords(tree)).toEqual(golden(`modern-${release}`));
    expect(seeded.stderr).toContain('The sample is written without its organizational units');
    const verify = ['verify', '--release', release, '--sample', 'modern'];
    expect(await runCliAsAdmin(server, verify)).toMatchObject({ exitCode: 0 });
  });

  test.each(['2013.1.2', 'liberty', '2026.1'])('that are called modern, in units, in %s', async (release) => {
    const flags = ['--release', release, '--map', 'query_scope=sub'];
    const sample = ['--sample', 'modern'];
    await using server = await startSandbox({ slapd });
    // Grizzly's own code puts names beyond ASCII into filters.
    const commands = [
      ['init', ...flags],
      ['seed', ...flags, ...sample, '--allow-unsafe-names'],
    ];
    for (const argv of commands) {
      const { exitCode, stderr } = await runCliAsAdmin(server, argv);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: expect.not.stringContaining('without its organizational units') as string,
      });
    }
    const tree = withoutPasswords(await readEntries(server.ldapiUri, server.suffix));
    const nested = golden('modern-nested-2026.1');
    if (release === '2026.1') expect(tree).toEqual(nested);
    else expect(Object.keys(tree)).toEqual(expect.arrayContaining(Object.keys(nested)));
    for (const argv of commands)
      expect((await runCliAsAdmin(server, argv)).stdout).toMatch(/already up to date/i);
    const { stdout } = await runCliAsAdmin(server, ['verify', ...flags, ...sample, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, findings: [], checked: { users: 6 } });
  });

  test('of 2015.1 are what 2014.2 left, where LDAP holds projects and roles too', async () => {
    const flags = ['--release', '2015.1', '--ldap-holds', 'all'];
    await using server = await startSandbox({ slapd });
    for (const command of ['init', 'seed', 'verify'])
      expect(await runCliAsAdmin(server, [command, ...flags])).toMatchObject({ exitCode: 0 });
    const tree = await readEntries(server.ldapiUri, server.suffix);
    expect(withoutPasswords(tree)).toEqual(golden('2014.2'));
  });
});
