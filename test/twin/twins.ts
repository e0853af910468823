import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSession, type Session } from '../../src/directory/session.ts';
import { KeystoneLdapError } from '../../src/errors.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { differences, type Answer, type Difference } from './answer.ts';
import { askLibrary } from './library-twin.ts';
import type { Judge } from './judge.ts';
import { startKeystoneTwin, type KeystoneTwin } from './keystone-twin.ts';
import { confOf, loginsOf, SUFFIX, type TwinCase, type TwinEntry } from './twin-case.ts';

/** The entries that are always there. */
const FRAME: readonly TwinEntry[] = [
  { dn: SUFFIX, attributes: { objectClass: ['domain'], dc: ['example'] } },
  ...[`ou=Users,${SUFFIX}`, `ou=Deep,ou=Users,${SUFFIX}`, `ou=People,${SUFFIX}`].map(unit),
  ...[`ou=UserGroups,${SUFFIX}`, `ou=Deep,ou=UserGroups,${SUFFIX}`].map(unit),
];

function unit(dn: string): TwinEntry {
  return { dn, attributes: { objectClass: ['organizationalUnit'], ou: [dn.slice(3, dn.indexOf(','))] } };
}

/** Attributes that no standard class has, for those who must say that they are enabled. */
const SCHEMA: TwinEntry = {
  dn: 'cn=twin,cn=schema,cn=config',
  attributes: {
    objectClass: ['olcSchemaConfig'],
    cn: ['twin'],
    olcAttributeTypes: [
      "( 1.3.6.1.4.1.4203.666.77.1 NAME 'enabled' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 1.3.6.1.4.1.4203.666.77.2 NAME 'accountLocked' EQUALITY booleanMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 SINGLE-VALUE )",
      "( 1.3.6.1.4.1.4203.666.77.3 NAME 'accountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
    ],
    olcObjectClasses: [
      "( 1.3.6.1.4.1.4203.666.77.4 NAME 'twinObject' AUXILIARY MAY ( enabled $ accountLocked $ accountControl $ cn $ sn $ uid $ mail $ ou $ description $ userPassword ) )",
    ],
  },
};

/** Keystone and this tool, before one directory. */
export class Twins implements AsyncDisposable {
  readonly #sandbox: Sandbox;
  readonly #session: Session;
  readonly #keystone: KeystoneTwin;
  readonly #release: string;
  #present: readonly string[] = [];

  private constructor(parts: {
    sandbox: Sandbox;
    session: Session;
    keystone: KeystoneTwin;
    release: string;
  }) {
    this.#sandbox = parts.sandbox;
    this.#session = parts.session;
    this.#keystone = parts.keystone;
    this.#release = parts.release;
  }

  static async start(slapd: SlapdInstallation, judge: Judge): Promise<Twins> {
    const sandbox = await startSandbox({ slapd });
    const session = await openSession({ uri: sandbox.ldapiUri, credentials: { kind: 'external' } });
    await session.add(SCHEMA);
    for (const entry of FRAME) await session.add(entry);
    return new Twins({ sandbox, session, keystone: startKeystoneTwin(judge), release: judge.version });
  }

  /** Where the two answer this case differently. */
  async compare(one: TwinCase): Promise<readonly Difference[]> {
    const { keystone, ours } = await this.ask(one);
    return differences(keystone, ours);
  }

  async ask(one: TwinCase): Promise<{ readonly keystone: Answer; readonly ours: Answer }> {
    await this.#fill(one.entries);
    const conf = confOf(one, { uri: this.#sandbox.uri, password: this.#sandbox.password.reveal() });
    const file = join(this.#sandbox.dir, 'twin.conf');
    await writeFile(file, conf);
    const logins = loginsOf(one);
    const [keystone, ours] = await Promise.all([
      this.#keystone.ask(file, logins),
      askLibrary(conf, logins, this.#release),
    ]);
    return { keystone, ours };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keystone[Symbol.asyncDispose]();
    await this.#session[Symbol.asyncDispose]();
    await this.#sandbox[Symbol.asyncDispose]();
  }

  /** Both see the same directory, so an entry that the server refuses is left out. */
  async #fill(entries: readonly TwinEntry[]): Promise<void> {
    await Promise.all(this.#present.map((dn) => this.#session.delete(dn)));
    const present: string[] = [];
    this.#present = present;
    for (const entry of entries)
      try {
        await this.#session.add(entry);
        present.push(entry.dn);
      } catch (error) {
        if (!(error instanceof KeystoneLdapError) || error.resultCode === undefined) throw error;
      }
  }
}
