import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';

const OLD = `[identity]
driver = keystone.identity.backends.ldap.Identity
[ldap]
# Ours
url = ldap://ldap1
user = cn=keystone,dc=a
password = geheim-7301
suffix = dc=a
tenant_tree_dn = ou=Projects,dc=a
user_allow_create = False
usr_filter = (a=b)
`;

const NEW = `[identity]
driver = ldap
[ldap]
# Ours
url = ldap://ldap1
user = cn=keystone,dc=a
password = geheim-7301
suffix = dc=a
# This option is not read by zed: it went with mitaka.
#tenant_tree_dn = ou=Projects,dc=a
# This option is not read by zed: it went with ocata.
#user_allow_create = False
usr_filter = (a=b)
`;

async function files(): Promise<{ folder: string; path: string }> {
  const folder = DisposableFolder.ofTest().path;
  const path = join(folder, 'keystone.conf');
  await writeFile(path, OLD);
  return { folder, path };
}

const upgrade = (path: string, ...flags: readonly string[]) =>
  runCli(['configure', '--keystone-conf', path, '--upgrade-from', '2014.1', '--release', 'zed', ...flags]);

test('configure --upgrade-from brings keystone.conf forward, says what it cannot, and is done once', async () => {
  const { folder, path } = await files();
  const looked = await upgrade(path, '--dry-run');
  expect(looked.exitCode).toBe(0);
  expect(looked.stdout).toContain('-user_allow_create = False\n');
  expect(await readFile(path, 'utf8')).toBe(OLD);

  const { exitCode, stdout, stderr } = await upgrade(path);
  expect(exitCode).toBe(0);
  const text = await readFile(path, 'utf8');
  expect(text.startsWith(NEW.slice(0, NEW.indexOf('usr_filter')))).toBe(true);
  expect(stderr).toContain(`warning: ${path}:11: [ldap] usr_filter `);
  expect(stderr).toContain('did you mean "user_filter"?');
  expect(stderr).toContain('zed has no LDAP driver for');
  expect(stdout + stderr).not.toContain('geheim');
  expect(await readFile(join(folder, 'keystone.conf.1.bak'), 'utf8')).toBe(OLD);
  expect(await upgrade(path)).toMatchObject({ exitCode: 0, stdout: `${path}: nothing left to do.\n` });
});

test('configure --upgrade-from tells the same as JSON, and writes elsewhere', async () => {
  const { path } = await files();
  const { stdout } = await upgrade(path, '--json', '--dry-run');
  const result = JSON.parse(stdout) as { notes: unknown };
  expect(result).toMatchObject({ command: 'configure', applied: false, files: [{ file: path }] });
  expect(result.notes).toContainEqual({
    code: 'OPTION_UNKNOWN',
    file: path,
    line: 11,
    message: expect.stringContaining('usr_filter') as string,
  });
  expect((await upgrade(path, '-o', '-')).stdout).toContain('#user_allow_create = False\n');
  expect(await readFile(path, 'utf8')).toBe(OLD);
});

test("configure --upgrade-from --domain brings the domain's file forward, and keeps the copy elsewhere", async () => {
  const { folder, path } = await files();
  const domains = join(folder, 'domains');
  await mkdir(domains);
  await writeFile(
    path,
    `[identity]\ndomain_specific_drivers_enabled = true\ndomain_config_dir = ${domains}\n`,
  );
  const main = await readFile(path, 'utf8');
  await writeFile(join(domains, 'keystone.Corp.conf'), OLD);
  expect(await upgrade(path, '--domain', 'Corp')).toMatchObject({ exitCode: 0 });
  const text = await readFile(join(domains, 'keystone.Corp.conf'), 'utf8');
  expect(text).toContain('[identity]\ndriver = ldap\n');
  expect(text).not.toContain('[assignment]');
  expect(await readFile(path, 'utf8')).toBe(main);
  expect(await readdir(domains)).toEqual(['keystone.Corp.conf']);
  expect(await readFile(join(folder, 'keystone.Corp.conf.1.bak'), 'utf8')).toBe(OLD);
});

test.each([
  [['--upgrade-from', 'zed', '--release', 'newton'], 'newton is older than zed'],
  [['--upgrade-from', '2011.3', '--release', 'zed'], 'a keystone.conf of another kind'],
  [['--upgrade-from', 'newton'], '--upgrade-from needs --release'],
  [['--upgrade-from', 'nwton', '--release', 'zed'], 'Did you mean "newton"?'],
  [
    ['--upgrade-from', 'newton', '--release', 'zed', '-H', 'ldap://x', '--map', 'a=b'],
    'what --uri, --map would say',
  ],
])('configure %j is refused', async (flags, reason) => {
  const { path } = await files();
  const { exitCode, stdout, stderr } = await runCli(['configure', '--keystone-conf', path, ...flags]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(reason);
  expect(await readFile(path, 'utf8')).toBe(OLD);
});
