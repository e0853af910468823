import { expect, test } from 'vitest';
import { isWithin } from '../../src/directory/dn.ts';
import { registryDn } from '../../src/history/registry.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { DeclaredSystem } from '../support/declared-system.ts';
import { describeLive } from '../support/describe-live.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { scriptedAsker } from '../support/scripted-asker.ts';
import { asManager } from '../support/seeded-sandbox.ts';
import { sortedValues } from '../support/sorted-values.ts';

/** More than are planned like those of a YAML file. */
const MANY = 1200;

function csv(rows: readonly string[]): string {
  return ['name,email,enabled', ...rows, ''].join('\n');
}

const ROWS = Array.from({ length: MANY }, (_, at) => `user${at},user${at}@example.com,${at % 7 > 0}`);

/** People of another directory. */
const LDIF = ['dora', 'eve']
  .map((name) => `dn: uid=${name},ou=people,dc=old\nobjectClass: person\nuid: ${name}\n`)
  .join('\n');

const FILES = "files: ['people/*']\nmember_mode: exact\n";

/** All but the tool's own registry, in which each run has its name. */
async function dump({ ldapiUri, suffix }: Sandbox): Promise<Readonly<Record<string, unknown>>> {
  const all = Object.entries(await readEntries(ldapiUri, suffix));
  const entries = all.filter(([dn]) => !isWithin(dn, registryDn(suffix)));
  return Object.fromEntries(entries.map(([dn, attributes]) => [dn, sortedValues(attributes)] as const));
}

interface Planned {
  readonly users: { readonly total: number; readonly added: number; readonly changed: number };
  readonly changes: readonly { readonly kind: string; readonly dn: string }[];
}

async function planOf(system: DeclaredSystem, ...flags: readonly string[]): Promise<Planned> {
  const { stdout, stderr, exitCode } = await system.run('plan', system.file, '--json', ...flags);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as Planned;
}

describeLive('identities in CSV and LDIF', (slapd) => {
  const options = { slapd, tuning: { frontend: { olcSizeLimit: ['unlimited'] } } };

  async function declared(release: string, rows: readonly string[]): Promise<DeclaredSystem> {
    const system = await DeclaredSystem.create(await startSandbox(options), release);
    await system.write('people/users.csv', csv(rows));
    await system.write('people/old.ldif', LDIF);
    await system.write('people/staff.yaml', 'groups: [{ name: staff, members: [user1, eve] }]\n');
    await system.declare(release, FILES);
    return system;
  }

  test('a few are planned, kept, made, pruned and taken back like those of YAML', async () => {
    await using system = await declared('2026.1', ROWS.slice(0, 5));
    const { server } = system;
    const before = await dump(server);
    const saved = system.path('x.plan');
    expect((await system.run('plan', system.file, '--out', saved)).stdout).toContain('(user user3)');
    expect((await system.run('apply', saved, '--yes')).exitCode).toBe(0);
    const all = Object.keys(await dump(server));
    for (const name of ['user0', 'user4', 'dora', 'eve'])
      expect(all).toContain(`cn=${name},ou=Users,${server.suffix}`);
    await system.write('people/users.csv', csv(ROWS.slice(0, 4)));
    const { changes } = await planOf(system, '--prune');
    expect(changes.map(({ kind, dn }) => `${kind} ${dn}`)).toEqual([
      `modify-entry cn=enabled_users,ou=Users,${server.suffix}`,
      `delete-entry cn=user4,ou=Users,${server.suffix}`,
    ]);
    expect((await runCliAsAdmin(server, ['undo', '--yes'])).exitCode).toBe(0);
    expect(await dump(server)).toEqual(before);
  });

  test.each(['2011.3', '2026.1'])('%s: many are counted, made, and taken back', async (release) => {
    await using system = await declared(release, ROWS);
    const { server } = system;
    if (release === '2011.3')
      await system.write('people/staff.yaml', 'tenants: [{ name: staff, members: [user1, eve] }]\n');
    const before = await dump(server);
    const planned = await system.run('plan', system.file, '--exit-code');
    expect(planned.exitCode, planned.stderr).toBe(1);
    expect(planned.stdout).toContain(
      `+ 1202 of 1202 users of ${system.path('people/old.ldif')}, ${system.path('people/users.csv')}: dora, eve, user0, …\n`,
    );
    // In the order in which they are made.
    const order = ['(user tree)', '+ 1202 of 1202 users', ' staff)'].map((text) =>
      planned.stdout.indexOf(text),
    );
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(order).not.toContain(-1);
    const applied = await system.apply();
    expect(applied.stdout).toContain('already up to date');
    expect(Object.keys(await dump(server)).filter((dn) => /user\d+,ou=Users,/.test(dn))).toHaveLength(MANY);
    const again = await system.run('plan', system.file, '--exit-code');
    expect(again).toMatchObject({ exitCode: 0, stdout: `${system.file}: already up to date.\n` });
    expect((await system.run('verify', '-f', system.file)).exitCode).toBe(0);
    const undone = await runCliAsAdmin(server, ['undo', '--yes']);
    expect(undone.exitCode, undone.stderr).toBe(0);
    expect(await dump(server)).toEqual(before);
  });

  test('many are written in bulk, and the database is as it was afterwards', async () => {
    await using system = await declared('2026.1', ROWS);
    const applied = await system.run('apply', system.file, '--yes', '--bulk');
    expect(applied.exitCode, applied.stderr).toBe(0);
    await using session = await asManager(system.server);
    const database = await session.read('olcDatabase={1}mdb,cn=config', ['olcDbEnvFlags']);
    expect(database?.attributes).toEqual({});
    expect(await planOf(system)).toMatchObject({ users: { added: 0, changed: 0 }, changes: [] });
  });

  test('of many only those that differ are written', async () => {
    await using system = await declared('2026.1', ROWS);
    await system.apply();
    await using session = await asManager(system.server);
    const dn = (name: string): string => `cn=${name},ou=Users,${system.server.suffix}`;
    await session.delete(dn('user7'));
    await session.modify(dn('user8'), [{ operation: 'replace', attribute: 'mail', values: [] }]);
    const { users } = await planOf(system);
    expect(users).toEqual({
      total: MANY + 2,
      added: 1,
      changed: 1,
      examples: { added: ['user7'], changed: ['user8'] },
    });
    const seeded = await runCliAsAdmin(system.server, ['seed', '-f', system.file, '--json']);
    expect(JSON.parse(seeded.stdout)).toMatchObject({ users: { added: 1, changed: 1 } });
    expect(await planOf(system)).toMatchObject({ users: { added: 0, changed: 0 }, changes: [] });
  });

  test('prune takes away of many what is declared no more, and nothing else', async () => {
    await using system = await declared('2026.1', ROWS);
    await system.apply();
    expect(await planOf(system, '--prune')).toMatchObject({ users: { added: 0, changed: 0 }, changes: [] });
    const left = ROWS.filter((row) => !/^user(?:1|600),/.test(row));
    await system.write('people/users.csv', csv([...left, 'zoe,,']));
    await system.write('people/staff.yaml', 'groups: [{ name: staff, members: [eve] }]\n');
    const { users, changes } = await planOf(system, '--prune');
    const { suffix } = system.server;
    expect(users).toMatchObject({ added: 1, changed: 0 });
    const touched = new Set(changes.map(({ kind, dn }) => `${kind} ${dn}`));
    expect([...touched].toSorted()).toEqual([
      `delete-entry cn=user1,ou=Users,${suffix}`,
      `delete-entry cn=user600,ou=Users,${suffix}`,
      `modify-entry cn=enabled_users,ou=Users,${suffix}`,
      `modify-entry cn=staff,ou=UserGroups,${suffix}`,
    ]);
    expect((await system.run('apply', system.file, '--yes', '--prune')).exitCode).toBe(0);
    const all = Object.keys(await dump(system.server));
    expect(all).toContain(`cn=zoe,ou=Users,${suffix}`);
    expect(all.filter((dn) => /user\d+,/.test(dn))).toHaveLength(MANY - 2);
  });

  test('passwords of many are written over others where the file says so', async () => {
    await using system = await declared('2026.1', ROWS);
    const withPassword = (password: string): string =>
      csv(ROWS)
        .replace('enabled\n', 'enabled,password\n')
        .replace(/,(true|false)\n/g, `,$1,\n`)
        .replace('user5@example.com,true,', `user5@example.com,true,${password}`);
    await system.write('people/users.csv', withPassword('first'));
    await system.apply();
    await system.write('people/users.csv', withPassword('second'));
    expect(await planOf(system)).toMatchObject({ users: { changed: 0 } });
    await system.declare('2026.1', `${FILES}reset_passwords: true\n`);
    expect(await planOf(system)).toMatchObject({ users: { added: 0, changed: 1 } });
    await system.apply();
    expect(await planOf(system)).toMatchObject({ users: { changed: 0 } });
  });

  test('a plan of many is kept, and refused where their files or their entries are others', async () => {
    await using system = await declared('2026.1', ROWS);
    const saved = system.path('x.plan');
    const keep = () => system.run('plan', system.file, '--out', saved);
    const stale = async (why: string) => {
      const { exitCode, stderr } = await system.run('apply', saved, '--yes');
      expect(stderr).toContain(`is stale: the system has changed since it was made; nothing was written`);
      expect(stderr).toContain(why);
      expect(exitCode).toBe(2);
    };
    await keep();
    await system.write('people/users.csv', csv(ROWS.toReversed()));
    await stale('the users of CSV and LDIF files are others');
    await keep();
    expect((await system.run('apply', saved, '--yes')).exitCode).toBe(0);
    await using session = await asManager(system.server);
    const mail = (name: string, values: string[]) =>
      session.modify(`cn=${name},ou=Users,${system.server.suffix}`, [
        { operation: 'replace', attribute: 'mail', values },
      ]);
    await mail('user8', []);
    await keep();
    await mail('user9', []);
    await stale('what is to be done about the users of CSV and LDIF files is something else');
    await keep();
    await mail('user8', ['another@example.com']);
    await stale('what is to be done about the users of CSV and LDIF files is something else');
  });

  test('files that change while one is asked are not taken for those that were planned', async () => {
    await using system = await declared('2026.1', ROWS);
    const confirm = async (): Promise<boolean> => {
      await system.write('people/users.csv', csv(['zoe,,', ...ROWS]));
      return true;
    };
    const asker = { ...scriptedAsker([]).asker, confirm };
    const { exitCode, stderr } = await runCli(['apply', system.file], { asker });
    expect(stderr).toContain('changed after the plan was made; nothing was written');
    expect(exitCode).toBe(2);
    expect(Object.keys(await dump(system.server)).filter((dn) => dn.includes('ou=Users'))).toEqual([]);
  });

  test('what is wrong with many is told with its line', async () => {
    await using system = await declared('2026.1', ROWS);
    await system.run('init', '-f', system.file);
    await system.write('people/more.yaml', 'users: [{ name: user3 }]\n');
    await system.write('people/users.csv', csv([...ROWS, 'user5,,', 'a,b', 'joe,,perhaps']));
    const { exitCode, stderr } = await system.run('apply', system.file, '--yes');
    expect(exitCode).toBe(2);
    const path = system.path('people/users.csv');
    for (const fault of [
      `${path}:${MANY + 2}:1: user "user5" is declared twice, first at ${path}:7:1`,
      `${path}:5:1: user "user3" is declared twice, first at ${system.path('people/more.yaml')}:1:9`,
      `${path}:${MANY + 3}:1: the line has 2 fields, and 3 columns are named`,
      `${path}:${MANY + 4}:1: "enabled" must be true or false`,
    ])
      expect(stderr).toContain(fault);
    expect(Object.keys(await dump(system.server)).filter((dn) => dn.includes('user'))).toEqual([]);
  });
});
