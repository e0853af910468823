import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeystoneClient } from './keystone-client.ts';
import { login, type LoginAnswer, type LoginRequest } from './keystone-login.ts';
import { bootstrap, type KeystoneSetting } from './keystone-manage.ts';
import { serveKeystone, type KeystoneServer } from './keystone-server.ts';
import { copyTemplate, type Administrator, type KeystoneTemplate } from './keystone-template.ts';
import { overlayConf, placeIn } from './overlay-conf.ts';

export interface KeystoneOptions {
  readonly keystone: KeystoneTemplate;
  /** The configuration under test; what is in `conf` wins. Paths of database, keys and logs come after both. */
  readonly confFiles?: readonly string[];
  readonly conf?: string;
  /** Domains to create, each with the text of its `keystone.NAME.conf`, in a domain_config_dir of our own. */
  readonly domains?: Readonly<Record<string, string>>;
  /** Domains to create whose files are in the domain_config_dir that the configuration names. */
  readonly domainNames?: readonly string[];
  /**
   * A user of the LDAP default driver who becomes administrator. The one of {@link KeystoneTemplate} is in SQL, which
   * Keystone does not read then.
   */
  readonly administrator?: Administrator;
  readonly signal?: AbortSignal;
}

/** A Keystone of its own, which goes away with all it has written when it is disposed of. */
export interface RunningKeystone extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly dir: string;
  login(request: LoginRequest): Promise<LoginAnswer>;
  /** The API with a token of the administrator. */
  admin(): Promise<KeystoneClient>;
  /** Keystone's own log. */
  log(): string;
}

/**
 * Starts a Keystone: `await using keystone = await startKeystone({ … })`.
 * A Keystone reads its domain files once, at the first use of the identity driver, and skips those whose domain is not
 * there yet. So the domains are created by a second one, over the same database, while the first is still starting.
 */
export async function startKeystone(options: KeystoneOptions): Promise<RunningKeystone> {
  const dir = await copyTemplate(options.keystone);
  let server: KeystoneServer | undefined;
  const stop = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const setting = await configure(options, dir);
    const [started, prepared] = await Promise.allSettled([serveKeystone(setting), prepare(options, setting)]);
    if (started.status === 'fulfilled') server = started.value;
    for (const result of [started, prepared]) if (result.status === 'rejected') throw result.reason;
    if (server === undefined) throw new Error('Keystone has not started.');
    return running(server, options, { dir, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

function running(
  { url, pid }: KeystoneServer,
  { keystone, administrator = keystone.administrator }: KeystoneOptions,
  { dir, stop }: { readonly dir: string; readonly stop: () => Promise<void> },
): RunningKeystone {
  return {
    url,
    pid,
    dir,
    login: (request) => login(url, request),
    admin: () => clientOf(url, administrator),
    log: () => readFileSync(placeIn(dir).log, 'utf8'),
    [Symbol.asyncDispose]: stop,
  };
}

async function configure(options: KeystoneOptions, dir: string): Promise<KeystoneSetting> {
  const { keystone, confFiles = [], conf, domains, signal } = options;
  const files = [...confFiles];
  const write = async (path: string, text: string): Promise<string> => {
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  if (conf !== undefined) files.push(await write(join(dir, 'keystone.conf'), conf));
  const overlay = overlayConf(dir, { ownDomainDir: domains !== undefined });
  files.push(await write(join(dir, 'overlay.conf'), overlay));
  for (const [name, text] of Object.entries(domains ?? {}))
    await write(join(placeIn(dir).domainDir, `keystone.${name}.conf`), text);
  return { installation: keystone.installation, dir, confFiles: files, signal };
}

/** What must be in the database before the first use of the identity driver. */
async function prepare(options: KeystoneOptions, setting: KeystoneSetting): Promise<void> {
  const { administrator, domains = {}, domainNames = [], keystone } = options;
  const names = [...Object.keys(domains), ...domainNames];
  if (administrator !== undefined) await bootstrap(setting, administrator);
  if (names.length === 0) return;
  const overlay = join(setting.dir, 'overlay.conf');
  await using office = await serveKeystone({ ...setting, confFiles: [overlay] });
  const admin = await clientOf(office.url, keystone.administrator);
  for (const name of names) await admin.createDomain(name);
}

async function clientOf(url: string, administrator: Administrator): Promise<KeystoneClient> {
  const { status, token } = await login(url, { ...administrator, project: 'admin' });
  if (status !== 201) throw new Error(`Keystone refuses the administrator ${administrator.user}: ${status}`);
  return new KeystoneClient(url, token);
}
