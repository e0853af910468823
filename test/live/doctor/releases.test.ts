import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFile, readBytesIfPresent, readText } from '../../../src/files.ts';
import { shippedSchemaFiles } from '../../../src/schema/shipped-schema.ts';
import type { Sandbox } from '../../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../../support/describe-live.ts';
import { startSandbox } from '../../../src/sandbox/start-sandbox.ts';
import { loadLdif } from '../../support/load-ldif.ts';
import { runCli, runCliAsAdmin } from '../../support/run-cli.ts';
import { seededSandbox } from '../../support/seeded-sandbox.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The codes that the doctor finds with a keystone.conf as `configure` leaves it, with the rootdn as the account. */
async function codesOf(server: Sandbox, release: string): Promise<string[]> {
  const conf = join(await temporaryFolder(), 'keystone.conf');
  const shipped = packageFile(`fixtures/keystone-conf/${release}.conf`);
  await writeFile(conf, (await readBytesIfPresent(shipped)) ?? '', { mode: 0o600 });
  const argv = ['configure', '--keystone-conf', conf, '--release', release, '--no-backup'];
  expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
  const { stdout } = await runCli(['doctor', '--keystone-conf', conf, '--release', release, '--json']);
  const { findings } = JSON.parse(stdout) as { findings: readonly { code: string }[] };
  return [...new Set(findings.map(({ code }) => code))].sort();
}

/** What an account that is the rootdn brings, beside what everybody may do on that server. */
const SOUND: Readonly<Record<string, readonly string[]>> = {
  blog: ['PASSWORD_CLEAR', 'PASSWORD_READABLE'],
  '2011.3': [],
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

  test('the schema of another one', async () => {
    await using server = await startSandbox({ slapd });
    await loadLdif(server.ldapiUri, await readText(shippedSchemaFiles('blog').ldif));
    expect(await codesOf(server, '2011.3')).toContain('SCHEMA_DIFFERS');
  });
});
