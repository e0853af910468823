import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { EXISTING_MAP, EXISTING_TREES, existingDirectory, READER } from '../support/existing-directory.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

describeLive('An upgrade of keystone.conf and the checks after it', (slapd) => {
  test('leave account, trees and people of Keystone as they are, whatever the environment names', async () => {
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
    const env = { KEYSTONE_LDAP_SUFFIX: 'dc=elsewhere', KEYSTONE_LDAP_LOGIN_PASSWORD: 'alice' };
    const conf = ['--keystone-conf', 'keystone.conf', '--release', 'zed'];
    for (const words of [
      ['configure', ...conf, '--upgrade-from', 'newton', '--dry-run'],
      ['configure', ...conf, '--upgrade-from', 'newton'],
      [
        'init',
        '--read-only',
        ...conf,
        '-D',
        READER.dn,
        '-y',
        'keystone.pw',
        '-H',
        'ldap://ldap1.example.com',
      ],
      ['verify', ...conf],
      ['login', 'alice', ...conf],
      ['configure', ...conf],
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
