import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { packageFile, readText } from '../../src/files.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { shellBlocks } from '../support/console-blocks.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { EXISTING_MAP, EXISTING_TREES, existingDirectory, READER } from '../support/existing-directory.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { commandLines } from '../support/shell-words.ts';

describeLive('docs/runbook-upgrade.md', (slapd) => {
  // Its blocks are "sh run by test/live/upgrade-runbook.test.ts".
  test('leaves account, trees and people of Keystone as they are, whatever the environment names', async () => {
    await using server = await startSandbox({ slapd });
    await addEntries(server, existingDirectory(['alice', 'bob']));
    const folder = DisposableFolder.ofTest();
    const settings = [
      `url = ${server.uri}`,
      `user = ${READER.dn}`,
      `password = ${READER.password}`,
      `user_tree_dn = ${EXISTING_TREES.user}`,
      `group_tree_dn = ${EXISTING_TREES.group}`,
      ...EXISTING_MAP.map((pair) => pair.replace('=', ' = ')),
    ];
    const text = `[identity]\ndriver = ldap\n\n[ldap]\n# theirs\n${settings.join('\n')}\nuse_dumb_member = false\n`;
    const names: Readonly<Record<string, string>> = {
      'keystone.conf': folder.write('keystone.conf', text),
      'keystone.pw': folder.write('keystone.pw', `${READER.password}\n`),
      'ldap://ldap1.example.com': server.uri,
    };
    const page = await readText(packageFile('docs/runbook-upgrade.md'));
    const env = { KEYSTONE_LDAP_SUFFIX: 'dc=elsewhere', KEYSTONE_LDAP_LOGIN_PASSWORD: 'alice' };
    const commands = commandLines(shellBlocks(page).flatMap(({ lines }) => lines));
    expect(commands.length).toBeGreaterThan(3);
    for (const words of [
      ...commands,
      ['configure', '--keystone-conf', 'keystone.conf', '--release', 'zed'],
    ]) {
      const result = await runCliAsAdmin(
        server,
        words.map((word) => names[word] ?? word),
        { env },
      );
      expect(result, `${words.join(' ')}\n${result.stdout}${result.stderr}`).toMatchObject({ exitCode: 0 });
    }
    const after = await readFile(names['keystone.conf'] ?? '', 'utf8');
    for (const line of settings) expect(after.split('\n')).toContain(line);
    expect(after).not.toContain('emulation');
  });
});
