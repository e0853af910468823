import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import { startStockDebian } from '../../src/testing/servers/start-stock-debian.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

describeLive("Debian's packaged slapd", (slapd) => {
  describe.each(['blog', '2011.3', 'essex-1', 'essex-3', '2013.1', 'zed'])('%s', (release) => {
    test('becomes an identity store in four commands, and the second time nothing is left to do', async () => {
      // essex-3 reads no option for its trees, so that only its own suffix will do.
      await using server = await startStockDebian({ slapd, suffix: 'dc=example,dc=com' });
      const conf = join(DisposableFolder.ofTest().path, 'keystone.conf');
      const original = findRelease(release).conf.kind === 'legacy' ? release : 'modern';
      await copyFile(packageFile(`fixtures/keystone-conf/${original}.conf`), conf);
      const run = (...argv: readonly string[]) => runCliAsAdmin(server, [...argv, '--release', release]);
      const steps = [['init'], ['seed'], ['configure', '--keystone-conf', conf]];
      for (const step of steps) {
        const { exitCode, stdout, stderr } = await run(...step);
        expect(exitCode, stderr).toBe(0);
        expect(stdout).not.toContain('already up to date');
      }
      expect(await run('verify', '--sample', '--keystone-conf', conf)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('finds what it needs') as string,
      });

      const before = await changeNumbers(server.ldapiUri, server.suffix);
      for (const step of steps) expect((await run(...step)).stdout).toContain('already up to date');
      expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
    });
  });

  test('over ldapi alone, as its manual has it: cn=config by EXTERNAL, the data as the rootdn', async () => {
    await using server = await startStockDebian({ slapd });
    const external = await runCli(['init', '-H', server.ldapiUri]);
    expect(external.exitCode).toBe(2);
    expect(external.stderr).toContain(
      `Cannot add ou=Users,${server.suffix}: this identity has no right to it`,
    );
    expect(external.stderr).toContain('1 of 3 changes');
    expect(external.stderr).toContain('Bind as the rootdn of the database');

    const env = { KEYSTONE_LDAP_PASSWORD: server.password.reveal() };
    const rootdn = ['init', '-H', server.ldapiUri, '-D', server.bindDn];
    const { exitCode, stderr } = await runCli(rootdn, { env });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr:
        'Assuming 2011.3: the default for a blank server (override with --release).\n2 added, 0 changed, 0 removed.\n',
    });
    expect((await runCli(rootdn, { env })).stdout).toContain('already up to date');
  });
});
