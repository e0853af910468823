import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { testNeeding } from '../../support/needs/needing.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';
import { runCli } from '../../support/run-cli.ts';

const GROUP = 65534;

/** A keystone.conf as packages install it, and the folder of domains. */
async function keystoneFiles(dir: (folder: string) => string = (folder) => join(folder, 'domains')) {
  const folder = DisposableFolder.ofTest().path;
  const [conf, domains] = [join(folder, 'keystone.conf'), join(folder, 'domains')];
  await chmod(folder, 0o755);
  await writeFile(
    conf,
    `[identity]\ndriver = sql\ndomain_specific_drivers_enabled = true\ndomain_config_dir = ${dir(folder)}\n`,
    { mode: 0o640 },
  );
  await mkdir(domains, { mode: 0o750 });
  const file = join(domains, 'keystone.CORP.conf');
  await writeFile(file, '[identity]\ndriver = ldap\n', { mode: 0o640 });
  return { conf, domains, file };
}

async function findings(
  conf: string,
): Promise<readonly { readonly code: string; readonly subject: string }[]> {
  const { stdout } = await runCli(['doctor', '--keystone-conf', conf, '--release', 'zed', '--json']);
  return (JSON.parse(stdout) as { readonly findings: readonly { code: string; subject: string }[] }).findings;
}

testNeeding(['root'], 'what root can read and Keystone cannot is found', async () => {
  const { conf, domains, file } = await keystoneFiles();
  await chown(conf, 0, GROUP);
  const unreadable = async () =>
    (await findings(conf))
      .filter(({ code }) => code === 'KEYSTONE_CANNOT_READ')
      .map(({ subject }) => subject);
  expect(await unreadable()).toEqual([domains]);
  await chown(domains, 0, GROUP);
  expect(await unreadable()).toEqual([file]);
  await chown(file, 0, GROUP);
  expect(await unreadable()).toEqual([]);
});

testNeeding(['root'], 'it is found by a relative path too, and by verify, users and login', async () => {
  const { conf, domains } = await keystoneFiles();
  await chown(conf, 0, GROUP);
  for (const path of [conf, relative(process.cwd(), conf)]) {
    expect((await findings(path)).map(({ code }) => code)).toContain('KEYSTONE_CANNOT_READ');
    const asked = ['--keystone-conf', path, '--release', 'zed'];
    const verdict = await runCli(['verify', ...asked, '--json']);
    expect(verdict.exitCode).toBe(1);
    const { findings: found } = JSON.parse(verdict.stdout) as { findings: readonly { subject: string }[] };
    expect(found).toContainEqual(expect.objectContaining({ code: 'KEYSTONE_CANNOT_READ', subject: domains }));
    for (const argv of [['users'], ['login', 'alice']])
      expect(
        (
          await runCli([...argv, ...asked, '--domain', 'CORP'], {
            env: { KEYSTONE_LDAP_LOGIN_PASSWORD: 'x' },
          })
        ).stderr,
      ).toContain(`warning: ${domains}: Keystone, which reads ${path} as the group of`);
  }
});

testNeeding(['root'], 'a file of root alone does not tell whom Keystone runs as', async () => {
  const { conf } = await keystoneFiles();
  await chown(conf, 0, 0);
  expect((await findings(conf)).map(({ code }) => code)).not.toContain('KEYSTONE_CANNOT_READ');
});

test('a relative domain_config_dir is found', async () => {
  const { conf } = await keystoneFiles(() => 'domains');
  expect((await findings(conf)).map(({ code }) => code)).toContain('DOMAIN_DIR_RELATIVE');
});
