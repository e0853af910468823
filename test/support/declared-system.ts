import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageFile } from '../../src/files.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { readEntries } from './read-entries.ts';
import { runCli, type CliResult } from './run-cli.ts';
import { DisposableFolder } from './disposable-folder.ts';

const CONFS: Readonly<Record<string, string>> = { '2011.3': '2011.3.conf', 'essex-3': 'essex-3.conf' };

/** A folder with a configuration file for a server, its keystone.conf and the password of the administrator. */
export class DeclaredSystem implements AsyncDisposable {
  readonly server: Sandbox;
  readonly folder: string;

  constructor(server: Sandbox, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  static async create(server: Sandbox, release: string): Promise<DeclaredSystem> {
    const folder = DisposableFolder.ofTest().path;
    await writeFile(join(folder, 'admin.pw'), server.password.reveal());
    const conf = CONFS[release] ?? 'modern.conf';
    await copyFile(packageFile(`fixtures/keystone-conf/${conf}`), join(folder, 'keystone.conf'));
    return new DeclaredSystem(server, folder);
  }

  get file(): string {
    return join(this.folder, 'keystone-ldap.yaml');
  }

  /** @param server how it is reached, as the rootdn unless told */
  async declare(release: string, identities: string, server = this.#asRootdn()): Promise<void> {
    const { suffix } = this.server;
    const text = `release: '${release}'
server: ${server}
trees: { suffix: '${suffix}' }
service_account:
  dn: cn=keystone,${suffix}
  generate_password_file: keystone.pw
keystone_conf: { path: keystone.conf }
identities:
${identities.replace(/^/gm, '  ')}
`;
    await writeFile(this.file, text);
  }

  #asRootdn(): string {
    const { uri, ldapiUri, bindDn } = this.server;
    return `{ uri: '${uri}', bind_dn: '${bindDn}', password_file: admin.pw, config: { uri: '${ldapiUri}' } }`;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), text);
  }

  run(...argv: readonly string[]): Promise<CliResult> {
    return runCli(argv);
  }

  /** Applies the file and expects that it goes well. */
  async apply(): Promise<CliResult> {
    const result = await this.run('apply', this.file, '--yes');
    if (result.exitCode !== 0) throw new Error(result.stderr);
    return result;
  }

  async dump(): Promise<unknown> {
    return {
      entries: await readEntries(this.server.ldapiUri, this.server.suffix),
      conf: await readFile(join(this.folder, 'keystone.conf'), 'utf8'),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server.stop();
  }
}
