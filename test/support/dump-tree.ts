import { isWithin } from '../../src/directory/dn.ts';
import type { Attributes } from '../../src/directory/entry.ts';
import { registryDn } from '../../src/history/registry.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { readEntries } from './read-entries.ts';
import { sortedValues } from './sorted-values.ts';

/** The data but for the tool's own registry, in which each run has its name; values in order, for they are sets. */
export async function dumpTree({ ldapiUri, suffix }: RunningSlapd): Promise<Record<string, Attributes>> {
  const all = Object.entries(await readEntries(ldapiUri, suffix));
  const entries = all.filter(([dn]) => !isWithin(dn, registryDn(suffix)));
  return Object.fromEntries(entries.map(([dn, attributes]) => [dn, sortedValues(attributes)] as const));
}
