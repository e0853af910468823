import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parentDn } from '../../../src/directory/dn.ts';
import { packageFile, readBytesIfPresent, readText } from '../../../src/files.ts';
import { shippedSchemaFiles } from '../../../src/schema/shipped-schema.ts';
import type { Sandbox } from '../../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../../support/describe-live.ts';
import { startSandbox } from '../../../src/sandbox/start-sandbox.ts';
import { mostRequests, type DoctorVerdict } from '../../support/doctor/examine.ts';
import { folder, group } from '../../support/doctor/sound-keystone.ts';
import { loadLdif } from '../../support/load-ldif.ts';
import { readEntries } from '../../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../../support/run-cli.ts';
import { asManager, seededSandbox } from '../../support/seeded-sandbox.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';

/** The codes that the doctor finds with a keystone.conf as `configure` leaves it, with the rootdn as the account. */
async function codesOf(server: Sandbox, release: string): Promise<string[]> {
  const { findings } = await examine(server, release);
  return [...new Set(findings.map(({ code }) => code))].sort();
}

async function examine(
  server: Sandbox,
  release: string,
  more = '',
): Promise<Pick<DoctorVerdict, 'findings' | 'examined'>> {
  const conf = join(DisposableFolder.ofTest().path, 'keystone.conf');
  const shipped = packageFile(`fixtures/keystone-conf/${release}.conf`);
  await writeFile(conf, (await readBytesIfPresent(shipped)) ?? '', { mode: 0o600 });
  const argv = ['configure', '--keystone-conf', conf, '--release', release, '--no-backup'];
  expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
  if (more !== '') await appendFile(conf, more);
  const { stdout } = await runCli(['doctor', '--keystone-conf', conf, '--release', release, '--json']);
  return JSON.parse(stdout) as Pick<DoctorVerdict, 'findings' | 'examined'>;
}

/** What an account that is the rootdn brings, beside what everybody may do on that server. */
const SOUND: Readonly<Record<string, readonly string[]>> = {
  blog: ['PASSWORD_CLEAR', 'PASSWORD_READABLE'],
  '2011.3': [],
  'essex-2': [],
  'essex-3': [],
  '2012.1': ['PASSWORD_READABLE'],
  '2013.1': ['PASSWORD_READABLE'],
  '2014.2': ['PASSWORD_READABLE'],
  newton: ['PASSWORD_READABLE'],
  '2026.1': ['ACCOUNT_CAN_WRITE', 'PASSWORD_READABLE'],
};

describeLive('doctor of old releases', (slapd) => {
  test.each(Object.entries(SOUND))('%s with its sample data', async (release, codes) => {
    await using server = await seededSandbox(release, { slapd });
    expect(await codesOf(server, release)).toEqual(['ANONYMOUS_READS', ...codes].sort());
  });

  test('with the most trees, and two of everything in each, in no more requests than the docs allow', async () => {
    await using server = await seededSandbox('2013.1', { slapd });
    await using session = await asManager(server);
    await session.add(group('staff', ['uid=nobody'], { ou: ['staff'] }));
    const all = Object.entries(await readEntries(server.ldapiUri, server.suffix));
    const trees = new Set(all.map(([dn]) => parentDn(dn)).filter((dn) => dn.startsWith('ou=')));
    for (const tree of trees) await session.add(folder(`ou=Copy,${tree}`));
    for (const [dn, attributes] of all) {
      const tree = parentDn(dn);
      if (trees.has(tree)) await session.add({ dn: dn.replace(tree, `ou=Copy,${tree}`), attributes });
    }
    const options = 'query_scope = sub\nuser_enabled_emulation = true\n';
    const { findings, examined } = await examine(server, '2013.1', `[ldap]\n${options}`);
    const twice = findings.filter(({ code }) => ['ID_AMBIGUOUS', 'NAME_AMBIGUOUS'].includes(code));
    expect(twice.map(({ subject }) => subject.split(' ')[0]).sort()).toEqual(
      ['domains', 'groups', 'roles', 'tenants', 'users'].flatMap((kind) => [kind, kind]),
    );
    expect(examined).toHaveLength(1);
    expect(examined[0]?.requests).toBeGreaterThan(20);
    expect(examined[0]?.requests).toBeLessThanOrEqual(await mostRequests());
  });

  test('the schema of another one', async () => {
    await using server = await startSandbox({ slapd });
    await loadLdif(server.ldapiUri, await readText(shippedSchemaFiles('blog').ldif));
    expect(await codesOf(server, '2011.3')).toContain('SCHEMA_DIFFERS');
  });
});
