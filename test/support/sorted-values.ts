import type { Attributes } from '../../src/directory/entry.ts';

/** Attributes with their values in order: to LDAP they are sets. */
export function sortedValues(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, values.toSorted()]));
}
