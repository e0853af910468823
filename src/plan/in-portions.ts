import type { NewAttributes, NewEntry } from '../directory/entry.ts';
import type { Edit } from '../directory/session.ts';

/** Below the 4 MB of slapd for a message of an authenticated client (`olcSockbufMaxIncomingAuth`), with room to spare. */
const MOST_BYTES = 3 * 1024 * 1024;
/** What BER adds to a value, at most. */
const OVERHEAD = 8;

/**
 * An entry as one that fits into a message, and the values still to be added to it. As much as can be goes into the add:
 * slapd compares each value that is added later with all that are there.
 */
export function addInPortions({ dn, attributes }: NewEntry): {
  readonly entry: NewEntry;
  readonly rest: readonly Edit[];
} {
  let room = MOST_BYTES;
  const first: Record<string, NewAttributes[string]> = {};
  const rest: Edit[] = [];
  for (const [attribute, values] of Object.entries(attributes)) {
    const [fitting, left] = cut(values, room);
    room -= sizeOf(fitting);
    first[attribute] = fitting;
    if (left.length > 0) rest.push({ operation: 'add', attribute, values: left });
  }
  return { entry: { dn, attributes: first }, rest };
}

/** Modifications that each fit into a message, in the order of the edits; mostly it is one. */
export function* modifyInPortions(edits: readonly Edit[]): Generator<readonly Edit[]> {
  let portion: Edit[] = [];
  let room = MOST_BYTES;
  for (const edit of edits) {
    let left = edit.values;
    do {
      const [fitting, later] = edit.operation === 'replace' ? [left, []] : cut(left, room);
      if (fitting.length > 0 || edit.values.length === 0) portion.push({ ...edit, values: fitting });
      room -= sizeOf(fitting);
      left = later;
      if (left.length === 0) break;
      yield portion;
      [portion, room] = [[], MOST_BYTES];
    } while (left.length > 0);
  }
  if (portion.length > 0) yield portion;
}

type Values = NewAttributes[string];

function cut(values: Values, room: number): readonly [Values, Values] {
  let size = 0;
  const end = values.findIndex((value) => (size += sizeOf([value])) > room);
  return end < 0 ? [values, []] : [values.slice(0, end), values.slice(end)];
}

/** Secrets are short and few. */
function sizeOf(values: Values): number {
  return values.reduce<number>(
    (sum, value) => sum + OVERHEAD + (typeof value === 'string' ? Buffer.byteLength(value) : 0),
    0,
  );
}
