import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

test('a relative domain_config_dir is found', async () => {
  const { conf } = await keystoneFiles(() => 'domains');
  expect((await findings(conf)).map(({ code }) => code)).toContain('DOMAIN_DIR_RELATIVE');
});
