import { comparable, isDnAttribute } from '../directory/comparable.ts';
import { parseDn } from '../directory/dn.ts';
import type { Entry, NewAttributes } from '../directory/entry.ts';
import { revealed } from '../secret.ts';
import { hashOf } from '../hash-of.ts';
import { passwordMark } from './password-mark.ts';

/**
 * SHA-256 over what an entry holds, the same for what was sent and for what the server gives back: names without case, in
 * order, values as a set, DNs by meaning, and the RDN's own values, which slapd adds where they are missing.
 */
export function entryDigest(dn: string, attributes: NewAttributes): string {
  const all: [name: string, values: string[]][] = [];
  for (const name in attributes) put(all, name, attributes[name] ?? []);
  for (const { type, value } of parseDn(dn)[0] ?? []) put(all, type, [value]);
  all.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const one of all) if (one[1].length > 1) one[1] = [...new Set(one[1])].sort();
  return hashOf('sha256', JSON.stringify(all));
}

/**
 * Attributes that lock an entry. Many servers keep them as operational ones, which come by their names only: without them
 * a locked user who is deleted would come back unlocked.
 */
export const LOCKS = ['nsAccountLock', 'pwdAccountLockedTime'] as const;

/** Whether the entry is what was made, also if somebody has locked it since. */
export function isAsMade({ dn, attributes }: Entry, sha256: string): boolean {
  const locks = LOCKS.map((name) => name.toLowerCase());
  const unlocked = Object.entries(attributes).filter(([name]) => !locks.includes(name.toLowerCase()));
  return [attributes, Object.fromEntries(unlocked)].some((some) => entryDigest(dn, some) === sha256);
}

function put(all: [name: string, values: string[]][], name: string, given: NewAttributes[string]): void {
  const key = name.toLowerCase();
  if (given.length === 0 || OPERATIONAL.has(key)) return;
  const values = given.map((value) => digestible(key, revealed(value)));
  const known = all.find(([other]) => other === key);
  if (known === undefined) all.push([key, values]);
  else known[1] = [...known[1], ...values];
}

function digestible(attribute: string, value: string): string {
  if (attribute === 'userpassword') return passwordMark(value);
  return isDnAttribute(attribute) ? comparable(attribute, value) : value;
}

/** What is read beside the entry itself. */
const OPERATIONAL = new Set(['entrycsn', 'createtimestamp', 'modifytimestamp', 'hassubordinates']);
