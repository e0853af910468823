import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { RELEASES } from '../../src/releases/find-release.ts';
import type { Release } from '../../src/releases/release.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { runCliAsAdmin, type CliResult } from '../support/run-cli.ts';

const IDENTITIES = `
tenants: [{ name: lab, description: The laboratory }, { name: office, enabled: false }]
users:
  - { name: alice, password: 'a long one', tenant: lab, email: alice@example.com }
  - { name: bob, password: 'another one' }
  - { name: eve, password: 'the third', enabled: false }
roles: [Admin, Member]
groups: [{ name: ops, description: Operators, members: [alice, eve] }, { name: nobody }]
grants:
  - { role: Admin, user: alice, tenant: lab }
  - { role: Member, user: bob, tenant: lab }
`;

/** Nothing in LDAP disables anybody in Essex and Folsom, which seed refuses. */
function identitiesFor({ layout }: Release): string {
  return layout.user.enabled.kind === 'always' ? IDENTITIES.replaceAll(', enabled: false', '') : IDENTITIES;
}

/** A keystone.conf that the release may start from. */
async function emptyConf({ name, conf }: Release): Promise<string> {
  if (conf.kind === 'oslo') return '[DEFAULT]\ndebug = true\n';
  return await readFile(packageFile(`fixtures/keystone-conf/${name}.conf`), 'utf8');
}

async function succeed(server: Sandbox, argv: readonly string[]): Promise<CliResult> {
  const result = await runCliAsAdmin(server, argv);
  expect(result, `${argv.join(' ')}\n${result.stdout}${result.stderr}`).toMatchObject({ exitCode: 0 });
  return result;
}

/** Everything once, which verify must find good, and once more, which must change nothing. */
async function setUpTwice(server: Sandbox, release: Release, suffix: string): Promise<void> {
  using folder = new DisposableFolder();
  const conf = folder.write('keystone.conf', await emptyConf(release));
  const file = ['--file', folder.write('identities.yaml', identitiesFor(release))];
  const common = ['--release', release.name];
  const flags = [...common, '--suffix', suffix];
  const commands = [
    ['init', ...flags],
    ['seed', ...flags, ...file],
    ['configure', ...flags, '--keystone-conf', conf],
  ];
  for (const argv of commands) await succeed(server, argv);
  for (const where of [flags, [...common, '--keystone-conf', conf]]) {
    const { stdout } = await succeed(server, ['verify', ...where, ...file, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ release: release.name, ok: true, findings: [] });
  }
  const before = [await changeNumbers(server.ldapiUri, suffix), await readFile(conf, 'utf8')];
  for (const argv of commands) expect((await succeed(server, argv)).stdout).toMatch(/already up to date/i);
  expect([await changeNumbers(server.ldapiUri, suffix), await readFile(conf, 'utf8')]).toEqual(before);
}

const named = (kind: Release['schema']['kind']) =>
  RELEASES.filter(({ schema }) => schema.kind === kind).map((release) => [release.name, release] as const);

/** Their revisions of the schema share OIDs, so that each needs a server of its own. */
const legacy = named('revision');
const modern = named('modules');
describeLive('init, seed, configure and verify, twice', (slapd: SlapdInstallation) => {
  test.each(legacy)('for %s', async (_, release) => {
    await using server = await startSandbox({ slapd });
    await setUpTwice(server, release, server.suffix);
  });

  describe('on one server', () => {
    let server: Sandbox;
    beforeAll(async () => {
      server = await startSandbox({ slapd });
    });
    afterAll(async () => {
      await server.stop();
    });

    test.each(modern)('for %s', async (name, release) => {
      await setUpTwice(server, release, `ou=${name},${server.suffix}`);
    });
  });
});
