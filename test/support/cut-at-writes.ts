import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { dnKey } from '../../src/directory/dn.ts';
import type { NewEntry } from '../../src/directory/entry.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from './add-entries.ts';
import { startCuttingRelay, type Cut, type CuttingRelay } from './cutting-relay.ts';
import { describeLive } from './describe-live.ts';
import { DisposableFolder } from './disposable-folder.ts';
import { readEntries } from './read-entries.ts';
import { runCli, type CliResult } from './run-cli.ts';
import { sortedValues } from './sorted-values.ts';

const SUFFIX = 'dc=example,dc=com';

const IDENTITIES = `
users:
  - { name: ann, email: ann@example.com, password_hash: '$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1' }
  - { name: bob, enabled: false }
  - { name: eve }
`;
const WITH_TENANTS = `${IDENTITIES}
tenants: [{ name: lab, members: [ann, eve] }]
roles: [{ name: Member }]
grants: [{ role: Member, user: ann, tenant: lab }]
`;
const WITH_GROUPS = `${IDENTITIES}
groups: [{ name: staff, members: [ann, eve] }]
`;

function identitiesOf(release: string): string {
  const { trees, layout } = findRelease(release);
  const identities = trees.group === undefined ? WITH_TENANTS : WITH_GROUPS;
  return layout.user.enabled.kind === 'always' ? identities.replace(', enabled: false', '') : identities;
}

/**
 * What a site had before us: entries of its own, and a group of our own name with a member of its own. No people: their
 * directory is refused to a Keystone of 2011.
 */
function siteOf(release: string): readonly NewEntry[] {
  const { trees } = findRelease(release);
  const unit = (ou: string): NewEntry => ({
    dn: `ou=${ou},${SUFFIX}`,
    attributes: { objectClass: ['organizationalUnit'], ou: [ou], description: ['of the site'] },
  });
  const device = (cn: string): NewEntry => ({
    dn: `cn=${cn},ou=Devices,${SUFFIX}`,
    attributes: { objectClass: ['device'], cn: [cn], description: ['of the site'] },
  });
  const staff: NewEntry = {
    dn: `cn=staff,ou=UserGroups,${SUFFIX}`,
    attributes: {
      objectClass: ['groupOfNames'],
      cn: ['staff'],
      member: [`cn=zoe,ou=Devices,${SUFFIX}`],
      description: ['of the site'],
    },
  };
  return [
    {
      dn: SUFFIX,
      attributes: { objectClass: ['organization', 'dcObject'], dc: ['example'], o: ['The site'] },
    },
    ...[unit('Devices'), device('zoe'), device('max'), unit('Users')],
    ...(trees.group === undefined ? [] : [unit('UserGroups'), staff]),
  ];
}

/** A command that is cut, and what went well before it. */
interface Case {
  readonly command: readonly string[];
  readonly before: readonly (readonly string[])[];
}

const APPLY = ['apply', '--yes', 'FILE'];
const APPLY_MORE = ['apply', '--yes', 'MORE'];
const UNDO = ['undo', '--yes'];
const RESET = ['reset', '--yes'];
const SERVICE = ['--service-account', `cn=keystone,${SUFFIX}`, '--service-password-file', 'PASSWORD'];
const INIT = ['init', '-r', 'RELEASE', ...SERVICE];
const SEED = ['seed', '-r', 'RELEASE', '--file', 'IDENTITIES'];

const INIT_CUT: Case = { command: INIT, before: [] };
const SEED_CUT: Case = { command: SEED, before: [INIT] };
const APPLY_CUT: Case = { command: APPLY, before: [] };
const UNDO_CUT: Case = { command: UNDO, before: [APPLY] };
const RESET_CUT: Case = { command: RESET, before: [INIT, SEED, APPLY_MORE] };

/** A server with the schema of a release, and what was in its directory before us. */
class Site implements AsyncDisposable {
  readonly server: Sandbox;
  readonly relay: CuttingRelay;
  readonly release: string;
  readonly #files: DisposableFolder;
  #state = new DisposableFolder();
  before: unknown;
  /** Whether nothing has to be cleaned up before the next cut. */
  isAsBefore = false;

  constructor(server: Sandbox, relay: CuttingRelay, release: string) {
    this.server = server;
    this.relay = relay;
    this.release = release;
    this.#files = new DisposableFolder();
    this.#files.write('PASSWORD', 'keystone-secret\n');
    this.#files.write('ADMIN', server.password.reveal());
    const identities = identitiesOf(release);
    this.#files.write('IDENTITIES.yaml', identities);
    for (const [name, text] of [
      ['FILE', identities],
      ['MORE', identities.replace('users:', 'users:\n  - { name: joe, email: joe@example.com }')],
    ] as const)
      this.#files.write(`${name}.yaml`, this.#declaration(text));
  }

  static async start(options: SandboxOptions, release: string, entries: readonly NewEntry[]): Promise<Site> {
    const server = await startSandbox(options);
    const site = new Site(server, await startCuttingRelay(server.ldapiUri, `${server.dir}/relay`), release);
    await addEntries(server, entries);
    site.before = await site.dump();
    return site;
  }

  #declaration(identities: string): string {
    return `release: '${this.release}'
server: { uri: '${this.relay.uri}', bind_dn: '${this.server.bindDn}', password_file: ADMIN, config: { uri: '${this.relay.uri}' } }
trees: { suffix: '${SUFFIX}' }
service_account: { dn: 'cn=keystone,${SUFFIX}', password_file: PASSWORD }
identities:${identities.replace(/^/gm, '  ')}`;
  }

  /** A state folder in which no run is. */
  forget(): void {
    this.#state[Symbol.dispose]();
    this.#state = new DisposableFolder();
  }

  async run(argv: readonly string[]): Promise<CliResult> {
    const files = ['PASSWORD', 'IDENTITIES.yaml', 'FILE.yaml', 'MORE.yaml'];
    const words = argv.map((word) => {
      if (word === 'RELEASE') return this.release;
      const file = files.find((name) => name === word || name === `${word}.yaml`);
      return file === undefined ? word : `${this.#files.path}/${file}`;
    });
    const { bindDn, password } = this.server;
    const { uri } = this.relay;
    const server = {
      KEYSTONE_LDAP_URI: uri,
      KEYSTONE_LDAP_CONFIG_URI: uri,
      KEYSTONE_LDAP_BIND_DN: bindDn,
      KEYSTONE_LDAP_PASSWORD: password.reveal(),
      KEYSTONE_LDAP_SUFFIX: SUFFIX,
    };
    const env = { KEYSTONE_LDAP_STATE_DIR: this.#state.path, ...(argv[0] !== 'apply' && server) };
    return await runCli(words, { env });
  }

  /** Leaves nothing but the schema of the release, which `undo` does not take away. */
  async loadSchema(): Promise<void> {
    await this.succeed(INIT);
    await this.succeed(UNDO);
    this.forget();
  }

  async succeed(argv: readonly string[]): Promise<void> {
    const { exitCode, stderr } = await this.run(argv);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  }

  /** All that is in the directory, and who may do what with it. */
  async dump(): Promise<unknown> {
    const data = await readEntries(this.server.ldapiUri, SUFFIX);
    const access = ['olcAccess', 'olcLimits'];
    return sorted({ ...data, ...(await readEntries(this.server.ldapiUri, DATABASE, access)) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state[Symbol.dispose]();
    this.#files[Symbol.dispose]();
    await this.relay[Symbol.asyncDispose]();
    await this.server.stop();
  }
}

const DATABASE = 'olcDatabase={1}mdb,cn=config';

function sorted(entries: Awaited<ReturnType<typeof readEntries>>): unknown {
  return Object.fromEntries(
    Object.entries(entries)
      .map(([dn, attributes]) => [dnKey(dn), sortedValues(attributes)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/**
 * What follows the cut; then all runs are undone and the directory is reset, and it is as it was before the first run. What
 * is cut after a write leaves the directory as what is cut before the next one, so that one of them is enough for each.
 */
const SEQUELS = { before: ['again', 'reset'], after: ['again', 'undo'] } as const;
type Sequel = (typeof SEQUELS)[Cut['side']][number];

async function undoAll(site: Site): Promise<string | undefined> {
  for (let times = 0; times < 12; times += 1) {
    const { exitCode, stderr } = await site.run(UNDO);
    if (stderr.includes('There is nothing to undo')) return undefined;
    if (exitCode !== 0) return `undo: ${stderr}`;
  }
  return 'undo has no end';
}

/** What is wrong after a cut and its sequel; nothing where all came back. */
async function faultAfter(site: Site, { command, before }: Case, cut: Cut, sequel: Sequel) {
  site.forget();
  site.relay.arm();
  for (const argv of before) await site.succeed(argv);
  site.relay.arm(cut);
  const { exitCode } = await site.run(command);
  site.relay.arm();
  if (exitCode === 0 && cut.side === 'before') return 'it was not cut';
  if (sequel === 'again') {
    const second = await site.run(command);
    if (second.exitCode !== 0 && !second.stderr.includes('There is nothing to undo'))
      return `again: ${second.stderr}`;
    site.relay.arm();
    const third = command === UNDO ? undefined : await site.run(command);
    if (third !== undefined && (third.exitCode !== 0 || site.relay.writes > 0))
      return `not converged: ${third.stdout}${third.stderr}`;
  }
  if (sequel === 'reset') {
    const reset = await site.run(RESET);
    if (reset.exitCode !== 0) return `reset: ${reset.stderr}`;
  }
  const stuck = await undoAll(site);
  if (stuck !== undefined) return stuck;
  const reset = await site.run(RESET);
  if (reset.exitCode !== 0) return `reset at last: ${reset.stderr}`;
  const after = await site.dump();
  return isDeepStrictEqual(after, site.before)
    ? undefined
    : `left or lost: ${difference(site.before, after)}`;
}

function difference(before: unknown, after: unknown): string {
  const [old, now] = [before, after] as Record<string, unknown>[];
  const keys = new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})]);
  return [...keys]
    .filter((key) => !isDeepStrictEqual(old?.[key], now?.[key]))
    .map((key) => `${key}: ${JSON.stringify(old?.[key])} -> ${JSON.stringify(now?.[key])}`)
    .join('\n');
}

/** The commands that are cut in a directory that is blank, and in one that has people and a group of its own. */
const PLACES = [
  { place: 'a blank directory', entries: () => [], cases: [INIT_CUT, APPLY_CUT, UNDO_CUT] },
  { place: 'a site', entries: siteOf, cases: [SEED_CUT, APPLY_CUT, RESET_CUT] },
] as const;

/** Cuts each command at each of its writes, before and after it, and lets every sequel follow. */
export function cutAtEveryWrite(release: string): void {
  describeLive(`a command that is cut off at any of its writes, in ${release}`, (slapd) => {
    const options = { slapd, tuning: { database: { olcDbNoSync: ['TRUE'] } } };

    test.for(PLACES)('leaves nothing stuck and nothing lost in $place', TIMEOUT, async (place) => {
      const start = async (one: Case): Promise<Site> => {
        const site = await Site.start(options, release, place.entries(release));
        if (one !== INIT_CUT) await site.loadSchema();
        return site;
      };
      const faults: string[] = [];
      let points = 0;
      for (const one of place.cases) {
        let site = await start(one);
        const writes = await countWrites(site, one);
        for (const cut of cutsOf(writes)) {
          points += 1;
          for (const sequel of SEQUELS[cut.side]) {
            if (!site.isAsBefore) {
              await site[Symbol.asyncDispose]();
              site = await start(one);
            }
            const fault = await faultAfter(site, one, cut, sequel);
            // Schema stays in slapd, so that only the first init writes it.
            site.isAsBefore = fault === undefined && one !== INIT_CUT;
            const which = `${one.command[0]} cut ${cut.side} write ${cut.write} of ${writes}`;
            if (fault !== undefined) faults.push(`${which}, then ${sequel}: ${fault}`);
          }
        }
        await site[Symbol.asyncDispose]();
      }
      console.log(`${release}, ${place.place}: ${points} cut points, ${faults.length} stuck or lost`);
      expect(faults.join('\n\n')).toBe('');
      expect(points).toBeGreaterThan(MANY_POINTS);
    });
  });
}

const TIMEOUT = { timeout: 1_800_000 };
/** Fewer would say that the commands did not write what they should. */
const MANY_POINTS = 40;

async function countWrites(site: Site, { before, command }: Case): Promise<number> {
  site.forget();
  site.relay.arm();
  for (const argv of before) await site.succeed(argv);
  site.relay.arm();
  await site.succeed(command);
  return site.relay.writes;
}

function cutsOf(writes: number): readonly Cut[] {
  return Array.from({ length: writes }, (_, at) => at + 1).flatMap((write) => [
    { write, side: 'before' as const },
    { write, side: 'after' as const },
  ]);
}
