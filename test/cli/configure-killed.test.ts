import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { compiledCli, type CompiledCli } from '../support/compiled-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli } from '../support/run-cli.ts';

const KILLER = pathToFileURL(fileURLToPath(new URL('../support/kill-at-file-operation.js', import.meta.url)));
const MOMENTS = ['before', 'middle', 'after'] as const;
/** More than a run ever has. */
const MOST_OPERATIONS = 100;

let cli: CompiledCli;

/** A folder with a keystone.conf, its state and, if there is one, the file of a domain. */
class Configured {
  readonly folder: string;
  readonly flags: readonly string[];

  constructor(folder: string, flags: readonly string[]) {
    this.folder = folder;
    this.flags = flags;
  }

  get #argv(): readonly string[] {
    const domain = this.flags.includes('--domain')
      ? ['--domain-config-dir', join(this.folder, 'domains')]
      : [];
    const conf = join(this.folder, 'keystone.conf');
    return ['configure', '--keystone-conf', conf, '--suffix', 'dc=x', ...this.flags, ...domain];
  }

  get #env() {
    return {
      KEYSTONE_LDAP_URI: 'ldap://ldap1',
      KEYSTONE_LDAP_BIND_DN: 'cn=k,dc=x',
      KEYSTONE_LDAP_PASSWORD: 'pw1',
      KEYSTONE_LDAP_STATE_DIR: join(this.folder, 'state'),
    };
  }

  async place(fixture: string): Promise<void> {
    for (const name of await readdir(this.folder)) await rm(join(this.folder, name), { recursive: true });
    await mkdir(join(this.folder, 'domains'));
    await copyFile(packageFile(`fixtures/keystone-conf/${fixture}.conf`), join(this.folder, 'keystone.conf'));
  }

  /** Whether the command was killed; it ends by itself if it has fewer operations. */
  killed(operation: number, moment: string): Promise<boolean> {
    const env = { ...this.#env, KILL_AT: String(operation), KILL_MOMENT: moment };
    const argv = ['--import', KILLER.href, cli.script, ...this.#argv];
    return new Promise((resolve) => {
      execFile(process.execPath, argv, { env }, (error) => resolve(error?.signal === 'SIGKILL'));
    });
  }

  configure() {
    return runCli(this.#argv, { env: this.#env });
  }

  async undoAll(): Promise<string> {
    for (;;) {
      const { exitCode, stderr } = await runCli(['undo', '--yes'], { env: this.#env });
      if (exitCode !== 0) return stderr;
    }
  }

  /** keystone.conf and the files of domains; nothing of what lies beside them. */
  async files(): Promise<Readonly<Record<string, string>>> {
    const found: Record<string, string> = {};
    for (const folder of [this.folder, join(this.folder, 'domains')])
      for (const name of await readdir(folder))
        if (name.endsWith('.conf')) found[name] = await readFile(join(folder, name), 'latin1');
    return found;
  }

  async temporaries(): Promise<readonly string[]> {
    const names = await readdir(this.folder, { recursive: true });
    return names.filter((name) => name.endsWith('.tmp'));
  }
}

describe('configure that is killed at any of its file operations', () => {
  beforeAll(async () => void (cli = await compiledCli()), 400_000);
  afterAll(async () => await cli[Symbol.asyncDispose]());

  test.for([
    ['2011.3', '2011.3', []],
    ['2012.1', 'modern', []],
    ['2013.2', 'modern', []],
    ['mitaka', 'modern', []],
    ['2026.1', 'modern', []],
    ['2026.1', 'modern', ['--domain', 'corp']],
  ] as const)(
    'for %s (%s.conf) %j leaves the old file or the new one, goes on, and can be undone',
    { timeout: 300_000 },
    async ([release, fixture, flags]) => {
      const site = new Configured(DisposableFolder.ofTest().path, ['--release', release, ...flags]);
      await site.place(fixture);
      const before = await site.files();
      expect(await site.configure()).toMatchObject({ exitCode: 0 });
      const after = await site.files();
      expect(after).not.toEqual(before);
      let kills = 0;
      for (const moment of MOMENTS)
        for (let operation = 1; operation < MOST_OPERATIONS; operation += 1) {
          await site.place(fixture);
          if (!(await site.killed(operation, moment))) break;
          kills += 1;
          const where = `${moment} operation ${operation}`;
          for (const [name, text] of Object.entries(await site.files()))
            expect([before[name], after[name]], `${where}: ${name}`).toContain(text);
          expect(await site.configure(), where).toMatchObject({ exitCode: 0 });
          expect(await site.files(), where).toEqual(after);
          expect(await site.temporaries(), where).toEqual([]);
          expect(await site.undoAll(), where).toContain('error: There is nothing to undo');
          expect(await site.files(), where).toEqual(before);
        }
      expect(kills).toBeGreaterThan(20);
    },
  );
});
