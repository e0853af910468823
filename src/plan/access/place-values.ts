import { withoutIndex } from './access-rule.ts';
import type { ValueEdit } from '../change.ts';

/** The values of an ordered attribute, and what becomes of them. */
export interface Placement {
  readonly attribute: string;
  readonly present: readonly string[];
  /** Ours, in their order, each with how many values of others come before it. */
  readonly wanted: readonly { readonly text: string; readonly place: number }[];
  /** Whether a value, without its `{n}`, was put there by us. */
  readonly isOwn: (text: string) => boolean;
  /** Whether a value of others leaves the account to the values behind it. */
  readonly passes: (text: string) => boolean;
  readonly equal: (a: string, b: string) => boolean;
}

/**
 * What brings our values to their places among those of others, which keep their text and order; nothing if they are
 * there, or before it with only values between that leave the account to those behind.
 */
export function placeValues(placement: Placement): readonly ValueEdit[] {
  const { attribute, present, wanted, isOwn } = placement;
  const own = present.filter((value) => isOwn(withoutIndex(value)));
  if (isPlaced(placement, own)) return [];
  return [
    { attribute, remove: own, add: wanted.map(({ text, place }, index) => `{${place + index}}${text}`) },
  ];
}

function isPlaced({ present, wanted, passes, equal }: Placement, own: readonly string[]): boolean {
  const others = present.filter((value) => !own.includes(value)).map(withoutIndex);
  return (
    own.length === wanted.length &&
    wanted.every(({ text, place }, index) => {
      const value = own[index] ?? '';
      const before = present.indexOf(value) - index;
      return equal(withoutIndex(value), text) && before <= place && others.slice(before, place).every(passes);
    })
  );
}
