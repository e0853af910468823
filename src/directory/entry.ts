import type { Secret } from '../secret.ts';

/**
 * Attribute names to values, as text or as `octets.ts` says for what is none; names keep the spelling of their source and
 * compare without case.
 */
export type Attributes = Readonly<Record<string, readonly string[]>>;

/** An entry as it was read from a server. */
export interface Entry {
  readonly dn: string;
  readonly attributes: Attributes;
}

/** Attribute names to values to be written; secrets are opened only on the wire. */
export type NewAttributes = Readonly<Record<string, readonly (string | Secret)[]>>;

/** An entry to be written. */
export interface NewEntry {
  readonly dn: string;
  readonly attributes: NewAttributes;
}

/** The values of an attribute, whatever the case of its name; none is an empty list. */
export function valuesOf(entry: Entry, attribute: string): readonly string[] {
  const direct = entry.attributes[attribute];
  if (direct !== undefined) return direct;
  const wanted = attribute.toLowerCase();
  const name = Object.keys(entry.attributes).find((key) => key.toLowerCase() === wanted);
  return name === undefined ? [] : (entry.attributes[name] ?? []);
}

/** Whether the entry is of an object class; class names compare without case. */
export function hasObjectClass(entry: Entry, objectClass: string): boolean {
  const wanted = objectClass.toLowerCase();
  return valuesOf(entry, 'objectClass').some((value) => value.toLowerCase() === wanted);
}
