import { createHash } from 'node:crypto';
import { comparable, isDnAttribute } from '../directory/comparable.ts';
import { parseDn } from '../directory/dn.ts';
import type { NewAttributes } from '../directory/entry.ts';
import { revealed } from '../secret.ts';
import { passwordMark } from './password-mark.ts';

/**
 * SHA-256 over what an entry holds, the same for what was sent and for what the server gives back: names without case, in
 * order, values as a set, DNs by meaning, and the RDN's own values, which slapd adds where they are missing.
 */
export function entryDigest(dn: string, attributes: NewAttributes): string {
  const all = new Map<string, Set<string>>();
  const put = (name: string, value: string): void => {
    const key = name.toLowerCase();
    const values = all.get(key) ?? new Set();
    all.set(key, values.add(digestible(key, value)));
  };
  for (const { type, value } of parseDn(dn)[0] ?? []) put(type, value);
  for (const [name, values] of Object.entries(attributes))
    for (const value of values) put(name, revealed(value));
  const sorted = [...all]
    .filter(([name]) => !OPERATIONAL.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => [name, [...values].sort()]);
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

function digestible(attribute: string, value: string): string {
  if (attribute === 'userpassword') return passwordMark(value);
  return isDnAttribute(attribute) ? comparable(attribute, value) : value;
}

/** What is read beside the entry itself. */
const OPERATIONAL = new Set(['entrycsn', 'createtimestamp', 'modifytimestamp', 'hassubordinates']);
