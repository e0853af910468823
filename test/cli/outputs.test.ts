import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli } from '../support/run-cli.ts';

const CLI = fileURLToPath(new URL('../support/cli-process.js', import.meta.url));
const SCHEMA = packageFile('schema/keystone/2011.3/keystone.schema');
const CONF = packageFile('fixtures/keystone-conf/modern.conf');
const CONFIGURE = ['configure', '--keystone-conf', CONF, '--release', 'zed', '--suffix', 'dc=x'];
const ENV = {
  KEYSTONE_LDAP_URI: 'ldap://127.0.0.1:1',
  KEYSTONE_LDAP_BIND_DN: 'cn=k,dc=x',
  KEYSTONE_LDAP_PASSWORD: 'pw1',
};

test.each(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])(
  '-o %s adds to what is written there',
  async (name) => {
    const file = join(DisposableFolder.ofTest().path, 'all.txt');
    const script = '{ echo HEADER; "$1" "$2" schema convert "$3" -o "$4"; echo FOOTER; } >"$5"';
    const { exitCode } = await runCommand('sh', [
      '-ec',
      script,
      'sh',
      process.execPath,
      CLI,
      SCHEMA,
      name,
      file,
    ]);
    expect(exitCode).toBe(0);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect([lines.at(0), lines.at(-1)]).toEqual(['HEADER', 'FOOTER']);
    expect(lines.length).toBeGreaterThan(20);
  },
);

test.each(['/dev/stdout', '/dev/full', '/dev/fd/1', '/dev/null'])(
  'a file that would be replaced is not %s',
  async (name) => {
    const { exitCode, stderr } = await runCli([...CONFIGURE, '-o', name, '--no-journal'], { env: ENV });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Cannot write ${name}: it is not a file that can be replaced.`);
  },
);

test('an undo after all runs are undone says so', async () => {
  const folder = DisposableFolder.ofTest();
  const conf = folder.write('keystone.conf', await readFile(CONF, 'utf8'));
  const env = { ...ENV, KEYSTONE_LDAP_STATE_DIR: join(folder.path, 'state') };
  const configure = CONFIGURE.map((word) => (word === CONF ? conf : word));
  expect(await runCli(configure, { env })).toMatchObject({ exitCode: 0 });
  expect(await runCli(['undo', '--yes'], { env })).toMatchObject({ exitCode: 0 });
  const { exitCode, stderr } = await runCli(['undo', '--yes'], { env });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('every run is undone already');
});
