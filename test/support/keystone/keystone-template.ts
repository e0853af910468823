import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runToSuccess } from '../../../src/sandbox/run-command.ts';
import { createSandboxDir } from '../../../src/sandbox/sandbox-registry.ts';
import { randomPassword } from '../../../src/directory/ssha-password.ts';
import { PYTHON, type KeystoneInstallation } from './find-keystone.ts';
import { bootstrap, keystoneManage, type KeystoneSetting } from './keystone-manage.ts';
import { overlayConf, placeIn } from './overlay-conf.ts';

/** A folder with an empty database, the keys, and an administrator in SQL: six seconds' work to be copied. */
export interface KeystoneTemplate {
  readonly installation: KeystoneInstallation;
  readonly dir: string;
  readonly administrator: Administrator;
}

export interface Administrator {
  readonly user: string;
  readonly password: string;
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

/** What the content of a template depends on, besides Keystone itself. */
const SOURCES = ['keystone-template.ts', 'overlay-conf.ts'];

/** The template of this Keystone; it stays beside the sandboxes until the temporary folder is emptied. */
export async function ensureTemplate(installation: KeystoneInstallation): Promise<KeystoneTemplate> {
  const fresh = await createSandboxDir();
  try {
    const name = `keystone-${installation.version}-${await sourceDigest()}`;
    const dir = join(dirname(fresh), name);
    const kept = await readAdministrator(dir);
    if (kept !== undefined) return { installation, dir, administrator: kept };
    await build(installation, fresh);
    await rename(fresh, dir).catch(unlessMadeMeanwhile);
    const administrator = await readAdministrator(dir);
    if (administrator === undefined) throw new Error(`${dir} holds no template; remove it.`);
    return { installation, dir, administrator };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A new folder of the same content. */
export async function copyTemplate({ dir: template }: KeystoneTemplate): Promise<string> {
  const dir = await createSandboxDir();
  await cp(template, dir, { recursive: true });
  return dir;
}

async function sourceDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of SOURCES) hash.update(await readFile(new URL(name, import.meta.url)));
  return hash.digest('hex').slice(0, 12);
}

function unlessMadeMeanwhile(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}

async function readAdministrator(dir: string): Promise<Administrator | undefined> {
  const text = await readFile(administratorFile(dir), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Administrator);
}

function administratorFile(dir: string): string {
  return join(dir, 'administrator.json');
}

async function build(installation: KeystoneInstallation, dir: string): Promise<void> {
  const { emptyDir, logDir, domainDir, log } = placeIn(dir);
  for (const folder of [emptyDir, logDir, domainDir]) await mkdir(folder);
  const overlay = join(dir, 'overlay.conf');
  await writeFile(overlay, overlayConf(dir, { ownDomainDir: false }));
  const administrator = { user: 'admin', password: randomPassword().reveal() };
  const setting = { installation, dir, confFiles: [overlay] };
  await Promise.all([createDatabase(setting, administrator), createKeys(setting)]);
  await rm(log);
  await writeFile(administratorFile(dir), JSON.stringify(administrator), { mode: 0o600 });
}

async function createDatabase(setting: KeystoneSetting, administrator: Administrator): Promise<void> {
  await keystoneManage(setting, ['db_sync']);
  await runToSuccess(PYTHON, ['-c', USE_WAL, placeIn(setting.dir).database]);
  await bootstrap(setting, administrator);
}

async function createKeys(setting: KeystoneSetting): Promise<void> {
  await keystoneManage(setting, ['fernet_setup', ...AS_OURSELVES]);
  await keystoneManage(setting, ['credential_setup', ...AS_OURSELVES]);
}
