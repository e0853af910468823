import { expect, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

const SUFFIX = 'dc=example,dc=com';
const user = (name: string): string => `uid=${name},ou=Users,${SUFFIX}`;
const DUMB = 'cn=dumb,dc=nonexistent';

async function seed(server: RunningSlapd, yaml: string, ...flags: readonly string[]): Promise<string> {
  using folder = new DisposableFolder();
  const file = folder.write('identities.yaml', yaml);
  const { exitCode, stdout, stderr } = await runCliAsAdmin(server, ['seed', '--file', file, ...flags]);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

async function membersOf(server: RunningSlapd, dn: string): Promise<readonly string[] | undefined> {
  return (await readEntries(server.ldapiUri, dn))[dn]?.['member'];
}

const USERS = 'users: [{ name: a, password: pa }, { name: b }, { name: c }]\n';

describeLive('member modes', (slapd) => {
  test('exact takes others away, additive leaves them, ignore looks at a new entry only', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    const tenant = (members: string, mode: string): string =>
      `${USERS}tenants: [{ name: x, members: [${members}], member_mode: ${mode} }]\n`;
    const x = `cn=x,ou=Groups,${SUFFIX}`;
    const states = [
      ['a, b', 'ignore', [DUMB, user('a'), user('b')]],
      ['c', 'ignore', [DUMB, user('a'), user('b')]],
      ['b, c', 'additive', [DUMB, user('a'), user('b'), user('c')]],
      ['b', 'exact', [DUMB, user('b')]],
      ['', 'exact', [DUMB]],
    ] as const;
    for (const [members, mode, expected] of states) {
      await seed(server, tenant(members, mode), '--allow-unsafe-names');
      expect(new Set(await membersOf(server, x))).toEqual(new Set(expected));
      expect(await seed(server, tenant(members, mode), '--allow-unsafe-names')).toContain(
        'already up to date',
      );
    }
  });

  test('who moves to another tenant leaves the old one in the same plan', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    const at = (tenant: string): string =>
      `member_mode: exact\nusers: [{ name: a, tenant: ${tenant} }]\ntenants: [x, y]\n`;
    await seed(server, at('x'));
    await seed(server, at('y'));
    expect(await membersOf(server, `cn=x,ou=Groups,${SUFFIX}`)).toEqual([DUMB]);
    expect(await membersOf(server, `cn=y,ou=Groups,${SUFFIX}`)).toContain(user('a'));
  });

  test('a role that nobody holds any more is emptied where its members are exact', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    const head = `member_mode: exact\n${USERS}tenants: [x]\nroles: [r]\n`;
    const granted = `cn=r,cn=x,ou=Groups,${SUFFIX}`;
    await seed(server, `${head}grants: [{ role: r, user: a, tenant: x }, { role: r, user: b, tenant: x }]\n`);
    await seed(server, `${head}grants: [{ role: r, user: b, tenant: x }]\n`);
    expect(new Set(await membersOf(server, granted))).toEqual(new Set([user('b'), DUMB]));
    await seed(server, head);
    expect(await membersOf(server, granted)).toEqual([DUMB]);
    expect(await seed(server, head)).toContain('already up to date');
  });

  test('a group of today has just its members, or none', async () => {
    await using server = await startInitialised({ slapd, release: '2026.1' });
    const group = (members: string): string =>
      `${USERS}groups: [{ name: g, members: [${members}], member_mode: exact }]\n`;
    for (const members of [['a', 'b'], ['c']]) {
      await seed(server, group(members.join()), '-r', '2026.1');
      const [entry] = Object.entries(await readEntries(server.ldapiUri, `ou=UserGroups,${SUFFIX}`)).slice(-1);
      expect(entry?.[1]['member']).toHaveLength(members.length);
    }
    expect(await seed(server, group('c'), '-r', '2026.1')).toContain('already up to date');
  });
});

describeLive('passwords', (slapd) => {
  test('are written over where the file says so, for all or for one', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    await seed(server, 'users: [{ name: a, password: one }, { name: b, password: one }]\n');
    const again = (own: string, top = ''): string =>
      `${top}users: [{ name: a, password: two${own} }, { name: b, password: two }]\n`;
    expect(await seed(server, again(''))).toContain('already up to date');
    const one = await seed(server, again(', reset_password: true'));
    expect(one.match(/userPassword/g)).toHaveLength(1);
    const other = await seed(server, again(', reset_password: false', 'reset_passwords: true\n'));
    expect(other.match(/userPassword/g)).toHaveLength(1);
    expect(other).toContain('uid=b');
  });
});

describeLive('a modification with the entryCSN that was seen', (slapd) => {
  test('is refused once anything of the entry has changed', async () => {
    await using server = await startInitialised({ slapd, release: '2011.3' });
    await using session = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
    const dn = `ou=Users,${SUFFIX}`;
    const csnOf = async (): Promise<string> =>
      (await session.read(dn, ['entryCSN']))?.attributes['entryCSN']?.[0] ?? '';
    const describe = (text: string) =>
      [{ operation: 'add', attribute: 'description', values: [text] }] as const;
    const seen = await csnOf();
    await session.modify(dn, describe('first'), seen);
    await expect(session.modify(dn, describe('second'), seen)).rejects.toMatchObject({
      code: 'STALE_PLAN',
      resultCode: 122,
    });
    await session.modify(dn, describe('third'), await csnOf());
    expect((await session.read(dn, ['description']))?.attributes['description']).toEqual(['first', 'third']);
  });
});
