import { childDn, dnKey, parentDn } from '../directory/dn.ts';
import { valuesOf } from '../directory/entry.ts';
import { equal } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { WaveListener } from '../plan/apply.ts';
import type { Change } from '../plan/change.ts';

/** The DN of the registry of a naming context. */
export function registryDn(suffix: string): string {
  return childDn('cn', 'keystone-ldap', suffix);
}

/**
 * What the tool owns, kept in the directory itself: below the registry an entry for each run, and below that records, each
 * with the DNs of the entries that a wave made. They are of class `device`, which is in the core schema and which no
 * Keystone looks for. Keystone's own entries bear no mark.
 */
export class Registry implements WaveListener {
  readonly #session: Session;
  readonly #dn: string;
  readonly #runDn: string;
  #begun = false;
  #records = 0;
  #index: Map<string, RecordedDn> | undefined;
  readonly #left = new Map<string, number>();

  constructor(session: Session, dn: string, runId: string) {
    this.#session = session;
    this.#dn = dn;
    this.#runDn = childDn('cn', runId, dn);
  }

  /** The run's entry is older than what the run makes. Where even the suffix is still to be made, it has to wait. */
  async ahead(wave: readonly Change[]): Promise<void> {
    if (this.#begun || wave.every(({ kind }) => kind !== 'add-entry')) return;
    if ((await this.#session.read(parentDn(this.#dn), ['1.1'])) === undefined) return;
    await this.#add(this.#dn, { description: ['Entries that keystone-ldap made, and may take away.'] });
    await this.#add(this.#runDn);
    this.#begun = true;
  }

  async behind(made: readonly Change[]): Promise<void> {
    const dnsOf = (kind: Change['kind']): string[] =>
      made.filter((change) => change.kind === kind).map(({ dn }) => dn);
    if (this.#begun) await this.#record(dnsOf('add-entry'));
    await this.#forget(dnsOf('delete-entry'));
  }

  async #record(dns: readonly string[]): Promise<void> {
    for (let at = 0; at < dns.length; at += MOST) {
      this.#records += 1;
      await this.#add(childDn('cn', `${this.#records}`, this.#runDn), { seeAlso: dns.slice(at, at + MOST) });
    }
  }

  async #forget(dns: readonly string[]): Promise<void> {
    if (dns.length === 0) return;
    this.#index ??= await this.#readIndex();
    const byRecord = new Map<string, string[]>();
    for (const dn of dns) {
      const listed = this.#index.get(dnKey(dn));
      if (listed === undefined) continue;
      this.#index.delete(dnKey(dn));
      byRecord.set(listed.record, [...(byRecord.get(listed.record) ?? []), listed.text]);
    }
    for (const [record, values] of byRecord) await this.#strike(record, values);
  }

  async #strike(record: string, values: readonly string[]): Promise<void> {
    const left = (this.#left.get(record) ?? 0) - values.length;
    this.#left.set(record, left);
    if (left > 0) {
      await this.#session.modify(record, [{ operation: 'delete', attribute: 'seeAlso', values }]);
      return;
    }
    await this.#session.delete(record);
    for (const dn of [parentDn(record), this.#dn])
      if (!(await this.#hasChildren(dn))) await this.#session.delete(dn);
  }

  async #hasChildren(dn: string): Promise<boolean> {
    const request = { base: dn, scope: 'one', filter: DEVICE, attributes: ['1.1'] } as const;
    return (await this.#session.search(request).next()).done !== true;
  }

  async #readIndex(): Promise<Map<string, RecordedDn>> {
    const index = new Map<string, RecordedDn>();
    const request = { base: this.#dn, scope: 'sub', filter: DEVICE, attributes: ['seeAlso'] } as const;
    for await (const entry of this.#session.search(request)) {
      const values = valuesOf(entry, 'seeAlso');
      this.#left.set(entry.dn, values.length);
      for (const text of values) index.set(dnKey(text), { record: entry.dn, text });
    }
    return index;
  }

  async #add(dn: string, attributes: Readonly<Record<string, readonly string[]>> = {}): Promise<void> {
    try {
      await this.#session.add({ dn, attributes: { objectClass: ['device'], ...attributes } });
    } catch (error) {
      if (!(error instanceof KeystoneLdapError) || error.resultCode !== ENTRY_ALREADY_EXISTS) throw error;
    }
  }
}

interface RecordedDn {
  readonly record: string;
  readonly text: string;
}

/** Of values in one record; slapd reads and writes an entry as a whole. */
const MOST = 500;
const ENTRY_ALREADY_EXISTS = 68;
export const DEVICE = equal('objectClass', 'device');
