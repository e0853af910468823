import { spawnSync } from 'node:child_process';
import { chmod, chown, link, mkdir, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { testNeeding } from '../support/needs/needing.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli } from '../support/run-cli.ts';

const GROUP = 65534;

async function confFile(text = '[identity]\n'): Promise<string> {
  const conf = join(DisposableFolder.ofTest().path, 'keystone.conf');
  await chmod(dirname(conf), 0o755);
  await writeFile(conf, text, { mode: 0o640 });
  return conf;
}

const configure = (conf: string, ...flags: readonly string[]) =>
  runCli(
    [
      'configure',
      '--keystone-conf',
      conf,
      '--release',
      'zed',
      '-H',
      'ldap://h',
      '-D',
      'cn=a',
      '-b',
      'dc=x',
      ...flags,
    ],
    { env: { KEYSTONE_LDAP_PASSWORD: 's3cret' } },
  );

testNeeding(['root'], 'who reads keystone.conf can read the new file of a domain', async () => {
  const conf = await confFile();
  await chown(conf, 0, GROUP);
  const folder = join(dirname(conf), 'domains');
  expect(await configure(conf, '--domain', 'CORP', '--domain-config-dir', folder)).toMatchObject({
    exitCode: 0,
  });
  const as = ['--reuid', '65533', '--regid', String(GROUP), '--clear-groups'];
  const { status } = spawnSync('setpriv', [...as, 'grep', '-rq', 's3cret', folder]);
  expect(status).toBe(0);
  expect((await stat(folder)).mode & 0o777).toBe(0o750);
});

test('a relative folder is written as an absolute one, and refused where the file has it', async () => {
  const conf = await confFile();
  const folder = join(dirname(conf), 'domains');
  const flags = ['--domain', 'CORP', '--domain-config-dir', relative(process.cwd(), folder)];
  expect(await configure(conf, ...flags)).toMatchObject({ exitCode: 0 });
  expect(await readFile(conf, 'utf8')).toContain(`domain_config_dir = ${folder}\n`);
  const other = await confFile('[identity]\ndomain_config_dir = domains\n');
  const refused = await configure(other, '--domain', 'CORP');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('domain_config_dir = domains is relative');
  expect(await readdir(dirname(other))).toEqual(['keystone.conf']);
});

test('another folder of domains, hard links and bytes of another encoding are told of', async () => {
  const conf = await confFile('# Gr\u00fc\u00dfe\n[identity]\n');
  const [old, folder] = [join(dirname(conf), 'old'), join(dirname(conf), 'new')];
  await mkdir(old);
  await writeFile(join(old, 'keystone.OLD.conf'), '[identity]\n');
  await writeFile(conf, Buffer.from(`# Gr\u00fc\u00dfe\n[identity]\ndomain_config_dir = ${old}\n`, 'latin1'));
  await link(conf, join(dirname(conf), 'again.conf'));
  const { exitCode, stderr } = await configure(conf, '--domain', 'CORP', '--domain-config-dir', folder);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    `changes from ${old} to ${folder}; Keystone no longer reads keystone.OLD.conf there`,
  );
  expect(stderr).toContain(`${conf} has another name, which keeps the previous content (hard links)`);
  expect(stderr).toContain(
    `warning: ${conf}:1: a byte here is not UTF-8; Keystone on Python 3 does not start`,
  );
  expect(await readFile(conf, 'latin1')).toContain('# Gr\u00fc\u00dfe\n');
});

test('a value of keystone.conf that is not UTF-8 is refused with its line', async () => {
  const conf = await confFile();
  const text = Buffer.from('[identity]\n[ldap]\nuser = cn=J\u00fcrg\n', 'latin1');
  await writeFile(conf, text);
  const { exitCode, stderr } = await configure(conf);
  expect({ exitCode, stderr: stderr.includes(`${conf}:3: a byte in this line is not UTF-8`) }).toEqual({
    exitCode: 2,
    stderr: true,
  });
  expect(await readFile(conf)).toEqual(text);
});

test('old files of domains that the edit would bring to life are refused with their lines, or reported', async () => {
  const conf = await confFile();
  const folder = join(dirname(conf), 'domains');
  const text = `[identity]\ndriver = sql\ndomain_config_dir = ${folder}\n`;
  await writeFile(conf, text);
  await mkdir(folder);
  const old = (name: string) => join(folder, `keystone.${name}.conf`);
  await writeFile(old('OLD'), '[identity]\ndriver = ldap\n[ldap]\nquery_scope = subb\n', { mode: 0o640 });
  await writeFile(old('OLD2'), '[identity]\ndriver = sql\n', { mode: 0o640 });
  for (const flags of [[], ['--dry-run']]) {
    const { exitCode, stderr } = await configure(conf, '--domain', 'CORP', ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nothing was written');
    expect(stderr).toContain(`${old('OLD')}:4: `);
    expect(stderr).toContain(`${old('OLD2')}:2`);
    expect(await readFile(conf, 'utf8')).toBe(text);
    expect(await readdir(folder)).toHaveLength(2);
  }
  await writeFile(old('OLD'), '[identity]\ndriver = ldap\n');
  await unlink(old('OLD2'));
  const { exitCode, stderr } = await configure(conf, '--domain', 'CORP');
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`warning: ${old('OLD')}: Keystone does not read this file yet`);
  // What is read already is no news.
  expect((await configure(conf, '--domain', 'CORP2')).stderr).not.toContain('does not read this file yet');
});

test('a second file of a domain in a folder below is refused', async () => {
  const conf = await confFile();
  const folder = join(dirname(conf), 'domains');
  await writeFile(
    conf,
    `[identity]\ndomain_specific_drivers_enabled = true\ndomain_config_dir = ${folder}\n`,
  );
  await mkdir(join(folder, 'saved'), { recursive: true });
  await writeFile(join(folder, 'saved', 'keystone.CORP.conf'), '[identity]\ndriver = ldap\n');
  const { exitCode, stderr } = await configure(conf, '--domain', 'CORP');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('saved/keystone.CORP.conf');
  expect(await readdir(folder)).toEqual(['saved']);
});
