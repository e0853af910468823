import type { NewAttributes, NewEntry } from '../directory/entry.ts';
import type { Edit } from '../directory/session.ts';

/** slapd's 4 MiB for a message of an authenticated client (`olcSockbufMaxIncomingAuth`), with room for DN and controls. */
const MOST_BYTES = (4 * 1024 - 32) * 1024;
/** slapd takes about a millisecond for each value that is added to 100,000, and has to answer within the timeout. */
const MOST_VALUES = 2000;

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
  let [room, count] = [MOST_BYTES, MOST_VALUES];
  for (const edit of edits) {
    let left = edit.values;
    do {
      const [fitting, later] = edit.operation === 'replace' ? [left, []] : cut(left, room, count);
      if (fitting.length > 0 || edit.values.length === 0) portion.push({ ...edit, values: fitting });
      room -= sizeOf(fitting);
      count -= fitting.length;
      left = later;
      if (left.length === 0) break;
      yield portion;
      [portion, room, count] = [[], MOST_BYTES, MOST_VALUES];
    } while (left.length > 0);
  }
  if (portion.length > 0) yield portion;
}

type Values = NewAttributes[string];

function cut(values: Values, room: number, count = Infinity): readonly [Values, Values] {
  let size = 0;
  const end = values.findIndex((value, index) => (size += sizeOf([value])) > room || index >= count);
  return end < 0 ? [values, []] : [values.slice(0, end), values.slice(end)];
}

/** In BER (X.690): a tag, the length in a byte or more, the value. */
function sizeOf(values: Values): number {
  return values.reduce<number>((sum, value) => {
    // Secrets are short and few.
    const size = typeof value === 'string' ? Buffer.byteLength(value) : 0;
    return sum + size + (size < 128 ? 2 : 6);
  }, 0);
}
