import { childDn, equalDn, parentDn } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { hasResult } from '../directory/ldap-failure.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { WaveListener } from '../plan/apply/apply.ts';
import type { Change } from '../plan/change.ts';

/** The DN of the registry of a naming context. */
export function registryDn(suffix: string): string {
  return childDn('cn', 'keystone-ldap', suffix);
}

/** By this the registry differs from an entry of the same name that others made. */
const DESCRIPTION = 'Entries that keystone-ldap made, and may take away.';

/**
 * Lists in the directory itself what the tool owns: below the registry an entry for each run, and below that records, each
 * with the DNs of the entries that a wave added. They are of class `device`, which is in the core schema and which no
 * Keystone looks for. Keystone's own entries bear no mark.
 */
export class Registry implements WaveListener {
  readonly #session: Session;
  readonly #dn: string;
  readonly #runDn: string;
  readonly #isListed: (change: Change) => boolean;
  #begun = false;
  #records = 0;

  /** @param isListed which entries are to be listed, all that are added by default */
  constructor(
    session: Session,
    dn: string,
    runId: string,
    isListed: (change: Change) => boolean = () => true,
  ) {
    this.#session = session;
    this.#dn = dn;
    this.#runDn = childDn('cn', runId, dn);
    this.#isListed = isListed;
  }

  /** The run's entry is older than what the run adds. If even the suffix does not exist yet, it has to wait. */
  async ahead(wave: readonly Change[]): Promise<void> {
    if (this.#begun || this.#listed(wave).length === 0) return;
    if ((await this.#session.read(parentDn(this.#dn), ['1.1'])) === undefined) return;
    await this.#begin();
    this.#begun = true;
  }

  async behind(made: readonly Change[]): Promise<void> {
    if (!this.#begun) return;
    const dns = this.#listed(made);
    for (let at = 0; at < dns.length; at += MOST) {
      this.#records += 1;
      await this.#record(childDn('cn', `${this.#records}`, this.#runDn), dns.slice(at, at + MOST));
    }
  }

  #listed(wave: readonly Change[]): readonly string[] {
    return wave.filter((change) => change.kind === 'add-entry' && this.#isListed(change)).map(({ dn }) => dn);
  }

  async #begin(): Promise<void> {
    if (!(await this.#add(this.#dn, { description: [DESCRIPTION] }))) await this.#requireOurs();
    await this.#add(this.#runDn);
  }

  async #requireOurs(): Promise<void> {
    const found = await this.#session.read(this.#dn, ['description']);
    if (found === undefined || isRegistry(found)) return;
    throw new KeystoneLdapError(
      'NAME_TAKEN',
      `${this.#dn} exists and is not the registry of keystone-ldap.`,
      {
        hint: 'Rename or delete this entry; keystone-ldap lists there what it creates.',
      },
    );
  }

  async #record(dn: string, seeAlso: readonly string[]): Promise<void> {
    try {
      await this.#add(dn, { seeAlso });
    } catch (error) {
      if (!hasResult(error, NO_SUCH_OBJECT)) throw error;
      // Another run has cleared the run's entry away, which listed nothing yet.
      await this.#begin();
      await this.#add(dn, { seeAlso });
    }
  }

  /** @returns whether it did not exist before */
  async #add(dn: string, attributes: Readonly<Record<string, readonly string[]>> = {}): Promise<boolean> {
    try {
      await this.#session.add({ dn, attributes: { objectClass: ['device'], ...attributes } });
      return true;
    } catch (error) {
      if (!hasResult(error, ENTRY_ALREADY_EXISTS)) throw error;
      return false;
    }
  }
}

/** What counts of a wave for the registry. */
export interface AddedWave {
  readonly added: number;
  readonly addsSuffix: boolean;
}

export function addedIn(wave: readonly Change[], registry: string): AddedWave {
  const added = wave.filter(({ kind }) => kind === 'add-entry');
  return { added: added.length, addsSuffix: added.some(({ dn }) => equalDn(dn, parentDn(registry))) };
}

/** How many writes a {@link Registry} needs for these waves. */
export function countRegistryWrites(
  waves: Iterable<AddedWave>,
  { exists, suffixExists }: { readonly exists: boolean; readonly suffixExists: boolean },
): number {
  let [begun, canBegin, writes] = [false, suffixExists, 0];
  for (const { added, addsSuffix } of waves) {
    if (added > 0 && canBegin && !begun) [begun, writes] = [true, exists ? 1 : 2];
    if (begun) writes += Math.ceil(added / MOST);
    canBegin ||= addsSuffix;
  }
  return writes;
}

/** Whether the entry of this name is ours. */
export function isRegistry(entry: Entry): boolean {
  return valuesOf(entry, 'description').includes(DESCRIPTION);
}

/** Of values in one record; slapd reads and writes an entry as a whole. */
const MOST = 500;
const NO_SUCH_OBJECT = 32;
const ENTRY_ALREADY_EXISTS = 68;
