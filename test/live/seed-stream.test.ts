import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Attributes } from '../../src/directory/entry.ts';
import { parseLdif } from '../../src/directory/ldif.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { sortedValues } from '../support/sorted-values.ts';

/** More than are planned like those of a YAML file. */
const MANY = 1200;
const PEOPLE = `users=${MANY},groups=4,seed=7`;

const file = (name: string, text: string): string => DisposableFolder.ofTest().write(name, text);

function csv(rows: readonly string[]): string {
  return ['name,password,email,enabled,tenant', ...rows, ''].join('\n');
}

const ROWS = Array.from({ length: MANY }, (_, at) => `user${at},,user${at}@example.com,${at % 7 > 0},staff`);

/** Hashes are salted. Values in any order. */
function comparable(attributes: Attributes): Attributes {
  const named = Object.entries(attributes).filter(([name]) => name !== 'userPassword');
  return sortedValues(Object.fromEntries(named));
}

async function entries({ ldapiUri, suffix }: Sandbox) {
  const all = await readEntries(ldapiUri, suffix);
  return Object.fromEntries(Object.entries(all).map(([dn, own]) => [dn, comparable(own)]));
}

describeLive('seed of a stream', (slapd) => {
  const options = { slapd, tuning: { frontend: { olcSizeLimit: ['unlimited'] } } };

  test.each(['2011.3', 'kilo', '2026.1'])(
    '%s: a CSV file gives what the same users in YAML give',
    async (release) => {
      await using streamed = await startInitialised({ ...options, release });
      await using listed = await startInitialised({ ...options, release });
      const beside = 'tenants: [staff]\n';
      const users = ROWS.map((row) => row.split(','))
        .map(
          ([name, , email, enabled, tenant]) =>
            `  - { name: ${name}, email: ${email}, enabled: ${enabled}, tenant: ${tenant} }\n`,
        )
        .join('');
      const files = [file('users.csv', csv(ROWS)), file('beside.yaml', beside)];
      const seed = ['seed', '-r', release, ...files.flatMap((one) => ['--file', one])];
      expect(await runCliAsAdmin(streamed, seed)).toMatchObject({ exitCode: 0 });
      const yaml = file('all.yaml', `${beside}users:\n${users}`);
      expect(await runCliAsAdmin(listed, ['seed', '-r', release, '--file', yaml])).toMatchObject({
        exitCode: 0,
      });
      expect(await entries(streamed)).toEqual(await entries(listed));
      const again = await runCliAsAdmin(streamed, seed);
      expect(again).toMatchObject({ exitCode: 0, stdout: `${files[1]}, ${files[0]}: already up to date.\n` });
    },
  );

  test('offline and online give the same tree', async () => {
    const release = 'kilo';
    await using server = await startInitialised({ ...options, release });
    const seed = ['seed', '-r', release, '--generate', PEOPLE];
    expect(await runCliAsAdmin(server, [...seed, '--bulk'])).toMatchObject({ exitCode: 0 });
    const offline = await runCli([...seed, '-b', server.suffix, '--with-trees', '--offline', '-']);
    expect(offline.exitCode).toBe(0);
    const written = parseLdif(offline.stdout).map(({ dn, attributes }) => [dn, comparable(attributes)]);
    const online = await entries(server);
    expect(Object.keys(online)).toHaveLength(written.length);
    expect(online).toEqual(Object.fromEntries(written));
  });

  test('in bulk, a flag that the database had already is set once and stays', async () => {
    const tuning = { database: { olcDbNoSync: ['FALSE'], olcDbEnvFlags: ['writemap'] } };
    await using server = await startInitialised({ ...options, tuning, release: '2011.3' });
    const bulk = await runCliAsAdmin(server, ['seed', '--generate', 'users=1200,seed=1', '--bulk']);
    expect(bulk.exitCode, bulk.stderr).toBe(0);
    expect(bulk.stderr).toContain('Writing in bulk');
    await using session = await asManager(server);
    const database = await session.read('olcDatabase={1}mdb,cn=config', ['olcDbEnvFlags']);
    expect(database?.attributes['olcDbEnvFlags']).toEqual(['writemap']);
  });

  test('only what differs is written, and a value more is left alone', async () => {
    await using server = await startInitialised({ ...options, release: '2011.3' });
    const seed = ['seed', '--json', '--generate', PEOPLE];
    expect(await runCliAsAdmin(server, seed)).toMatchObject({ exitCode: 0 });
    await using session = await asManager(server);
    const [first = '', second = '', third = ''] = Object.keys(
      await readEntries(server.ldapiUri, `ou=Users,${server.suffix}`),
    ).slice(-3);
    await session.delete(first);
    await session.modify(second, [{ operation: 'add', attribute: 'mail', values: ['another@example.com'] }]);
    await session.modify(third, [{ operation: 'delete', attribute: 'mail', values: [] }]);
    const { stdout } = await runCliAsAdmin(server, seed);
    expect(JSON.parse(stdout)).toMatchObject({ users: { total: MANY, added: 1, changed: 1 } });
    expect(JSON.parse((await runCliAsAdmin(server, seed)).stdout)).toMatchObject({
      users: { added: 0, changed: 0 },
    });
  });

  test('every fault is told with its line, and nothing is written', async () => {
    await using server = await startInitialised({ ...options, release: '2011.3' });
    const faulty = [...ROWS, 'user5,,,,', 'a,b', 'joe,,,perhaps,', ',,,,', 'eve,,,,nowhere'];
    const path = file('users.csv', csv(faulty));
    const tenants = file('t.yaml', 'tenants: [staff]\n');
    const { exitCode, stderr } = await runCliAsAdmin(server, ['seed', '--file', path, '--file', tenants]);
    expect(exitCode).toBe(2);
    const line = (row: string) => `${path}:${faulty.indexOf(row) + 2}:1`;
    for (const fault of [
      `${line('user5,,,,')}: user "user5" is declared twice, first at ${path}:7:1`,
      `${line('a,b')}: the line has 2 fields, and 5 columns are named`,
      `${line('joe,,,perhaps,')}: "enabled" must be true or false`,
      `${line(',,,,')}: "name" is empty`,
      `${line('eve,,,,nowhere')}: tenant "nowhere" is not declared`,
    ])
      expect(stderr).toContain(fault);
    // Names are looked at once the rest can be read.
    const twin = file('twin.csv', csv([...ROWS, 'USER6,,,,']));
    const shared = await runCliAsAdmin(server, ['seed', '--file', twin, '--file', tenants]);
    expect(shared.exitCode).toBe(2);
    expect(shared.stderr).toContain(
      `${twin}:${ROWS.length + 2}:1: user "USER6" would be the same entry as user "user6" (${twin}:8:1)`,
    );
    expect(Object.keys(await readEntries(server.ldapiUri, server.suffix, ['1.1']))).toHaveLength(3);
  });

  test('a second default tenant is refused, and written on demand with a warning', async () => {
    await using server = await startInitialised({ ...options, release: '2011.3' });
    const old = file('old.yaml', 'users: [{ name: user3, tenant: old }]\ntenants: [old]\n');
    expect(await runCliAsAdmin(server, ['seed', '--file', old])).toMatchObject({ exitCode: 0 });
    const files = [file('users.csv', csv(ROWS)), file('beside.yaml', 'tenants: [staff]\n')];
    const seed = ['seed', ...files.flatMap((one) => ['--file', one])];
    const fault = 'user user3 is to be a member of staff, and is one of cn=old,';
    const refused = await runCliAsAdmin(server, seed);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(fault) as string });
    const insisted = await runCliAsAdmin(server, [...seed, '--allow-unsafe-names']);
    expect(insisted).toMatchObject({ exitCode: 0 });
    expect(insisted.stderr).toContain(`warning: ${fault}`);
  });

  test('an entry that the server refuses is named', async () => {
    await using server = await startInitialised({ ...options, release: '2011.3' });
    await using config = await asManager(server);
    const database = 'olcDatabase={1}mdb,cn=config';
    const refused = `uid=user700,ou=Users,${server.suffix}`;
    await config
      .modify(database, [{ operation: 'add', attribute: 'olcRestrict', values: [] }])
      .catch(() => undefined);
    await config.modify(database, [
      { operation: 'add', attribute: 'olcAccess', values: [`{0}to dn.exact="${refused}" by * none`] },
    ]);
    const path = file('users.csv', csv(ROWS));
    const env = { KEYSTONE_LDAP_URI: server.ldapiUri, KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri };
    const seed = ['seed', '--file', path, '--file', file('t.yaml', 'tenants: [staff]\n')];
    const { exitCode, stderr } = await runCli(seed, { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot add ${refused}`);
  });

  test('people of an LDIF file come with their hashes', async () => {
    await using server = await startInitialised({ ...options, release: '2026.1' });
    const person = (at: number) =>
      `dn: uid=p${at},ou=people,dc=old\nobjectClass: inetOrgPerson\nuid: p${at}\ncn: P\nsn: P\nmail: p${at}@old.example\nuserPassword: {SSHA}IyKhp8wTKDS6bVSVs1k1GYrFVkNaLmRr\n`;
    const text = [
      'dn: ou=people,dc=old\nobjectClass: organizationalUnit\nou: people\n',
      ...Array.from({ length: MANY }, (_, at) => person(at)),
    ].join('\n');
    const { exitCode, stdout } = await runCliAsAdmin(server, [
      'seed',
      '-r',
      '2026.1',
      '--json',
      '--file',
      file('old.ldif', text),
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ users: { total: MANY, added: MANY } });
    await using session = await asManager(server);
    const entry = await session.read(`cn=p7,ou=Users,${server.suffix}`, ['userPassword', 'mail']);
    expect(entry?.attributes).toEqual({
      mail: ['p7@old.example'],
      userPassword: ['{SSHA}IyKhp8wTKDS6bVSVs1k1GYrFVkNaLmRr'],
    });
  });

  test('the LDIF is what slapadd takes', async () => {
    const path = join(DisposableFolder.ofTest().path, 'people.ldif');
    const seed = ['seed', '-r', '2026.1', '--generate', PEOPLE, '-b', 'dc=example,dc=com', '--offline', path];
    const { exitCode, stderr } = await runCli(seed);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { stdout } = await promisify(execFile)('stat', ['-c', '%a', path]);
    expect(stdout).toBe('600\n');
  });
});
