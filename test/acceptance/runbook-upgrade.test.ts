import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFile, readText } from '../../src/files.ts';
import { runCommand } from '../../src/sandbox/run-command.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import {
  OUTSIDER,
  PEOPLE_TREE,
  READER,
  startCompanyDirectory,
  SUFFIX,
} from '../support/company/directory.ts';
import { loginsOf } from '../support/company/logins.ts';
import { passwordOf, PEOPLE } from '../support/company/people.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { walkDocument, withRealNames, yamlBlock } from '../support/docs/walk-document.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import type { Resource } from '../support/keystone/keystone-client.ts';
import { startKeystone } from '../support/keystone/start-keystone.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

/** 330 logins, and a few dozen commands of the openstack client, two seconds each. */
const TIMEOUT_MS = 900_000;

const ENABLED_GROUP = `cn=enabled_users,ou=Services,${SUFFIX}`;
const LAYOUT = {
  query_scope: 'sub',
  user_tree_dn: PEOPLE_TREE,
  user_id_attribute: 'uid',
  user_name_attribute: 'uid',
  user_enabled_emulation: 'true',
  user_enabled_emulation_dn: ENABLED_GROUP,
  group_tree_dn: `ou=Teams,${SUFFIX}`,
  project_tree_dn: `ou=Projects,${SUFFIX}`,
  role_tree_dn: `ou=Roles,${SUFFIX}`,
};

/** The file of a Keystone 8 as its operator left it: projects, roles and assignments in LDAP, plugins by their classes. */
const libertyConf = ({ uri }: Sandbox): string => `# Our Keystone. Ask Ana before you change anything.
[DEFAULT]
admin_token = ADMIN
[identity]
driver = ldap
[assignment]
driver = ldap
[resource]
driver = ldap
[role]
driver = ldap
[catalog]
driver = keystone.catalog.backends.sql.Catalog
[auth]
methods = password,token
password = keystone.auth.plugins.password.Password
[token]
provider = keystone.token.providers.uuid.Provider

[ldap]
url = ${uri}
user = ${READER.dn}
password = ${READER.password.replaceAll('$', '$$$$')}
suffix = ${SUFFIX}
${Object.entries(LAYOUT)
  .map(([name, value]) => `${name} = ${value}\n`)
  .join('')}`;

/** What the company keeps in LDAP for its Keystone: who is enabled, two projects, who may do what in them. */
const identities = JSON.stringify({
  users: PEOPLE.map(({ uid, standing }) => ({ name: uid, enabled: standing !== 'left' })),
  tenants: [{ name: 'web' }, { name: 'lab', description: 'of the labs' }],
  roles: ['admin', 'operator', 'reader'],
  grants: [
    ...[0, 1, 2].map((at) => ({ user: PEOPLE[at]?.uid, role: 'operator', tenant: 'web' })),
    { user: PEOPLE[1]?.uid, role: 'reader', tenant: 'lab' },
    { user: PEOPLE[11]?.uid, role: 'operator', tenant: 'web' },
  ],
});

async function fillForLiberty(directory: Sandbox, folder: string): Promise<void> {
  const file = join(folder, 'liberty.yaml');
  await writeFile(file, identities);
  const trees = {
    user: '--user-tree-dn',
    group: '--group-tree-dn',
    project: '--tenant-tree-dn',
    role: '--role-tree-dn',
  };
  const flags = [
    ...['--release', 'liberty', '--ldap-holds', 'all', '--suffix', SUFFIX],
    ...Object.entries(LAYOUT).flatMap(([name, value]) => {
      const tree = /^(user|group|project|role)_tree_dn$/.exec(name)?.[1] as keyof typeof trees | undefined;
      return tree === undefined ? ['--map', `${name}=${value}`] : [trees[tree], value];
    }),
  ];
  for (const command of [
    ['init', ...flags],
    ['seed', ...flags, '--file', file],
  ]) {
    const { exitCode, stderr } = await runCliAsAdmin(directory, command);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  }
}

describeKeystone('docs/runbook-upgrade.md, walked by an operator', ({ slapd, keystone }) => {
  test(
    'from Liberty with assignments in LDAP: who could log in still can, with the same roles, and nobody else',
    { timeout: TIMEOUT_MS },
    async () => {
      await using directory = await startCompanyDirectory(slapd);
      const folder = DisposableFolder.ofTest().path;
      await fillForLiberty(directory, folder);
      const before = await readEntries(directory.ldapiUri, SUFFIX);
      const page = await readText(packageFile('docs/runbook-upgrade.md'));
      const names = { 'ldap://ldap1.example.com': directory.uri };
      const write = (name: string, text: string): Promise<void> =>
        writeFile(join(folder, name), text, { mode: 0o600 });
      await write('keystone-ldap.yaml', withRealNames(yamlBlock(page, 'keystone-ldap.yaml'), names));
      await write('keystone.pw', `${READER.password}\n`);
      await write('keystone.conf', libertyConf(directory));

      // What the operator's shell says of some other server must not matter.
      const env = { KEYSTONE_LDAP_SUFFIX: 'dc=elsewhere', KEYSTONE_LDAP_BIND_DN: 'cn=admin,dc=elsewhere' };
      await walkDocument(page, { folder, names, env });

      expect(await readEntries(directory.ldapiUri, SUFFIX)).toEqual(before);
      const conf = await readFile(join(folder, 'keystone.conf'), 'utf8');
      for (const [name, value] of Object.entries(LAYOUT).filter(
        ([option]) => !/^(?:project|role)_/.test(option),
      ))
        expect(conf).toContain(`${name} = ${value}\n`);
      expect(conf).toContain(`user = ${READER.dn}\n`);

      const [boss] = PEOPLE;
      if (boss === undefined) throw new Error('nobody');
      const administrator = { user: boss.uid, password: passwordOf(boss) };
      await using server = await startKeystone({
        keystone,
        confFiles: [join(folder, 'keystone.conf')],
        administrator,
      });
      // The client asks where the catalogue says that Keystone is.
      const admin = await server.admin();
      const service = { type: 'identity', name: 'keystone' };
      const { body } = await admin.request('POST', '/services', { service });
      const { id } = (body as { service: Resource }).service;
      const endpoint = { service_id: id, interface: 'public', url: `${server.url}/v3` };
      expect((await admin.request('POST', '/endpoints', { endpoint })).status).toBe(201);
      const script = await runCommand('/bin/sh', [join(folder, 'projects.sh')], {
        env: {
          ...{ PATH: '/usr/bin:/bin', OS_AUTH_URL: `${server.url}/v3`, OS_IDENTITY_API_VERSION: '3' },
          ...{ OS_USERNAME: administrator.user, OS_PASSWORD: administrator.password },
          ...{ OS_PROJECT_NAME: 'admin', OS_USER_DOMAIN_ID: 'default', OS_PROJECT_DOMAIN_ID: 'default' },
        },
      });
      expect({ exitCode: script.exitCode, stderr: script.exitCode === 0 ? '' : script.stderr }).toEqual({
        exitCode: 0,
        stderr: '',
      });

      const people = [...PEOPLE, OUTSIDER];
      const expected = people.map(({ uid, standing }) => [
        uid,
        standing === 'works' && uid !== OUTSIDER.uid ? 201 : 401,
      ]);
      expect(await loginsOf(server, people, { domain: 'Default', passwordOf })).toEqual(
        Object.fromEntries(expected),
      );
      const rolesOf = async (at: number, project: string) => {
        const person = PEOPLE[at];
        if (person === undefined) throw new Error(String(at));
        const { status, roles } = await server.login({
          user: person.uid,
          password: passwordOf(person),
          project,
        });
        return { status, roles };
      };
      expect(await rolesOf(1, 'web')).toEqual({ status: 201, roles: ['operator'] });
      expect(await rolesOf(1, 'lab')).toEqual({ status: 201, roles: ['reader'] });
      expect(await rolesOf(2, 'web')).toEqual({ status: 201, roles: ['operator'] });
      expect(await rolesOf(2, 'lab')).toMatchObject({ status: 401 });
      expect(await rolesOf(11, 'web')).toMatchObject({ status: 401 });
      expect(await rolesOf(3, 'web')).toMatchObject({ status: 401 });
    },
  );
});
