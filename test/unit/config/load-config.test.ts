import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, type LoadedConfig } from '../../../src/config/load-config.ts';
import { KeystoneLdapError } from '../../../src/errors.ts';

const FILES: Readonly<Record<string, string>> = {
  '/c/people/a.yaml': 'users: [alice]\n'.replace('alice', '{ name: alice, tenant: lab }'),
  '/c/people/b.yaml': 'member_mode: ignore\ntenants: [lab]\n',
  '/c/people/.hidden.yaml': 'users: [{ name: nobody }]\n',
  '/c/people/bad.yml': 'users: [{ nam: x }]\n',
  '/c/mixed/a.yaml': 'tenants: [{ name: lab, members: [dora, eve] }]\n',
  '/c/mixed/b.csv': 'name,email,tenant\ndora,dora@example.com,lab\n',
  '/c/mixed/c.ldif': 'dn: uid=eve,ou=people,dc=old\nobjectClass: person\nuid: eve\n',
  '/c/mixed/notes.txt': 'Ask Eve.\n',
  '/c/wrong/rows.csv': 'name,enabled\njoe,perhaps\njack,\na,true,c\n',
  '/c/wrong/header.csv': 'nam,mail\njoe,x\n',
  '/c/wrong/x.ldif': 'dn: uid=x,dc=old\nobjectClass person\n',
  '/c/many/a.csv': many('a', 600),
  '/c/many/b.csv': many('b', 600),
  '/c/many/faulty.csv': `${many('c', 1500)}last,too,many\n`,
};

function many(name: string, count: number): string {
  return ['name,email', ...Array.from({ length: count }, (_, at) => `${name}${at},`), ''].join('\n');
}

function content(path: string): string {
  const found = FILES[path];
  if (found !== undefined) return found;
  throw new KeystoneLdapError('FILE_UNREADABLE', `Cannot read ${path}: there is no such file.`);
}

const load = (text: string): Promise<LoadedConfig> =>
  loadConfig('/c/k.yaml', text, {
    readText: async (path) => Promise.resolve(content(path)),
    async *readChunks(path) {
      yield await Promise.resolve(Buffer.from(content(path)));
    },
    namesIn: (folder) =>
      Promise.resolve(
        Object.keys(FILES)
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => basename(path)),
      ),
  });

async function problemsOf(text: string): Promise<readonly string[]> {
  const error: unknown = await load(text).catch((reason: unknown) => reason);
  if (!(error instanceof KeystoneLdapError)) throw new Error('It has no problems.');
  return error.problems.map(
    ({ file = '', line, column, message }) =>
      `${basename(file)}:${String(line)}:${String(column)}: ${message}`,
  );
}

test('all problems of all files at once, with their places', async () => {
  const problems = await problemsOf(`release: 2011.33
ldap_hold: all
server:
  uri: http://x
  bind_dn: not a dn
  password: secret
  start_tls: maybe
  timeout: 0
trees: [x]
keystone_conf:
  backup: perhaps
identities:
  files: [people/bad.yml, people/none.yaml, gone/*.yaml]
  user: []
  member_mode: extract
  groups: [{ name: g, members: [zoe] }]
`);
  expect(problems).toEqual([
    'k.yaml:1:10: "2011.33" is not a release that keystone-ldap knows. Did you mean "2011.3"?',
    'k.yaml:2:1: unknown key "ldap_hold"; did you mean "ldap_holds"?',
    'k.yaml:4:8: "uri": "http://x" is not an LDAP URI',
    'k.yaml:5:12: "bind_dn": "not a dn" is not a DN: "not a dn" has no "="',
    'k.yaml:6:3: unknown key "password"; known here: uri, start_tls, ca_file, bind_dn, password_file, password_env, timeout, wait, config',
    'k.yaml:7:14: "start_tls" must be require or try',
    'k.yaml:8:12: "timeout" must be a number of seconds above 0',
    'k.yaml:9:8: "trees" must be a mapping with the keys suffix, user, group, tenant, role, domain',
    'k.yaml:11:3: keystone_conf needs "path"',
    'k.yaml:11:11: "backup" must be true or false',
    'k.yaml:13:27: Cannot read /c/people/none.yaml: there is no such file',
    'k.yaml:13:45: no file is called /c/gone/*.yaml',
    'k.yaml:14:3: unknown key "user"; did you mean "users"?',
    'k.yaml:15:16: "member_mode" must be additive, exact, ignore',
    'k.yaml:16:33: user "zoe" is not declared',
    'bad.yml:1:9: a user needs "name"',
    'bad.yml:1:11: unknown key "nam"; did you mean "name"?',
  ]);
});

test('what the release does not have, and passwords in two places', async () => {
  expect(
    await problemsOf(`release: mitaka
ldap_holds: all
map: { user_id_attribut: uid, page_size: many }
trees: { role: 'ou=Roles,dc=x' }
server: { bind_dn: 'cn=a', password_file: a, password_env: A, config: { password_env: B } }
service_account: { password_file: a, generate_password_file: b }
identities: { sample: release, users: [{ name: joe }] }
`),
  ).toEqual([
    'k.yaml:2:13: Keystone 9 (Mitaka) can keep no projects, roles and grants in LDAP',
    expect.stringMatching(/^k.yaml:3:8: user_id_attribut /),
    expect.stringMatching(/^k.yaml:3:31: page_size: /),
    'k.yaml:5:60: a password has one place: "password_file" or "password_env"',
    'k.yaml:5:71: server.config has a password and no "bind_dn"',
    'k.yaml:6:18: service_account needs "dn"',
    'k.yaml:6:18: a password has one place: "password_file", "password_env" or "generate_password_file"',
    'k.yaml:7:23: identities are sample data or your own: "sample" stands alone',
  ]);
});

test('files by name and by pattern, and the mode that the file gives to those without one', async () => {
  const { identities, files, config } = await load(`identities:
  files: ['people/?.yaml', people/a.yaml]
  member_mode: exact
  groups: [staff]
server: { password_file: ../pw, bind_dn: cn=a }
`);
  expect(files).toEqual(['/c/k.yaml', '/c/people/a.yaml', '/c/people/b.yaml']);
  expect(identities?.identities).toMatchObject({
    users: [{ name: 'alice', tenant: 'lab' }],
    tenants: [{ name: 'lab', memberMode: 'ignore' }],
    groups: [{ name: 'staff', memberMode: 'exact' }],
  });
  expect(config.server?.passwordFile).toBe('/pw');
});

test('an empty file, and one of empty sections, say nothing', async () => {
  for (const text of ['', 'server:\ntrees:\nidentities:\n'])
    expect(await load(text)).toMatchObject({ config: {}, identities: undefined });
});

test('what is no YAML is said, and nothing else', async () => {
  expect(await problemsOf('server: [x\nidentities: { users: [{ name: a, tenant: t }] }\n')).toHaveLength(1);
});

test('users of CSV and LDIF files are those of the file, where they are few', async () => {
  const { files, identities, users } = await load(`identities:
  files: ['mixed/*.yaml', 'mixed/?.csv', mixed/c.ldif]
  reset_passwords: true
`);
  expect(files).toEqual(['/c/k.yaml', '/c/mixed/a.yaml', '/c/mixed/b.csv', '/c/mixed/c.ldif']);
  expect(users).toBeUndefined();
  expect(identities?.identities.users).toMatchObject([
    { name: 'dora', email: 'dora@example.com', tenant: 'lab', resetPassword: true },
    { name: 'eve', resetPassword: true },
  ]);
});

test('a file of another ending is refused where it is named', async () => {
  expect(await problemsOf("identities:\n  files: [mixed/a.yaml, 'mixed/*']\n")).toEqual([
    'k.yaml:2:25: /c/mixed/notes.txt is none of identities: these end in .yaml, .yml, .csv or .ldif',
  ]);
});

test('what is wrong in any file is told with what is wrong in the others', async () => {
  const text = `releas: zed
identities: { files: ['wrong/*', wrong/gone.csv, people/b.yaml], groups: [{ name: g, members: [joe] }] }
`;
  expect(await problemsOf(text)).toEqual([
    'k.yaml:1:1: unknown key "releas"; did you mean "release"?',
    'k.yaml:2:34: Cannot read /c/wrong/gone.csv: there is no such file',
    'rows.csv:2:1: "enabled" must be true or false',
    'rows.csv:4:1: the line has 3 fields, and 2 columns are named',
    'header.csv:1:1: unknown column "nam"; did you mean "name"?',
    'header.csv:1:1: unknown column "mail"; did you mean "email"?',
    'header.csv:1:1: there is no column "name"',
    expect.stringMatching(/^x.ldif:2:/),
  ]);
});

test('a name that a CSV file declares again', async () => {
  expect(
    await problemsOf('identities: { files: mixed/b.csv, users: [{ name: dora }], tenants: [lab] }\n'),
  ).toEqual(['b.csv:2:1: user "dora" is declared twice, first at /c/k.yaml:1:43']);
});

test('many users stay in their files, and the file may name them', async () => {
  const { identities, users } = await load(`identities:
  files: many/?.csv
  reset_passwords: true
  groups: [{ name: staff, members: [a1, b599] }]
`);
  expect(identities?.identities).toMatchObject({ users: [], groups: [{ name: 'staff' }] });
  const names: string[] = [];
  for await (const some of users?.users(() => undefined) ?? [])
    for (const { name, resetPassword } of some) if (resetPassword === true) names.push(name);
  expect([names.length, names[0], names.at(-1)]).toEqual([1200, 'a0', 'b599']);
});

test('many users are read to the end where something else is wrong', async () => {
  const text = 'identities: { files: [many/faulty.csv, many/a.csv] }\n';
  expect((await load(text)).users).toBeDefined();
  expect(await problemsOf(`releas: x\n${text}`)).toEqual([
    'k.yaml:1:1: unknown key "releas"; did you mean "release"?',
    'faulty.csv:1502:1: the line has 3 fields, and 2 columns are named',
  ]);
});
