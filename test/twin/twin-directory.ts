import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { KeystoneLdapError } from '../../src/errors.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { SUFFIX, type TwinEntry } from './twin-case.ts';

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

/** A server that holds the entries of one case at a time. */
export class TwinDirectory implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly #session: Session;
  #present: readonly string[] = [];

  private constructor(sandbox: Sandbox, session: Session) {
    this.sandbox = sandbox;
    this.#session = session;
  }

  static async start(options: SandboxOptions): Promise<TwinDirectory> {
    const sandbox = await startSandbox(options);
    const session = await openSession({ uri: sandbox.ldapiUri, credentials: { kind: 'external' } });
    await session.add(SCHEMA);
    for (const entry of FRAME) await session.add(entry);
    return new TwinDirectory(sandbox, session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
    await this.sandbox[Symbol.asyncDispose]();
  }

  /** Both see the same directory, so an entry that the server refuses is left out. */
  async fill(entries: readonly TwinEntry[]): Promise<void> {
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
