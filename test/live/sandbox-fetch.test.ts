import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSession } from '../../src/directory/open-session.ts';
import { fetchSlapd } from '../../src/sandbox/fetch-slapd.ts';
import { privateCopyPath } from '../../src/sandbox/private-copy.ts';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeNeeding } from '../support/needs/needing.ts';
import { runCli } from '../support/run-cli.ts';

describeNeeding(['slapd', 'network'], 'fetchSlapd', () => {
  test(
    'run twice at once over a broken copy and an abandoned build, makes one that works',
    { timeout: 180_000 },
    async () => {
      const cache = await mkdtemp(join(tmpdir(), 'keystone-ldap-fetch-'));
      onTestFinished(() => rm(cache, { recursive: true }));
      const env = { ...process.env, XDG_CACHE_HOME: cache };
      const place = await privateCopyPath(env);
      const builds = join(dirname(place), 'builds');
      await mkdir(join(place, 'usr/sbin'), { recursive: true });
      await writeFile(join(place, 'usr/sbin/slapd'), 'torn off');
      await mkdir(join(builds, '1-0000001-0a0b0c/root'), { recursive: true });

      const steps: string[] = [];
      const options = { env, onStep: (text: string) => void steps.push(text) };
      const [copy, other] = await Promise.all([fetchSlapd(options), fetchSlapd(options)]);
      expect(copy).toEqual(other);
      expect(copy).toMatchObject({ origin: 'private-copy', slapd: join(place, 'usr/sbin/slapd') });
      expect(steps).toContain(`fetching OpenLDAP's server with apt into ${place}`);
      expect(await readdir(builds)).toEqual([]);

      await using sandbox = await startSandbox({ slapd: copy });
      const session = await openSession({ uri: sandbox.ldapiUri, credentials: { kind: 'external' } });
      const modules = await session.read('cn=module{0},cn=config', ['olcModulePath']);
      await session[Symbol.asyncDispose]();
      expect(modules?.attributes['olcModulePath']).toEqual([join(place, 'usr/lib/ldap')]);

      const tool = await runCommand(join(copy.clientTools ?? '', 'ldapwhoami'), ['-x', '-H', sandbox.uri]);
      expect(tool).toEqual({ exitCode: 0, stdout: 'anonymous\n', stderr: '' });

      const ask = ['sandbox', '--', '/bin/sh', '-c', 'ldapwhoami -x -H "$KEYSTONE_LDAP_URI"'];
      const own = { KEYSTONE_LDAP_SLAPD: copy.slapd, PATH: '/nonexistent' };
      expect(await runCli(ask, { env: own })).toMatchObject({ exitCode: 0, stdout: 'anonymous\n' });

      steps.length = 0;
      expect(await fetchSlapd(options)).toEqual(copy);
      expect(steps).toEqual([]);
    },
  );
});
