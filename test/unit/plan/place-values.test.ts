import { describe, expect, test } from 'vitest';
import { placeValues } from '../../../src/plan/place-values.ts';

/** Values of ours begin with a capital letter; those that pass, with a small one; the others have the last word. */
const place = (present: readonly string[], wanted: readonly string[]) =>
  placeValues({
    attribute: 'olcAccess',
    present,
    wanted,
    isOwn: (text) => /^[A-Z]/.test(text),
    passes: (text) => /^[a-z]/.test(text),
    equal: (a, b) => a === b,
  });

const edit = (remove: readonly string[], add: readonly string[]) => [{ attribute: 'olcAccess', remove, add }];

describe('placeValues', () => {
  test.each([
    [[], []],
    [['{0}a', '{1}!'], []],
    [
      ['{0}A', '{1}B'],
      ['A', 'B'],
    ],
    [
      ['{0}a', '{1}A', '{2}B', '{3}!'],
      ['A', 'B'],
    ],
    [['{0}A', '{1}a', '{2}!'], ['A']],
  ])('leaves %j as it is where %j is wanted', (present, wanted) => {
    expect(place(present, wanted)).toEqual([]);
  });

  test.each([
    ['first of all', [], ['A', 'B'], [], ['{0}A', '{1}B']],
    ['in front of what stops', ['{0}a', '{1}!', '{2}b'], ['A', 'B'], [], ['{1}A', '{2}B']],
    ['at the end where nothing stops', ['{0}a', '{1}b'], ['A'], [], ['{2}A']],
    ['anew, where something stops before', ['{0}!', '{1}A'], ['A'], ['{1}A'], ['{0}A']],
    [
      'anew, where others came between',
      ['{0}A', '{1}a', '{2}B'],
      ['A', 'B'],
      ['{0}A', '{2}B'],
      ['{1}A', '{2}B'],
    ],
    ['in their order', ['{0}B', '{1}A'], ['A', 'B'], ['{0}B', '{1}A'], ['{0}A', '{1}B']],
    ['in the place of old ones', ['{0}C', '{1}A', '{2}!'], ['A', 'B'], ['{0}C', '{1}A'], ['{0}A', '{1}B']],
    ['nowhere, if none is wanted', ['{0}a', '{1}A'], [], ['{1}A'], []],
  ])('puts ours %s', (_, present, wanted, remove, add) => {
    expect(place(present, wanted)).toEqual(edit(remove, add));
  });
});
