import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { runCommand, runToSuccess } from '../../src/sandbox/run-command.ts';
import { describeDocker } from '../support/describe-docker.ts';
import { IMAGE } from '../support/directory-container.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

/** In place of Keystone's image, one that asks as it does, as a user of its own. */
const OVERRIDE = `
services:
  keystone:
    entrypoint: [sleep, infinity]
    user: "12345"
    init: true
`;

/** The plugin where it is installed, else the program of old, which is what Debian 12 has. */
async function composeCommand(): Promise<readonly [string, ...string[]]> {
  const { exitCode } = await runCommand('docker', ['compose', 'version']);
  return exitCode === 0 ? ['docker', 'compose'] : ['docker-compose'];
}

describeDocker('compose.yaml', () => {
  test('gives Keystone a directory and the keystone.conf to find it with', async () => {
    using folder = new DisposableFolder();
    await copyFile(packageFile('container/compose.yaml'), join(folder.path, 'compose.yaml'));
    folder.write('override.yaml', OVERRIDE);
    folder.write('identities.yaml', 'users: [{ name: alice, password: secret }]\n', 0o644);
    await mkdir(join(folder.path, 'secrets'));
    for (const name of ['admin', 'config', 'keystone']) folder.write(`secrets/${name}_password`, name, 0o644);

    const [program, ...words] = await composeCommand();
    const files = [
      '-p',
      basename(folder.path).replace(' ', '-').toLowerCase(),
      '-f',
      'compose.yaml',
      '-f',
      'override.yaml',
    ];
    const env = { KEYSTONE_LDAP_IMAGE: IMAGE, KEYSTONE_IMAGE: IMAGE, KEYSTONE_LDAP_PORT: '0' };
    const compose = (...args: readonly string[]) =>
      runToSuccess(program, [...words, ...files, ...args], { cwd: folder.path, env });
    try {
      await compose('up', '-d');
      const keystone = [
        'exec',
        '-T',
        '-e',
        'KEYSTONE_LDAP_LOGIN_PASSWORD=secret',
        'keystone',
        'keystone-ldap',
      ];
      const verify = ['verify', '--keystone-conf', '/etc/keystone/keystone.conf', '--no-sample'];
      const { stdout } = await compose(...keystone, ...verify, '--login', 'alice');
      expect(stdout).toContain('finds what it needs');
      expect(stdout).toContain('alice');
    } finally {
      await compose('down', '--volumes', '--timeout', '5');
    }
  });
});
