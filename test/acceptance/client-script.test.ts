import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NewEntry } from '../../src/directory/entry.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import { clientScript } from '../../src/identities/sql/client-script.ts';
import { divideIdentities } from '../../src/identities/entries/divide-identities.ts';
import type { Identities } from '../../src/identities/identities.ts';
import { loadSampleData } from '../../src/identities/read/load-sample-data.ts';
import { mergeIdentities } from '../../src/identities/read/merge-identities.ts';
import { parseIdentities } from '../../src/identities/read/parse-identities.ts';
import { shellCommand } from '../../src/shell-word.ts';
import { clientOf } from '../../src/releases/client-kind.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { KeystoneClient, type Resource } from '../support/keystone/keystone-client.ts';
import type { KeystoneInstallation } from '../support/keystone/find-keystone.ts';
import { confArgs } from '../support/keystone/keystone-manage.ts';
import { startKeystone, type RunningKeystone } from '../support/keystone/start-keystone.ts';
import { ldapConf } from './trees.ts';

/** Each command of the client takes more than two seconds. */
const TIMEOUT_MS = 300_000;

const BASE = 'dc=example,dc=com';
const dnOf = (user: string): string => `cn=${user},ou=Users,${BASE}`;

/** Users and groups where Keystone's defaults look for them; a member that is no user keeps a group from being empty. */
function entriesOf({ users, groups }: Identities): readonly NewEntry[] {
  const unit = (ou: string): NewEntry => ({
    dn: `ou=${ou},${BASE}`,
    attributes: { objectClass: ['organizationalUnit'], ou: [ou] },
  });
  return [
    { dn: BASE, attributes: { objectClass: ['domain'], dc: ['example'] } },
    unit('Users'),
    unit('UserGroups'),
    ...users.map(({ name, password = new Secret('') }) => ({
      dn: dnOf(name),
      attributes: {
        objectClass: ['inetOrgPerson'],
        cn: [name],
        sn: [name],
        userPassword: [new Secret(sshaPassword(password))],
      },
    })),
    ...groups.map(({ name, members = [] }) => ({
      dn: `cn=${name},ou=UserGroups,${BASE}`,
      attributes: {
        objectClass: ['groupOfNames'],
        cn: [name],
        ou: [name],
        member: members.length === 0 ? [dnOf('nobody')] : members.map(dnOf),
      },
    })),
  ];
}

/** The script of Zed for identities of which LDAP holds users and groups, run by keystone-manage of this Keystone. */
async function scriptFor(
  identities: Identities,
  server: RunningKeystone,
  installation: KeystoneInstallation,
): Promise<string> {
  const { layout } = findRelease('2011.3');
  const inLdap = { ...layout, tenant: undefined, role: undefined, grant: undefined, group: layout.tenant };
  const { held, left } = divideIdentities(identities, inLdap);
  const executable = join(server.dir, 'manage');
  const files = ['keystone.conf', 'overlay.conf'].map((name) => join(server.dir, name));
  const args = confArgs({ dir: server.dir, confFiles: files, installation });
  const command = shellCommand([installation.manage, ...args]);
  await writeFile(executable, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o700 });
  const script = join(server.dir, 'script.sh');
  const text = clientScript(left, identities.sql, clientOf('zed'), { users: held.users, executable });
  await writeFile(script, text ?? '', { mode: 0o600 });
  return script;
}

/** What the catalogue says of Keystone is where the client asks, once it is logged in. */
function placeOf({ url }: RunningKeystone): Record<string, string> {
  const { hostname, port } = new URL(url);
  const sides = ['PUBLIC', 'ADMIN', 'INTERNAL'].map((side) => [`CONTROLLER_${side}_ADDRESS`, hostname]);
  return { ...(Object.fromEntries(sides) as Record<string, string>), KEYSTONE_PORT: port };
}

async function run(script: string, { url }: RunningKeystone): Promise<string> {
  // The client comes with Debian's Python, which another one that is first on the PATH cannot replace.
  const env = { PATH: '/usr/bin:/bin', OS_AUTH_URL: `${url}/v3` };
  const { exitCode, stdout, stderr } = await runCommand('/bin/sh', [script], { env });
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

async function rowsOf(admin: KeystoneClient, kind: string): Promise<readonly Resource[]> {
  const { body } = await admin.request('GET', `/${kind}`);
  return (body as Record<string, readonly Resource[]>)[kind] ?? [];
}

describeKeystone('the script for what Keystone 22 keeps in SQL', ({ slapd, keystone }) => {
  test(
    'its sample data: roles in projects for users in LDAP, and nothing new the second time',
    async () => {
      await using directory = await startSandbox({ slapd });
      await using server = await startKeystone({ keystone, conf: ldapConf(directory, {}) });
      const chosen = { DISABLE_ENDPOINTS: '1', NOVA_PASSWORD: 'nova-1' };
      const identities = await loadSampleData('zed', { ...placeOf(server), ...chosen });
      await addEntries(directory, entriesOf(identities));
      const script = await scriptFor(identities, server, keystone.installation);
      expect(await run(script, server)).toBe('');

      const asNova = { user: 'nova', password: 'nova-1', project: 'service' };
      expect(await server.login(asNova)).toMatchObject({ status: 201, roles: ['service'] });
      expect(await server.login({ ...asNova, project: 'demo' })).toMatchObject({ status: 401 });
      expect(await server.login({ ...asNova, password: 'nova' })).toMatchObject({ status: 401 });
      const asAdmin = { user: 'admin', password: 'secret', project: 'admin' };
      const administrator = await server.login(asAdmin);
      expect(administrator).toMatchObject({ status: 201, roles: ['admin', 'member', 'reader'] });

      const admin = new KeystoneClient(server.url, administrator.token);
      const rows = async () => ({
        projects: (await rowsOf(admin, 'projects')).map(({ name }) => name).sort(),
        services: (await rowsOf(admin, 'services')).map(({ name }) => name).sort(),
        assignments: (await rowsOf(admin, 'role_assignments')).length,
      });
      const first = await rows();
      expect(first.projects).toEqual(['admin', 'demo', 'service']);
      expect(first.services).toEqual(
        ['keystone', 'nova_legacy', 'nova', 'cinderv2', 'cinderv3', 'glance', 'swift', 'neutron'].sort(),
      );
      expect(await run(script, server)).toBe('');
      expect(await rows()).toEqual(first);
    },
    TIMEOUT_MS,
  );

  test(
    'the modern sample and an endpoint: roles through groups in LDAP',
    async () => {
      const text = `
tenants: [ec2]
roles: []
users: [{ name: eve, password: p }]
sql:
  services: [{ name: shop, type: x-shop }]
  service_endpoints:
    - { service: shop, region: RegionOne, public_url: 'http://p/$(project_id)s', admin_url: http://a, internal_url: http://i }
  ec2_credentials: [{ user: eve, tenant: ec2 }]
`;
      await using directory = await startSandbox({ slapd });
      await using server = await startKeystone({ keystone, conf: ldapConf(directory, {}) });
      const modern = await loadSampleData('modern', { ...placeOf(server), USER_PASSWORD: 'p' });
      const identities = mergeIdentities([modern, parseIdentities([{ file: 'f', text }]).identities]);
      await addEntries(directory, entriesOf(identities));
      expect(await run(await scriptFor(identities, server, keystone.installation), server)).toMatch(/access/);

      const roles = async (user: string, project: string) =>
        (await server.login({ user, password: 'p', project })).roles;
      expect(await roles('josé', 'lab')).toEqual(['member', 'reader']);
      expect(await roles('rita', 'lab')).toEqual(['reader']);
      expect(await roles('alice', 'web')).toEqual(['member', 'reader']);
      expect(await roles('josé', 'web')).toEqual([]);
      const { token } = await server.login({ user: 'admin', password: 'secrete', project: 'admin' });
      const { body } = await new KeystoneClient(server.url, token).request('GET', '/endpoints');
      const urls = (body as { endpoints: { url: string }[] }).endpoints.map(({ url }) => url);
      expect(urls).toEqual(expect.arrayContaining(['http://p/$(project_id)s', 'http://a', 'http://i']));
    },
    TIMEOUT_MS,
  );
});
