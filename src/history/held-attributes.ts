import type { Entry, NewAttributes } from '../directory/entry.ts';
import { Secret } from '../secret.ts';

/** What an entry holds, as it would be written again: its passwords hidden, and without what the server sees to. */
export function heldAttributes({ attributes }: Entry): NewAttributes {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => !OPERATIONAL.has(name.toLowerCase()))
      .map(([name, values]) => [
        name,
        name.toLowerCase() === 'userpassword' ? values.map((value) => new Secret(value)) : values,
      ]),
  );
}

const OPERATIONAL = new Set(['entrycsn', 'createtimestamp']);
