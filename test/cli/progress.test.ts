import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeLive } from '../support/describe-live.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { testIo } from '../support/test-io.ts';

/** So many that hashing their passwords takes more than two seconds. */
const USERS = Array.from({ length: 100 }, (_, at) => `  - { name: user${at}, password: secrete }\n`).join('');

async function slowSeed(server: Parameters<typeof runCliAsAdmin>[0]) {
  expect(await runCliAsAdmin(server, ['init'])).toMatchObject({ exitCode: 0 });
  const file = join(DisposableFolder.ofTest().path, 'users.yaml');
  await writeFile(file, `users:\n${USERS}`);
  const env = {
    KEYSTONE_LDAP_URI: server.uri,
    KEYSTONE_LDAP_BIND_DN: server.bindDn,
    KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
  };
  return { argv: ['seed', '--file', file], terminal: testIo({ env }) };
}

describeLive('progress', (slapd) => {
  test('is a line that a terminal rewrites, and takes away at the end', async () => {
    await using server = await startSandbox({ slapd });
    const { argv, terminal } = await slowSeed(server);
    expect(await main(argv, { ...terminal.io, live: true })).toBe(0);
    const said = terminal.stderr().replaceAll('\r\u001b[K', '<clear>');
    expect(said).toMatch(/<clear>planning \d+\/100, \d+\/s, \d+ s left/);
    expect(said).toContain('<clear>100 added, 0 changed, 0 removed.\n');
  });

  test('ends at Ctrl-C, with nothing written', async () => {
    await using server = await startSandbox({ slapd });
    const { argv, terminal } = await slowSeed(server);
    const stderr = new Writable({
      write(chunk: Buffer, _encoding, done) {
        terminal.io.stderr.write(chunk);
        if (chunk.includes('planning')) terminal.abort();
        done();
      },
    });
    expect(await main(argv, { ...terminal.io, live: true, stderr })).toBe(130);
    expect(terminal.stderr()).toContain('Interrupted.');
    expect(Object.keys(await readEntries(server.ldapiUri, server.suffix, ['1.1']))).toHaveLength(3);
  });
});
