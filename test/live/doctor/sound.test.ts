import { expect, test } from 'vitest';
import { describeLive } from '../../support/describe-live.ts';
import { examineKeystone } from '../../support/doctor/examine.ts';
import { soundKeystone } from '../../support/doctor/sound-keystone.ts';
import { changeNumbers } from '../../support/read-entries.ts';
import { runCli } from '../../support/run-cli.ts';

describeLive('doctor', (slapd) => {
  test('finds nothing where all is well, and writes nothing', async () => {
    await using keystone = await soundKeystone({ slapd });
    const { server } = keystone;
    const before = await changeNumbers(server.ldapiUri, server.suffix);
    const verdict = await examineKeystone(keystone);
    expect(verdict).toEqual({
      exitCode: 0,
      findings: [],
      examined: [{ uri: server.uri, entries: { user: 2, group: 1 }, requests: 20 }],
      stderr: '',
    });
    expect(await changeNumbers(server.ldapiUri, server.suffix)).toEqual(before);
  });

  test('says so in words, and which release it takes where none is named', async () => {
    await using keystone = await soundKeystone({ slapd, ldap: { randomize_urls: 'false' } });
    const { conf, server } = keystone;
    const result = await runCli(['doctor', '--keystone-conf', conf, '--config-uri', server.ldapiUri]);
    expect(result).toEqual({
      exitCode: 0,
      stdout: `Keystone 2026.2 (Hibiscus): nothing found (${server.uri}: 2 users, 1 group in 20 requests).\n`,
      stderr: 'Assuming 2026.2, the newest release that reads these options (override with --release).\n',
    });
  });
});
