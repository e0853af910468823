import type { NewAttributes, NewEntry } from '../../directory/entry.ts';
import type { Edit } from '../../directory/session.ts';

/** slapd takes 4,194,303 bytes in a message of an authenticated client (`olcSockbufMaxIncomingAuth`); the rest is for what frames the values. */
const MOST_BYTES = 4_194_303 - 8192;
/**
 * slapd compares each value that is added with each that is there: some 2,000 more on 100,000 take it seconds, and many
 * more at once would take longer than a client waits for an answer.
 */
const MORE_BYTES = 100_000;

/**
 * An entry as one that fits into a message, and the modifications that add the values that did not. As much as can be
 * goes into the add.
 */
export function addInPortions({ dn, attributes }: NewEntry): {
  readonly entry: NewEntry;
  readonly rest: readonly (readonly Edit[])[];
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
  return { entry: { dn, attributes: first }, rest: [...addToMany(rest)] };
}

/** The same for an entry that has very many values. */
export function addToMany(edits: readonly Edit[]): Generator<readonly Edit[]> {
  return modifyInPortions(edits, MORE_BYTES);
}

/** Modifications that each fit into a message, in the order of the edits; mostly it is one. */
export function* modifyInPortions(
  edits: readonly Edit[],
  firstBytes = MOST_BYTES,
): Generator<readonly Edit[]> {
  let portion: Edit[] = [];
  let room = firstBytes;
  for (const edit of edits) {
    let left = edit.values;
    do {
      const [fitting, later] = edit.operation === 'replace' ? [left, []] : cut(left, room);
      if (fitting.length > 0 || edit.values.length === 0) portion.push({ ...edit, values: fitting });
      room -= sizeOf(fitting);
      left = later;
      if (left.length === 0) break;
      yield portion;
      [portion, room] = [[], MORE_BYTES];
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

/** In BER; secrets are short and few. */
function sizeOf(values: Values): number {
  return values.reduce<number>((sum, value) => {
    const length = typeof value === 'string' ? Buffer.byteLength(value) : 0;
    return sum + length + (length < 128 ? 2 : 6);
  }, 0);
}
