import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { copyFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFile } from '../../src/files.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { compiledCli, type CompiledCli } from '../support/compiled-cli.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { runCli, runCliAsAdmin, type CliResult } from '../support/run-cli.ts';

/**
 * With KEYSTONE_LDAP_KILLS, every release is killed at every point. Without it the releases share the points, because
 * the operations are the same in all of them: each point comes once.
 */
const IS_SHARED = process.env['KEYSTONE_LDAP_KILLS'] === undefined;
const KILLER = pathToFileURL(packageFile('test/support/kill-at-file-operation.js')).href;
/** Of Keystone, which runs as another user than root. */
const GROUP = 65534;

let cli: CompiledCli;
let server: Sandbox;

interface Kill {
  readonly at: number;
  readonly moment: 'before' | 'middle' | 'after';
  readonly operation: string;
}

/** A file or folder: what it holds, and who may read it. */
interface Found {
  readonly mode: number;
  readonly owner: string;
  readonly text: string;
}

/** What is killed. */
type Command = 'configure' | 'undo';

type Files = Readonly<Record<string, Found>>;

/** A folder with keystone.conf, the files of domains and the state of keystone-ldap. */
class Site {
  readonly #root: string;
  readonly #case: Case;
  before: Files = {};
  after: Files = {};
  undone: Files = {};

  constructor(root: string, one: Case) {
    this.#root = root;
    this.#case = one;
  }

  get #folder(): string {
    return join(this.#root, 'etc');
  }

  get #argv(): readonly string[] {
    const { release, isDomain } = this.#case;
    const conf = join(this.#folder, 'keystone.conf');
    const argv = ['configure', '--release', release, '--keystone-conf', conf, '--suffix', 'dc=x'];
    const domains = join(this.#folder, 'domains/ldap');
    return isDomain ? [...argv, '--domain', 'corp', '--domain-config-dir', domains] : argv;
  }

  get #env() {
    return {
      // Nobody listens there, which "configure" says and does without.
      KEYSTONE_LDAP_URI: 'ldap://127.0.0.1:1',
      KEYSTONE_LDAP_BIND_DN: 'cn=k,dc=x',
      KEYSTONE_LDAP_PASSWORD: 'pw1',
      KEYSTONE_LDAP_STATE_DIR: join(this.#folder, 'state'),
    };
  }

  async place(): Promise<void> {
    await this.forget();
    await rm(this.#folder, { recursive: true, force: true });
    execFileSync('mkdir', ['-m', '755', this.#folder]);
    const conf = join(this.#folder, 'keystone.conf');
    await copyFile(packageFile(`fixtures/keystone-conf/${this.#case.fixture}.conf`), conf);
    if (process.geteuid?.() === 0) chownSync(conf, 0, GROUP);
    chmodSync(conf, 0o640);
  }

  /** So that the command has something to do: `undo` has a finished `configure` to take back. */
  async makeReady(command: Command): Promise<void> {
    await this.place();
    if (command === 'undo') expect(await this.configure()).toMatchObject({ exitCode: 0 });
  }

  /** Remembers all files as they are, to come back to. */
  keep(): void {
    execFileSync('cp', ['-a', this.#folder, join(this.#root, 'kept')]);
  }

  async comeBack(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    execFileSync('cp', ['-a', join(this.#root, 'kept'), this.#folder]);
  }

  async forget(): Promise<void> {
    await rm(join(this.#root, 'kept'), { recursive: true, force: true });
  }

  /** Runs the command as a process; the signal that ended it. */
  #spawn(
    command: Command,
    env: Readonly<Record<string, string>>,
  ): Promise<NodeJS.Signals | number | undefined> {
    const own = command === 'undo' ? ['undo', '--yes'] : this.#argv;
    const argv = ['--import', KILLER, cli.script, ...own];
    return new Promise((resolve) => {
      execFile(process.execPath, argv, { env: { ...process.env, ...this.#env, ...env } }, (error) =>
        resolve(error?.signal ?? (error?.code as number | undefined)),
      );
    });
  }

  /** What the command does to files, in its order. */
  async operations(command: Command): Promise<readonly string[]> {
    const log = join(this.#root, `operations of ${command}`);
    expect(await this.#spawn(command, { KILL_LOG: log })).toBe(undefined);
    return (await readFile(log, 'utf8')).trimEnd().split('\n');
  }

  async kill(command: Command, { at, moment }: Kill): Promise<void> {
    expect(await this.#spawn(command, { KILL_AT: String(at), KILL_MOMENT: moment })).toBe('SIGKILL');
  }

  configure(): Promise<CliResult> {
    return runCli(this.#argv, { env: this.#env });
  }

  history(): Promise<CliResult> {
    return runCli(['history'], { env: this.#env });
  }

  reset(): Promise<CliResult> {
    return runCliAsAdmin(server, ['reset', '--yes', '-b', server.suffix], { env: this.#env });
  }

  /** Takes back all runs; what the last "undo" answers, which finds none. */
  async undoAll(): Promise<string> {
    for (let times = 0; times < 4; times += 1) {
      const { exitCode, stderr } = await runCli(['undo', '--yes'], { env: this.#env });
      if (exitCode !== 0) return stderr;
    }
    return 'undo has no end';
  }

  async #below(part: (name: string) => boolean): Promise<Files> {
    const names = (await readdir(this.#folder, { recursive: true })).filter(part);
    const found = names.toSorted().map(async (name) => {
      const path = join(this.#folder, name);
      const status = await stat(path);
      const text = status.isDirectory() ? 'a folder' : await readFile(path, 'latin1');
      const { mode, uid, gid } = status;
      return [name, { mode: mode & 0o7777, owner: `${uid}:${gid}`, text }] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }

  /** keystone.conf, the files of domains and their folders. */
  configuration(): Promise<Files> {
    return this.#below((name) => /^(?:keystone\.conf|domains(?:\/ldap(?:\/[^.][^/]*\.conf)?)?)$/.test(name));
  }

  /** What a run keeps next to the files, and what one that was killed leaves there. */
  leftovers(): Promise<Files> {
    return this.#below((name) => /^(?!state\/).*\.(?:bak|tmp)$/.test(name));
  }

  /** What is there before the command, after it, and after it and its undo. */
  async learn(): Promise<void> {
    await this.place();
    this.before = await this.configuration();
    expect(await this.configure()).toMatchObject({ exitCode: 0 });
    this.after = await this.configuration();
    expect(this.after).not.toEqual(this.before);
    expect(await this.undoAll()).toContain(NOTHING);
    this.undone = await this.configuration();
    expect(this.undone).toMatchObject(this.before);
  }
}

const NOTHING = 'error: There is nothing to undo';

interface Case {
  readonly release: string;
  readonly fixture: '2011.3' | 'modern';
  readonly isDomain: boolean;
}

const PLAIN: readonly Case[] = ['2011.3', '2012.1', '2013.2', 'mitaka', '2026.1'].map((release) => ({
  release,
  fixture: release === '2011.3' ? '2011.3' : 'modern',
  isDomain: false,
}));
/** Keystone has had files of domains since 2013.2. */
const WITH_DOMAIN: readonly Case[] = PLAIN.slice(2).map((one) => ({ ...one, isDomain: true }));

/** Before each operation, in the middle of each write, and after the last: what is after one is before the next. */
function killsOf(operations: readonly string[]): readonly Kill[] {
  const kills = operations.flatMap((operation, index): readonly Kill[] => {
    const before = { at: index + 1, moment: 'before', operation } as const;
    return operation.endsWith('of a file') ? [before, { ...before, moment: 'middle' }] : [before];
  });
  const last = { at: operations.length, moment: 'after', operation: operations.at(-1) ?? '' } as const;
  return [...kills, last];
}

/** Does all tasks, one at a time at each site. */
async function inParallel<T>(
  all: readonly T[],
  sites: readonly Site[],
  task: (one: T, site: Site) => Promise<void>,
): Promise<void> {
  const left = [...all];
  await Promise.all(
    sites.map(async (site) => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await task(one, site);
    }),
  );
}

/** Kills the command at this point; expects that each file is whole, and that nobody else can read what is left over. */
async function killAt(site: Site, command: Command, kill: Kill): Promise<Files> {
  await site.makeReady(command);
  await site.kill(command, kill);
  const killed = await site.configuration();
  const whole = command === 'configure' ? [site.before, site.after] : [site.before, site.undone, site.after];
  for (const [name, found] of Object.entries(killed))
    expect(
      whole.map((files) => files[name]),
      'old or new',
    ).toContainEqual(found);
  expect(Object.keys(killed)).toEqual(expect.arrayContaining(Object.keys(site.before)));
  for (const [name, { mode }] of Object.entries(await site.leftovers()))
    expect(mode & 0o007, `what others may do with ${name}`).toBe(0);
  site.keep();
  return killed;
}

/** Lets the killed command be followed by itself, by undo and by reset; expects that nothing is lost. */
async function killAndRecover(site: Site, kill: Kill): Promise<void> {
  const killed = await killAt(site, 'configure', kill);
  expect(await site.configure(), 'again').toMatchObject({ exitCode: 0 });
  expect(await site.configuration(), 'again').toEqual(site.after);
  const whole = [...Object.values(site.before), ...Object.values(site.after)];
  expect(whole, 'backups, and nothing temporary').toEqual(
    expect.arrayContaining(Object.values(await site.leftovers())),
  );
  expect(await site.undoAll(), 'again, undo').toContain(NOTHING);
  expect(await site.configuration(), 'again, undo').toEqual(site.undone);

  await site.comeBack();
  expect(await site.history(), 'history').toMatchObject({ exitCode: 0 });
  expect(await site.undoAll(), 'undo').toContain(NOTHING);
  expect(site.undone, 'undo').toMatchObject(await site.configuration());
  expect(await site.configuration(), 'undo').toMatchObject(site.before);
  expect(whole, 'nothing temporary').toEqual(expect.arrayContaining(Object.values(await site.leftovers())));

  await site.comeBack();
  expect(await site.reset(), 'reset').toMatchObject({ exitCode: 0 });
  expect(await site.configuration(), 'reset').toEqual(killed);
  expect(await site.undoAll(), 'reset, undo').toContain(NOTHING);
  expect(await site.configuration(), 'reset, undo').toMatchObject(site.before);
  await site.forget();
}

/** Lets the killed undo be followed by itself and by the command; expects that nothing is lost. */
async function killUndoAndRecover(site: Site, kill: Kill): Promise<void> {
  await killAt(site, 'undo', kill);
  expect(await site.history(), 'history').toMatchObject({ exitCode: 0 });
  expect(await site.undoAll(), 'undo again').toContain(NOTHING);
  expect(await site.configuration(), 'undo again').toEqual(site.undone);
  const whole = [...Object.values(site.before), ...Object.values(site.after)];
  expect(whole, 'nothing temporary').toEqual(expect.arrayContaining(Object.values(await site.leftovers())));

  await site.comeBack();
  expect(await site.configure(), 'configure').toMatchObject({ exitCode: 0 });
  expect(await site.configuration(), 'configure').toEqual(site.after);
  expect(await site.undoAll(), 'configure, undo').toContain(NOTHING);
  expect(site.undone, 'configure, undo').toMatchObject(await site.configuration());
  expect(await site.configuration(), 'configure, undo').toMatchObject(site.before);
  await site.forget();
}

describeLive('configure that is killed at any of its file operations', (slapd) => {
  beforeAll(async () => {
    [cli, server] = await Promise.all([compiledCli(), startSandbox({ slapd })]);
  }, 400_000);
  afterAll(async () => {
    await server.stop();
    await cli[Symbol.asyncDispose]();
  });

  describe.each([
    ['', PLAIN],
    [' with a file of a domain', WITH_DOMAIN],
  ])('in one release of each generation%s', (_, cases) => {
    test.for(cases.map((one, index) => ({ ...one, index })))(
      '$release leaves the old file or the new one, goes on, and is undone',
      { timeout: 900_000 },
      async ({ index, ...one }) => {
        const [first, second] = [newSite(one), newSite(one)];
        for (const site of [first, second]) await site.learn();
        const faults: string[] = [];
        const counts: string[] = [];
        for (const [command, recover] of [
          ['configure', killAndRecover],
          ['undo', killUndoAndRecover],
        ] as const) {
          await first.makeReady(command);
          const operations = await first.operations(command);
          expect(operations.length).toBeGreaterThan(FEWEST[command]);
          const all = killsOf(operations);
          const kills = all.filter((_, at) => !IS_SHARED || at % cases.length === index);
          counts.push(`${command} at ${kills.length} of ${all.length} points`);
          await inParallel(kills, [first, second], async (kill, site) => {
            await recover(site, kill).catch((error: unknown) => {
              faults.push(
                `${command} ${kill.moment} ${kill.operation} (${kill.at} of ${operations.length}): ${String(error)}`,
              );
            });
          });
        }
        const what = one.isDomain ? `${one.release} --domain` : one.release;
        console.log(`${what}: killed ${counts.join(', ')}, ${faults.length} stuck or lost`);
        expect(faults.join('\n\n')).toBe('');
      },
    );
  });
});

/** A run has more operations; fewer would say that they are not seen. */
const FEWEST: Readonly<Record<Command, number>> = { configure: 12, undo: 4 };

function newSite(one: Case): Site {
  return new Site(DisposableFolder.ofTest().path, one);
}
