import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { clientScript } from '../../../src/identities/sql/client-script.ts';
import { divideIdentities } from '../../../src/identities/entries/divide-identities.ts';
import { NO_IDENTITIES, type Identities } from '../../../src/identities/identities.ts';
import { loadSampleData } from '../../../src/identities/read/load-sample-data.ts';
import { parseIdentities } from '../../../src/identities/read/parse-identities.ts';
import { CATALOGUE } from '../../../src/releases/catalogue.ts';
import { clientOf } from '../../../src/releases/client-kind.ts';
import { findRelease } from '../../../src/releases/find-release.ts';
import type { Layout } from '../../../src/releases/release.ts';
import { fakeClients } from '../../support/run-client-script.ts';

const { layout } = findRelease('2011.3');

/** What holds users and groups, and no more. */
const USERS_AND_GROUPS: Layout = {
  ...layout,
  tenant: undefined,
  role: undefined,
  grant: undefined,
  group: layout.tenant,
};

function scriptFor(release: string, all: Identities, where: Layout = USERS_AND_GROUPS): string {
  const { held, left } = divideIdentities(all, where);
  return clientScript(left, all.sql, clientOf(release), { users: held.users }) ?? '';
}

const scriptOf = async (release: string, where?: Layout): Promise<string> =>
  scriptFor(release, await loadSampleData(release, { ENABLE_ENDPOINTS: '1' }), where);

const parse = (text: string): Identities => parseIdentities([{ file: 'f', text }]).identities;

/** Names that a shell, argparse, or a table could take for something else. */
const ODD = parse(`
tenants: [{ name: "o'brien $(x)", description: 'a "b" \`c\`' }, { name: -shut, enabled: false, members: [-joe] }]
users: [{ name: -joe }, { name: j o e, tenant: "o'brien $(x)" }]
roles: [-role, 'é*']
grants:
  - { role: -role, user: -joe, tenant: -shut }
  - { role: é*, user: j o e, tenant: "o'brien $(x)" }
sql:
  services: [{ name: 'a b', type: -t, description: $HOME }, { name: name }]
`);

test.each(CATALOGUE.map(({ name }) => name))('%s: a script that a shell can read', async (release) => {
  const script = await scriptOf(release);
  expect(script).toMatch(/^#!\/bin\/sh\n/);
  expect(script).toMatch(/^set -eu$/m);
  execFileSync('/bin/sh', ['-n'], { input: script });
});

test.each(['2011.3', '2012.1', '2013.1', 'liberty', 'zed'])('%s: nothing left, no script', (release) => {
  expect(clientScript(NO_IDENTITIES, undefined, clientOf(release))).toBeUndefined();
});

test.each([
  ['2011.3', 'keystone-manage'],
  ['2012.1', 'keystone'],
  ['2015.1', 'keystone'],
  ['liberty', 'openstack'],
  ['2026.1', 'openstack'],
])('%s is served by %s', (release, kind) => {
  expect(clientOf(release).kind).toBe(kind);
});

describe('keystone-manage', () => {
  test('is told what it always was', async () => {
    const { sql } = await loadSampleData('2011.3');
    const script = clientScript(NO_IDENTITIES, sql, clientOf('2011.3'), { configFile: '/etc/keystone.conf' });
    expect(script).toMatch(/^keystone-manage -c \/etc\/keystone\.conf service add nova compute /m);
  });

  test('gets endpoints of services as global templates, and says what it cannot do', () => {
    const { sql } = parse(`
users: [{ name: joe }]
tenants: [x]
sql:
  services: [{ name: s, type: t }]
  service_endpoints: [{ service: s, region: R, public_url: p, admin_url: a, internal_url: i }]
  ec2_credentials: [{ user: joe, tenant: x }]
`);
    const lines = clientScript(NO_IDENTITIES, sql, clientOf('2011.3'))?.split('\n');
    expect(lines?.slice(3)).toEqual([
      'keystone-manage service add s t',
      'keystone-manage endpointTemplates add R s p a i 1 1',
      expect.stringMatching(/^echo 'Not done: ec2_credentials: .*' >&2$/),
      '',
    ]);
  });
});

describe('keystone', () => {
  const FAKE = ['fake-keystone-client.js', ['keystone']] as const;
  const users = (...names: readonly string[]): object => ({
    user: names.map((name, index) => ({ id: `user-${index}`, name, enabled: 'True', email: 'e' })),
  });

  test('Grizzly, with all but users in SQL: by ids, and nothing more the second time', async () => {
    const clients = fakeClients(...FAKE, users('admin', 'glance', 'nova', 'ec2', 'swift'));
    const script = await scriptOf('2013.1');
    const { log, exitCode, stderr, stdout } = clients.run(script);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(log.slice(0, 5)).toEqual([
      ['tenant-create', '--name=demo', '--description', 'Default Tenant'],
      ['tenant-create', '--name=service', '--description', 'Service Tenant'],
      ['role-create', '--name=admin'],
      ['user-role-add', '--user-id=user-0', '--role-id=role-id-1', '--tenant-id=tenant-id-1'],
      ['user-role-add', '--user-id=user-1', '--role-id=role-id-1', '--tenant-id=tenant-id-2'],
    ]);
    expect(log).toContainEqual([
      'endpoint-create',
      '--service-id=service-id-2',
      '--region=RegionOne',
      ...['public', 'admin', 'internal'].map(
        (side) => `--${side}url=http://localhost:$(compute_port)s/v1.1/$(tenant_id)s`,
      ),
    ]);
    expect(log.at(-1)).toEqual(['ec2-credentials-create', '--user-id=user-0', '--tenant-id=tenant-id-2']);
    expect(log).toHaveLength(3 + 5 + 6 + 6 + 1);
    expect(stdout).toMatch(/\| key +\|/);
    expect(clients.run(script)).toEqual({ exitCode: 0, stdout: '', stderr: '', log: [] });
  });

  test('Essex, with all identities in LDAP: its options, and services only', async () => {
    const tenant = [
      { id: 't-0', name: 'admin' },
      { id: 't-1', name: 'demo' },
    ];
    const clients = fakeClients(...FAKE, { ...users('admin', 'demo'), tenant });
    const { log, exitCode } = clients.run(await scriptOf('2012.1', layout));
    expect(exitCode).toBe(0);
    expect(new Set(log.map((argv) => (argv as string[])[0]))).toEqual(
      new Set(['service-create', 'endpoint-create', 'ec2-credentials-create']),
    );
    expect(log.at(-1)).toEqual(['ec2-credentials-create', '--user=user-1', '--tenant_id=t-1']);
    expect(log.find((argv) => (argv as string[])[0] === 'endpoint-create')).toContain(
      '--service_id=service-id-1',
    );
  });

  test('odd names arrive as they are, and members get the role of members', () => {
    const clients = fakeClients(...FAKE, users('-joe', 'j o e'));
    const { log, exitCode, stderr } = clients.run(scriptFor('2013.2', ODD));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(log).toEqual([
      ['tenant-create', "--name=o'brien $(x)", '--description', 'a "b" `c`'],
      ['tenant-create', '--name=-shut', '--enabled', 'false'],
      ['role-create', '--name=-role'],
      ['role-create', '--name=é*'],
      ['user-role-add', '--user-id=user-0', '--role-id=role-id-1', '--tenant-id=tenant-id-2'],
      ['user-role-add', '--user-id=user-1', '--role-id=role-id-2', '--tenant-id=tenant-id-1'],
      ['service-create', '--name=a b', '--type', '-t', '--description', '$HOME'],
      ['service-create', '--name=name', '--type', 'name'],
    ]);
  });

  test('a user who is not there yet stops the script, by name', async () => {
    const clients = fakeClients(...FAKE, users('admin'));
    expect(clients.run(await scriptOf('2013.1'))).toMatchObject({
      exitCode: 1,
      stderr: 'Keystone knows no user called glance.\n',
    });
  });

  test('a client that fails stops the script', async () => {
    const { exitCode, log } = fakeClients('fake-keystone-client.js', ['keystone'], 'no state').run(
      await scriptOf('2013.1'),
    );
    expect(exitCode).not.toBe(0);
    expect(log).toEqual([]);
  });

  test('what API v2.0 does not know is said', () => {
    const script = scriptFor(
      '2014.1',
      parse(`
users: [{ name: joe }]
roles: [r]
groups: [{ name: g }]
tenants: [x]
grants: [{ role: r, group: g, tenant: x }, { role: r, user: joe }]
sql: { tokens: [{ token: t0ken, user: joe, expires: 2015-02-05T00:00 }] }
`),
    );
    const { stderr, exitCode } = fakeClients(...FAKE, {}).run(script);
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Not done: role r for group g: API v2.0 has no groups, only v3 does.',
      'Not done: role r for user joe: API v2.0 has no roles outside tenants.',
      'Not done: tokens: releases since Essex draw them themselves.',
    ]);
    expect(script).not.toContain('t0ken');
  });
});

describe('openstack', () => {
  const FAKE = ['fake-openstack-client.js', ['openstack', 'keystone-manage']] as const;
  interface Call {
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }
  const words = (log: readonly unknown[]): string[] => (log as Call[]).map(({ argv }) => argv.join(' '));

  test('Queens: bootstrap by the environment, then as its administrator', async () => {
    const { log, exitCode, stderr } = fakeClients(...FAKE, {}).run(await scriptOf('queens'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [bootstrap, ...others] = log as Call[];
    expect(bootstrap).toEqual({
      argv: [
        'keystone-manage',
        'bootstrap',
        '--bootstrap-username=admin',
        '--bootstrap-project-name=admin',
        '--bootstrap-role-name=admin',
        '--bootstrap-service-name=keystone',
        '--bootstrap-region-id=RegionOne',
        '--bootstrap-public-url=http://localhost:$(public_port)s/v3',
        '--bootstrap-admin-url=http://localhost:$(admin_port)s/v3',
        '--bootstrap-internal-url=http://localhost:$(public_port)s/v3',
      ],
      env: { OS_BOOTSTRAP_PASSWORD: 'secret' },
    });
    for (const { env } of others) expect(env).toEqual({ OS_USERNAME: 'admin', OS_PASSWORD: 'secret' });
    expect(words(others).slice(0, 11)).toEqual([
      'openstack service list -f value -c Name',
      'openstack endpoint list -f value -c Region -c Service Name -c Interface',
      'openstack project create --or-show --domain Default --description Default Tenant demo',
      'openstack project create --or-show --domain Default --description Service Tenant service',
      'openstack role create --or-show service',
      ...['glance', 'nova', 'cinder', 'swift', 'neutron'].map(
        (user) =>
          `openstack role add --user ${user} --user-domain Default --project service --project-domain Default service`,
      ),
      'openstack service create --name=nova_legacy --description Nova Compute Service (Legacy 2.0) compute_legacy',
    ]);
    expect(words(others).filter((line) => line.startsWith('openstack endpoint create'))).toHaveLength(7 * 3);
    expect(words(others).at(-1)).toBe(
      'openstack endpoint create --region=RegionOne neutron internal http://localhost:9696',
    );
  });

  test('what is there already is not made again', async () => {
    const clients = fakeClients(...FAKE, {
      'service list': ['volume', 'nova', 'swift-old'],
      'endpoint list': ['RegionOne nova admin', 'RegionTwo nova public'],
      'project show': ['p-1'],
      'ec2 credentials': ['p-0', 'p-1'],
    });
    const made = words(clients.run(await scriptOf('liberty')).log).filter((line) => line.includes(' create'));
    expect(made.filter((line) => /service create --name=(volume|nova) /.test(line))).toEqual([]);
    expect(made.filter((line) => line.includes('service create --name=swift '))).toHaveLength(1);
    expect(made.filter((line) => / nova (public|admin|internal) /.test(line))).toHaveLength(2);
    expect(made.filter((line) => line.includes('ec2 credentials create'))).toEqual([]);
  });

  test('EC2 keys where there are none in this project', async () => {
    const { log } = fakeClients(...FAKE, { 'project show': ['p-1'], 'ec2 credentials': ['p-0'] }).run(
      await scriptOf('mitaka'),
    );
    expect(words(log).at(-1)).toBe(
      'openstack ec2 credentials create --user=admin --user-domain Default --project=service --project-domain Default',
    );
  });

  test('groups, domains of their own, members, and roles without a project', () => {
    const all = parse(`
users: [{ name: joe, tenant: x }, { name: ann }]
roles: [r]
groups: [{ name: g, members: [ann] }]
tenants: [{ name: x, members: [joe, ann] }]
grants: [{ role: r, group: g, tenant: x }, { role: r, user: ann }]
`);
    const { held, left } = divideIdentities(all, USERS_AND_GROUPS);
    const options = { users: held.users, domain: 'Corp LDAP', projectDomain: 'Projects' };
    const script = clientScript(left, undefined, clientOf('zed'), options) ?? '';
    const inProject = '--project x --project-domain Projects';
    expect(words(fakeClients(...FAKE, {}).run(script).log)).toEqual([
      'openstack project create --or-show --domain Projects x',
      'openstack role create --or-show r',
      'openstack role create --or-show member',
      `openstack role add --group g --group-domain Corp LDAP ${inProject} r`,
      'openstack role add --user ann --user-domain Corp LDAP --domain Projects r',
      `openstack role add --user joe --user-domain Corp LDAP ${inProject} member`,
      `openstack role add --user ann --user-domain Corp LDAP ${inProject} member`,
    ]);
  });

  test('domains, and the projects in them', () => {
    const all = parse(`
domains: [{ name: Corp, description: The company }, { name: Old, enabled: false }, Default]
tenants: [{ name: x, domain: Corp }, { name: y, domain: Default }]
users: [{ name: joe, tenant: x }]
roles: [r]
grants: [{ role: r, user: joe, tenant: y }]
sql:
  ec2_credentials: [{ user: joe, tenant: x }]
`);
    const { held, left } = divideIdentities(all, USERS_AND_GROUPS);
    const script = clientScript(left, all.sql, clientOf('zed'), { users: held.users }) ?? '';
    const lines = words(fakeClients(...FAKE, {}).run(script).log);
    expect(lines.slice(0, 8)).toEqual([
      'openstack domain create --or-show --description The company Corp',
      'openstack domain create --or-show --disable Old',
      'openstack project create --or-show --domain Corp x',
      'openstack project create --or-show --domain Default y',
      'openstack role create --or-show r',
      'openstack role create --or-show member',
      'openstack role add --user joe --user-domain Default --project y --project-domain Default r',
      'openstack role add --user joe --user-domain Default --project x --project-domain Corp member',
    ]);
    expect(lines).toContain('openstack project show --domain Corp -f value -c id x');
  });

  test('odd names arrive as they are', () => {
    const { log, exitCode } = fakeClients(...FAKE, {}).run(scriptFor('zed', ODD));
    expect(exitCode).toBe(0);
    expect((log as Call[]).map(({ argv }) => argv.slice(3))).toEqual([
      expect.anything(),
      ['--or-show', '--domain', 'Default', '--description', 'a "b" `c`', "o'brien $(x)"],
      ['--or-show', '--domain', 'Default', '--disable', '--', '-shut'],
      ['--or-show', '--', '-role'],
      ['--or-show', 'é*'],
      [
        '--user=-joe',
        '--user-domain',
        'Default',
        '--project=-shut',
        '--project-domain',
        'Default',
        '--',
        '-role',
      ],
      [
        '--user',
        'j o e',
        '--user-domain',
        'Default',
        '--project',
        "o'brien $(x)",
        '--project-domain',
        'Default',
        'é*',
      ],
      ['--name=a b', '--description', '$HOME', '--', '-t'],
      ['--name=name', 'name'],
    ]);
  });

  test('a password that is not known comes from the environment, and who asks may be somebody else', async () => {
    const { sql } = await loadSampleData('modern');
    const script = clientScript(NO_IDENTITIES, sql, clientOf('zed')) ?? '';
    const clients = fakeClients(...FAKE, {});
    expect(clients.run(script)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('OS_BOOTSTRAP_PASSWORD: must hold the password of admin') as string,
      log: [],
    });
    expect(clients.run(script, { OS_BOOTSTRAP_PASSWORD: 'p' }).log).toMatchObject([
      { env: { OS_BOOTSTRAP_PASSWORD: 'p' } },
    ]);
    const asked = scriptFor('zed', await loadSampleData('zed'));
    const { log } = clients.run(asked, { OS_USERNAME: 'root', OS_PASSWORD: 'toor' });
    expect((log as Call[]).at(-1)?.env).toEqual({ OS_USERNAME: 'root', OS_PASSWORD: 'toor' });
  });

  test('no bootstrap before Mitaka, and no secrets as arguments', () => {
    const all = parse(`
users: [{ name: joe, password: pa55 }]
tenants: [x]
roles: [r]
sql:
  bootstrap: [{ user: joe, tenant: x, role: r }]
  credentials: [{ user: joe, type: EC2, key: k, secret: s3cret }]
  endpoint_templates: [{ region: R, service: s, public_url: p, admin_url: a, internal_url: i }]
`);
    const script = scriptFor('liberty', all);
    expect(script).not.toMatch(/pa55|s3cret|keystone-manage bootstrap/);
    expect(script.match(/^echo 'Not done: .*/gm)?.map((line) => line.slice(16, 30))).toEqual([
      'endpoint_templ',
      'credentials: o',
      'bootstrap: thi',
    ]);
  });
});
