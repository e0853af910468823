import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToSuccess } from '../../../src/sandbox/run-command.ts';
import { createSandboxDir } from '../../../src/sandbox/sandbox-registry.ts';
import { randomPassword } from '../../../src/sandbox/ssha-password.ts';
import { PYTHON, type KeystoneInstallation } from './find-keystone.ts';
import { bootstrap, keystoneManage, type KeystoneSetting } from './keystone-manage.ts';
import { overlayConf, placeIn } from './overlay-conf.ts';

/** A folder with an empty database, the keys, and an administrator in SQL: six seconds' work to be copied. */
export interface KeystoneTemplate {
  readonly installation: KeystoneInstallation;
  readonly dir: string;
  readonly administrator: { readonly user: string; readonly password: string };
}

/**
 * SQLite in its default mode locks out Keystone 22 when it lists a domain with a driver of its own: it writes new public
 * ids while a query is still open.
 */
const USE_WAL = 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("PRAGMA journal_mode=WAL")';

const AS_OURSELVES = [
  '--keystone-user',
  String(process.geteuid?.() ?? 0),
  '--keystone-group',
  String(process.getegid?.() ?? 0),
];

export async function createTemplate(installation: KeystoneInstallation): Promise<KeystoneTemplate> {
  const dir = await createSandboxDir();
  try {
    const administrator = { user: 'admin', password: randomPassword().reveal() };
    await prepare(await settingIn(installation, dir), administrator);
    return { installation, dir, administrator };
  } catch (error) {
    await rm(dir, { recursive: true });
    throw error;
  }
}

/** A new folder of the same content. */
export async function copyTemplate({ dir: template }: KeystoneTemplate): Promise<string> {
  const dir = await createSandboxDir();
  await cp(template, dir, { recursive: true, filter: (path) => path !== placeIn(template).log });
  return dir;
}

async function settingIn(installation: KeystoneInstallation, dir: string): Promise<KeystoneSetting> {
  const { emptyDir, logDir, domainDir } = placeIn(dir);
  for (const folder of [emptyDir, logDir, domainDir]) await mkdir(folder);
  const overlay = join(dir, 'overlay.conf');
  await writeFile(overlay, overlayConf(dir, { ownDomainDir: false }));
  return { installation, dir, confFiles: [overlay] };
}

async function prepare(
  setting: KeystoneSetting,
  administrator: KeystoneTemplate['administrator'],
): Promise<void> {
  const database = async (): Promise<void> => {
    await keystoneManage(setting, ['db_sync']);
    await runToSuccess(PYTHON, ['-c', USE_WAL, placeIn(setting.dir).database]);
    await bootstrap(setting, administrator);
  };
  const keys = async (): Promise<void> => {
    await keystoneManage(setting, ['fernet_setup', ...AS_OURSELVES]);
    await keystoneManage(setting, ['credential_setup', ...AS_OURSELVES]);
  };
  await Promise.all([database(), keys()]);
}
