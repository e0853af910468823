import { dnKey, isWithin, parentDn, parseDn } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { allOf, equal, present } from '../directory/filter.ts';
import { inWindow } from '../directory/in-window.ts';
import { hasResult } from '../directory/ldap-failure.ts';
import type { Session } from '../directory/session.ts';
import type { WaveListener } from '../plan/apply/apply.ts';
import type { Change } from '../plan/change.ts';
import { isRegistry, registryDn } from './registry.ts';

/** A registry as it is in the directory. */
export interface RegistryContent {
  readonly dn: string;
  readonly runs: readonly Entry[];
  readonly records: readonly Entry[];
  /** Entries that others have put below it. */
  readonly foreign: readonly Entry[];
}

/** @returns `undefined` if there is none, or if the entry of this name is not ours */
export async function readRegistry(session: Session, dn: string): Promise<RegistryContent | undefined> {
  const root = await session.read(dn, ['description']);
  if (root === undefined || !isRegistry(root)) return undefined;
  const depth = parseDn(dn).length;
  const [runs, records, foreign]: [Entry[], Entry[], Entry[]] = [[], [], []];
  const attributes = ['objectClass', 'seeAlso', 'createTimestamp'];
  const request = { base: dn, scope: 'sub', filter: present('objectClass'), attributes } as const;
  for await (const entry of session.search(request)) {
    const isDevice = valuesOf(entry, 'objectClass').some((name) => name.toLowerCase() === 'device');
    const below = parseDn(entry.dn).length - depth;
    if (below === 0) continue;
    if (isDevice && below === 1) runs.push(entry);
    else if (isDevice && below === 2) records.push(entry);
    else foreign.push(entry);
  }
  return { dn, runs, records, foreign };
}

/** The registries that may list these entries: one lies below each suffix that was given to a run. */
export async function registriesAbove(
  session: Session,
  dns: readonly string[],
): Promise<readonly RegistryContent[]> {
  const suffixes = new Map<string, string>();
  for (const dn of dns) {
    // The entries themselves are many, and few have something below them.
    let above = parentDn(dn);
    while (above !== '' && !suffixes.has(dnKey(above))) {
      suffixes.set(dnKey(above), above);
      above = parentDn(above);
    }
  }
  const shallowest = Math.min(...dns.map((dn) => parseDn(dn).length));
  for (const dn of dns) if (parseDn(dn).length === shallowest) suffixes.set(dnKey(dn), dn);
  const found = await inWindow([...suffixes.values()], async (suffix) =>
    (await session.read(registryDn(suffix), ['1.1'])) === undefined
      ? undefined
      : await readRegistry(session, registryDn(suffix)),
  );
  return found.filter((one) => one !== undefined);
}

/** The registries below a suffix. */
export async function registriesBelow(session: Session, suffix: string): Promise<readonly RegistryContent[]> {
  const filter = allOf(equal('objectClass', 'device'), equal('cn', 'keystone-ldap'));
  const found: RegistryContent[] = [];
  const dns: string[] = [];
  for await (const { dn } of session.search({ base: suffix, scope: 'sub', filter, attributes: ['1.1'] }))
    dns.push(dn);
  for (const dn of dns) {
    const registry = await readRegistry(session, dn);
    if (registry !== undefined) found.push(registry);
  }
  return found;
}

/** The DNs that a registry lists, as they stand there. */
export function listedIn({ records }: RegistryContent): readonly string[] {
  return records.flatMap((record) => valuesOf(record, 'seeAlso'));
}

/** What takes DNs off the list: a record goes with its last one, a run's entry with its last record, the registry with its last run. */
export function planStrikes(
  { dn, runs, records, foreign }: RegistryContent,
  isStruck: (dn: string) => boolean,
): readonly Change[] {
  const strikes: Change[] = [];
  const parents = new Set<string>();
  const keep = (entry: string): void => {
    for (let above = parentDn(entry); isWithin(above, dn); above = parentDn(above)) parents.add(dnKey(above));
  };
  const strike = (entry: string): void =>
    void strikes.push({ kind: 'delete-entry', dn: entry, label: 'registry', attributes: {} });
  for (const entry of foreign) keep(entry.dn);
  for (const record of records) {
    const values = valuesOf(record, 'seeAlso');
    const remove = values.filter(isStruck);
    if (remove.length === values.length && !parents.has(dnKey(record.dn))) {
      strike(record.dn);
      continue;
    }
    keep(record.dn);
    const edits = [{ attribute: 'seeAlso', remove, add: [] }];
    if (remove.length > 0) strikes.push({ kind: 'modify-entry', dn: record.dn, label: 'registry', edits });
  }
  for (const run of runs)
    if (parents.has(dnKey(run.dn))) keep(run.dn);
    else strike(run.dn);
  if (!parents.has(dnKey(dn))) strike(dn);
  return strikes;
}

/**
 * Makes planned strikes once the entries are gone, but before what lies above the registry goes. What stops a run in between
 * leaves DNs of entries that are gone on the list; the next undo or reset strikes them.
 */
export class RegistryClearing implements WaveListener {
  readonly #session: Session;
  readonly #strikes: Change[];

  constructor(session: Session, strikes: readonly Change[]) {
    this.#session = session;
    this.#strikes = [...strikes];
  }

  async ahead(wave: readonly Change[]): Promise<void> {
    const isAbove = wave.some(
      ({ kind, dn }) => kind === 'delete-entry' && this.#strikes.some((strike) => isWithin(strike.dn, dn)),
    );
    if (isAbove) await this.finish();
  }

  /** Makes those that are left. */
  async finish(): Promise<void> {
    for (const strike of this.#strikes.splice(0))
      try {
        if (strike.kind === 'delete-entry') await this.#session.delete(strike.dn);
        else if (strike.kind === 'modify-entry')
          for (const { attribute, remove: values } of strike.edits)
            await this.#session.modify(strike.dn, [{ operation: 'delete', attribute, values }]);
      } catch (error) {
        // Another run has struck it, or lists more by now.
        if (!hasResult(error, NO_SUCH_OBJECT, NO_SUCH_ATTRIBUTE, HAS_CHILDREN)) throw error;
      }
  }
}

const NO_SUCH_ATTRIBUTE = 16;
const NO_SUCH_OBJECT = 32;
const HAS_CHILDREN = 66;
