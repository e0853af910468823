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
  expect(await upgrade(path)).toMatchObject({ exitCode: 0, stdout: `${path}: already up to date.\n` });
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

const ESSEX = `[DEFAULT]
Suffix = dc=a
[identity] ; theirs
Driver = keystone.identity.backends.ldap.Identity
[ldap]
URL = ldap://ldap1 ; the old one
user = "cn=keystone,dc=a"
password = geheim-7301 ; was geheim-0000
user_tree_dn = ou=Users,

# all of them
  dc=a
use_dumb_member = False
rem the rest is as it comes
`;

const FOLSOM = `[DEFAULT]
#suffix = dc=a
[identity]
; theirs
driver = keystone.identity.backends.ldap.Identity
[ldap]
; the old one
url = ldap://ldap1
user = ""cn=keystone,dc=a""
; password:  was geheim-0000
password = geheim-7301
user_tree_dn = ou=Users,
  dc=a

# all of them
use_dumb_member = False
# rem the rest is as it comes
suffix = dc=a
user_mail_attribute = email
tenant_desc_attribute = desc
tenant_attribute_ignore = 
tenant_tree_dn = dc=a,ou=Groups
role_tree_dn = dc=a,ou=Roles
`;

test("configure --upgrade-from reads Essex's file as Essex does, and says what Folsom cannot", async () => {
  const path = DisposableFolder.ofTest().write('keystone.conf', ESSEX);
  const flags = ['--upgrade-from', '2012.1', '--release', '2012.2'];
  const { exitCode, stdout, stderr } = await runCli(['configure', '--keystone-conf', path, ...flags]);
  expect(exitCode).toBe(0);
  expect(await readFile(path, 'utf8')).toBe(FOLSOM);
  expect(stdout + stderr).not.toContain('geheim');
  expect(stderr).toContain(`${path}:6: [ldap] url: a comment after a value is part of the value in later`);
  expect(stderr).toContain(`${path}:2: [DEFAULT] suffix counts for other sections in Essex only`);
  expect(stderr).toContain('warning: [ldap] user_mail_attribute: 2012.2 has no such option');
  expect(stderr).not.toContain(`warning: ${path}:6`);
});

test('configure --upgrade-from writes lines of Essex differently, also where no option changes', async () => {
  const path = DisposableFolder.ofTest().write('keystone.conf', '[DEFAULT]\nDEBUG = True ; for now\n');
  const flags = ['--upgrade-from', 'essex', '--release', 'zed'];
  const conf = ['configure', '--keystone-conf', path, ...flags];
  expect((await runCli([...conf, '--dry-run'])).stderr).toContain('Nothing was written (--dry-run).');
  expect((await runCli(conf)).stdout).toContain('+debug = True\n');
  expect(await readFile(path, 'utf8')).toBe('[DEFAULT]\n; for now\ndebug = True\n');
  expect((await runCli(conf)).stdout).toBe(`${path}: already up to date.\n`);
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
