import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { packageFile, readText } from '../../src/files.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { consoleBlocks, shows, type ConsoleCommand } from '../support/console-blocks.ts';
import { describeLive } from '../support/describe-live.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testIo } from '../support/test-io.ts';

/** Standard output and error as a terminal shows them: one after the other as they come. */
async function typed(argv: readonly string[], { uri, ldapiUri, bindDn, password, suffix }: Sandbox) {
  const screen = new PassThrough();
  const env = {
    KEYSTONE_LDAP_URI: uri,
    KEYSTONE_LDAP_BIND_DN: bindDn,
    KEYSTONE_LDAP_PASSWORD: password.reveal(),
    KEYSTONE_LDAP_SUFFIX: suffix,
    KEYSTONE_LDAP_CONFIG_URI: ldapiUri,
    KEYSTONE_LDAP_LOGIN_PASSWORD: 'secrete',
  };
  await main(argv, { ...testIo({ env }).io, stdout: screen, stderr: screen });
  screen.end();
  return (await screen.toArray()).map(String).join('');
}

describeLive('README.md', (slapd) => {
  test('shows what the commands print', async () => {
    await using sandbox = await startSandbox({ slapd });
    const folder = await temporaryFolder();
    await copyFile(packageFile('fixtures/keystone-conf/2011.3.conf'), join(folder, 'keystone.conf'));
    await copyFile(packageFile('fixtures/keystone-conf/modern.conf'), join(folder, 'zed.conf'));
    const inFolder = (word: string): string => (FILES.has(word) ? join(folder, word) : word);

    const commands = consoleBlocks(await readText(packageFile('README.md')));
    expect(commands.length).toBeGreaterThanOrEqual(6);
    for (const { words, output } of commands) {
      const printed = await typed(words.slice(1).map(inFolder), sandbox);
      const shown = printed.replaceAll(`${folder}/`, '').replaceAll(sandbox.uri, 'ldap://127.0.0.1:3890');
      expect(shows(output, shown), explain({ words, output }, shown)).toBe(true);
    }
  });

  test('is short', async () => {
    expect((await readText(packageFile('README.md'))).split('\n').length).toBeLessThanOrEqual(250);
  });
});

const FILES = new Set(['keystone.conf', 'zed.conf', 'domains']);

function explain({ words, output }: ConsoleCommand, shown: string): string {
  return `${words.join(' ')}\n--- README\n${output}\n--- printed\n${shown}`;
}
