import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dnKey } from '../../src/directory/dn.ts';
import type { Edit } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { verifySha512Crypt } from '../../src/identities/passwords/password-hash.ts';
import { LEGACY_RELEASES } from '../../src/releases/legacy.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { bindOutcome } from '../support/as-user.ts';
import { describeLive } from '../support/describe-live.ts';
import { startSeeded } from '../support/initialised-sandbox.ts';
import { namedTree, withoutPasswords } from '../support/named-tree.ts';
import { changeNumbers, readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

/** Every write changes the `entryCSN` of its entry, and the `contextCSN` of the suffix. */
async function state({ ldapiUri, suffix }: Sandbox): Promise<unknown> {
  const [changes, contextCSN] = await Promise.all([
    changeNumbers(ldapiUri, suffix),
    readEntries(ldapiUri, suffix, ['contextCSN']),
  ]);
  expect(contextCSN[suffix]?.['contextCSN']).toHaveLength(1);
  return { changes, contextCSN };
}

/** Changes one entry as an operator would. */
async function modify({ ldapiUri }: Sandbox, dn: string, ...edits: readonly Edit[]): Promise<void> {
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  await session.modify(dn, edits);
}

async function remove({ ldapiUri }: Sandbox, dn: string): Promise<void> {
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  await session.delete(dn);
}

/** The entries that `change` makes, changes or removes. */
async function changedDns(server: Sandbox, change: () => Promise<void>): Promise<readonly string[]> {
  const before = await readEntries(server.ldapiUri, server.suffix, ['entryCSN']);
  await change();
  const after = await readEntries(server.ldapiUri, server.suffix, ['entryCSN']);
  const dns = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...dns].filter((dn) => before[dn]?.['entryCSN']?.[0] !== after[dn]?.['entryCSN']?.[0]);
}

async function dnOfName(server: Sandbox, name: string): Promise<string> {
  const entries = await readEntries(server.ldapiUri, server.suffix);
  const found = Object.entries(entries).find(([, { keystoneName }]) => keystoneName?.[0] === name);
  return found?.[0] ?? '';
}

describeLive('seed, run again', (slapd) => {
  describe.each(LEGACY_RELEASES)('$name', ({ name: release, layout }) => {
    const argv = ['seed', '--release', release];
    const [users, groups] = ['ou=Users,dc=example,dc=com', 'ou=Groups,dc=example,dc=com'];
    let server: Sandbox;

    beforeAll(async () => {
      server = await startSeeded({
        slapd,
        release,
        // So that the suffix has a contextCSN.
        tuning: {
          modules: ['syncprov'],
          entries: [
            {
              dn: 'olcOverlay={0}syncprov,olcDatabase={1}mdb,cn=config',
              attributes: {
                objectClass: ['olcOverlayConfig', 'olcSyncProvConfig'],
                olcOverlay: ['{0}syncprov'],
              },
            },
          ],
        },
      });
    });
    afterAll(() => server.stop());

    const isNamedById = layout.user.id === 'uuid';
    const userDn = (name: string) =>
      isNamedById
        ? dnOfName(server, name)
        : Promise.resolve(`${release === 'blog' ? 'cn' : 'uid'}=${name},${users}`);
    const tenantDn = (name: string) =>
      isNamedById ? dnOfName(server, name) : Promise.resolve(`cn=${name},${groups}`);
    const tenant = release === 'blog' ? '1234' : 'customer-x';

    const named = async () => withoutPasswords(namedTree(await readEntries(server.ldapiUri, server.suffix)));

    test.each([
      ['', []],
      ['with --reset-passwords where every password fits', ['--reset-passwords', '--sample']],
    ])('has already up to date and sends no write %s', async (_, flags) => {
      const before = await state(server);
      expect(await runCliAsAdmin(server, [...argv, ...flags])).toMatchObject({
        exitCode: 0,
        stdout: `The sample data of ${release}: already up to date.\n`,
      });
      expect(await state(server)).toEqual(before);
    });

    test('puts back one member value, and writes nothing else', async () => {
      const [dn, member] = [await tenantDn(tenant), await userDn('joeadmin')];
      const before = await named();
      await modify(server, dn, { operation: 'delete', attribute: 'member', values: [member] });
      const changed = await changedDns(server, async () => {
        const { exitCode, stdout } = await runCliAsAdmin(server, argv);
        expect({ exitCode, stdout }).toEqual({
          exitCode: 0,
          stdout: `~ ${dn}  (tenant ${tenant})\n    + member: ${member}\n`,
        });
      });
      expect(changed).toEqual([dn]);
      const sorted = (tree: typeof before) =>
        Object.entries(tree).map(([at, { member: all = [], ...rest }]) => [
          at,
          { ...rest, all: [...all].sort() },
        ]);
      expect(Object.fromEntries(sorted(await named()))).toEqual(Object.fromEntries(sorted(before)));
    });

    test('puts back one entry, and writes nothing else', async () => {
      const dn = `cn=Member,${await tenantDn(tenant)}`;
      const before = await named();
      await remove(server, dn);
      const changed = await changedDns(server, async () => {
        const { exitCode, stderr } = await runCliAsAdmin(server, argv);
        expect(exitCode).toBe(0);
        expect(stderr).toContain('1 added, 0 changed, 0 removed.');
      });
      expect(changed).toEqual([dn]);
      expect(await named()).toEqual(before);
    });

    test('puts back what somebody changed in a single value', async () => {
      const dn = await userDn('disabled');
      await modify(server, dn, { operation: 'replace', attribute: 'keystoneEnabled', values: ['TRUE'] });
      const changed = await changedDns(server, async () => {
        const { stdout } = await runCliAsAdmin(server, argv);
        expect(stdout).toBe(
          `~ ${dn}  (user disabled)\n    - keystoneEnabled: TRUE\n    + keystoneEnabled: FALSE\n`,
        );
      });
      expect(changed).toEqual([dn]);
    });

    test('leaves what others have added', async () => {
      const dn = await tenantDn(tenant);
      const added: Edit[] = [
        { operation: 'add', attribute: 'description', values: ['ours'] },
        { operation: 'add', attribute: 'member', values: [`cn=other,${users}`] },
      ];
      await modify(server, dn, ...added);
      const before = await state(server);
      expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
      expect(await state(server)).toEqual(before);
      await modify(server, dn, ...added.map((edit): Edit => ({ ...edit, operation: 'delete' })));
    });

    test('writes over a password that the user has changed only with --reset-passwords', async () => {
      const dn = await userDn('joeuser');
      await modify(server, dn, { operation: 'replace', attribute: 'userPassword', values: ['my own'] });
      const before = await state(server);
      expect((await runCliAsAdmin(server, argv)).stdout).toContain('already up to date');
      expect(await state(server)).toEqual(before);
      const changed = await changedDns(server, async () => {
        const { exitCode, stdout, stderr } = await runCliAsAdmin(server, [
          ...argv,
          '--reset-passwords',
          '--sample',
        ]);
        expect({ exitCode, stdout }).toEqual({
          exitCode: 0,
          stdout: `~ ${dn}  (user joeuser)\n    ~ userPassword: ***\n`,
        });
        expect(stdout + stderr).not.toMatch(/my own|secrete|\$6\$/);
      });
      expect(changed).toEqual([dn]);
      const { [dn]: user } = await readEntries(server.ldapiUri, dn, ['userPassword']);
      const [stored = ''] = user?.['userPassword'] ?? [];
      if (layout.user.password !== 'sha512-crypt')
        expect(await bindOutcome(server, dn, 'secrete')).toBe('bound');
      else expect(verifySha512Crypt(new Secret('secrete'), new Secret(stored))).toBe(true);
      expect(await bindOutcome(server, dn, 'my own')).toBe(49);
    });

    test('finds trees that are spelled in another way', async () => {
      const before = await state(server);
      const trees = ['--user-tree-dn', 'OU=users, DC=Example,dc=com', '--suffix', 'dc=EXAMPLE, dc=com'];
      expect(await runCliAsAdmin(server, [...argv, ...trees])).toMatchObject({
        stdout: `The sample data of ${release}: already up to date.\n`,
      });
      expect(await state(server)).toEqual(before);
    });
  });

  test('a missing user of essex gets a new id, and its old one leaves no trace of ours', async () => {
    await using server = await startSeeded({ slapd, release: 'essex-1' });
    const dn = await dnOfName(server, 'admin');
    await remove(server, dn);
    expect(await runCliAsAdmin(server, ['seed', '--release', 'essex-1'])).toMatchObject({ exitCode: 0 });
    const fresh = await dnOfName(server, 'admin');
    expect(fresh).not.toBe('');
    expect(dnKey(fresh)).not.toBe(dnKey(dn));
    const { [`cn=Admin,ou=Groups,${server.suffix}`]: role } = await readEntries(
      server.ldapiUri,
      server.suffix,
    );
    expect(role?.['member']).toContain(fresh);
  });

  test('--bindable-passwords is for new users, and for all with --reset-passwords', async () => {
    await using server = await startSeeded({ slapd, release: '2011.3' });
    const dn = 'uid=joeuser,ou=Users,dc=example,dc=com';
    const argv = ['seed', '--bindable-passwords'];
    expect((await runCliAsAdmin(server, argv)).stdout).toContain('already up to date');
    expect(await bindOutcome(server, dn, 'secrete')).toBe(49);
    const { stderr } = await runCliAsAdmin(server, [...argv, '--reset-passwords', '--sample']);
    expect(stderr).toContain('0 added, 5 changed, 0 removed.');
    expect(await bindOutcome(server, dn, 'secrete')).toBe('bound');
    expect((await runCliAsAdmin(server, [...argv, '--reset-passwords', '--sample'])).stdout).toContain(
      'already up to date',
    );
  });
});
