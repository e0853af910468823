import { withoutIndex } from './access-rule.ts';
import type { ValueEdit } from './change.ts';

/** The values of an ordered attribute, and what becomes of them. */
export interface Placement {
  readonly attribute: string;
  readonly present: readonly string[];
  readonly wanted: readonly string[];
  /** Whether a value, without its `{n}`, was put there by us. */
  readonly isOwn: (text: string) => boolean;
  /** Whether a value of others leaves the account to the values behind it. */
  readonly passes: (text: string) => boolean;
  readonly equal: (a: string, b: string) => boolean;
}

/**
 * What brings our values, in their order, in front of the first value of others that would have the last word for the
 * account; none where they stand so. Values of others keep their text and order.
 */
export function placeValues(placement: Placement): readonly ValueEdit[] {
  const { attribute, present, wanted, isOwn, passes } = placement;
  const own = present.filter((value) => isOwn(withoutIndex(value)));
  const others = present.filter((value) => !own.includes(value)).map(withoutIndex);
  const stop = others.findIndex((text) => !passes(text));
  const place = stop < 0 ? others.length : stop;
  if (isPlaced(placement, own, place)) return [];
  return [{ attribute, remove: own, add: wanted.map((text, index) => `{${place + index}}${text}`) }];
}

function isPlaced({ present, wanted, equal }: Placement, own: readonly string[], place: number): boolean {
  const [first] = own;
  if (first === undefined) return wanted.length === 0;
  const start = present.indexOf(first);
  return (
    own.length === wanted.length &&
    start <= place &&
    wanted.every((text, index) => equal(withoutIndex(present[start + index] ?? ''), text))
  );
}
