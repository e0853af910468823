import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import { startStockDebian } from '../../src/sandbox/start-stock-debian.ts';
import { changeNumbers } from '../support/read-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeLive("Debian's packaged slapd", (slapd) => {
  describe.each(['blog', '2011.3', 'essex-1', 'essex-3', '2013.1', 'zed'])('%s', (release) => {
    test('becomes an identity store in four commands, and the second time nothing is left to do', async () => {
      // essex-3 reads no option for its trees, so that only its own suffix will do.
      await using server = await startStockDebian({ slapd, suffix: 'dc=example,dc=com' });
      const conf = join(await temporaryFolder(), 'keystone.conf');
      const original = findRelease(release).conf.kind === 'legacy' ? release : 'modern';
      await copyFile(packageFile(`fixtures/keystone-conf/${original}.conf`), conf);
      const run = (...argv: readonly string[]) => runCliAsAdmin(server, [...argv, '--release', release]);
      const steps = [['init'], ['seed'], ['configure', '--keystone-conf', conf]];
      for (const step of steps) {
        const { exitCode, stdout, stderr } = await run(...step);
        expect(exitCode, stderr).toBe(0);
        expect(stdout).not.toContain('nothing left to do');
      }
      expect(await run('verify', '--keystone-conf', conf)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('finds what it needs') as string,
      });

      const before = await changeNumbers(server.ldapiUri, server.suffix);
      for (const step of steps) expect((await run(...step)).stdout).toContain('nothing left to do');
      expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
    });
  });
});
