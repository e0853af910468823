import { describe, expect, test } from 'vitest';
import { placeValues } from '../../../src/plan/access/place-values.ts';

/** Values of ours begin with a capital letter; those that pass, with a small one; the others have the last word. */
const place = (present: readonly string[], wanted: readonly string[]) => {
  const others = present.map((value) => value.replace(/^\{\d+\}/, '')).filter((text) => !/^[A-Z]/.test(text));
  const stop = others.indexOf('!');
  return placeValues({
    attribute: 'olcAccess',
    present,
    wanted: wanted.map((text) => ({ text, place: stop < 0 ? others.length : stop })),
    isOwn: (text) => /^[A-Z]/.test(text),
    passes: (text) => /^[a-z]/.test(text),
    equal: (a, b) => a === b,
  });
};

const edit = (remove: readonly string[], add: readonly string[]) => [{ attribute: 'olcAccess', remove, add }];

describe('placeValues', () => {
  test('puts each behind the values that are to stay in force', () => {
    const placed = placeValues({
      attribute: 'olcAccess',
      present: ['{0}A', '{1}?', '{2}!', '{3}B'],
      wanted: [
        { text: 'A', place: 1 },
        { text: 'B', place: 1 },
        { text: 'C', place: 2 },
      ],
      isOwn: (text) => /^[A-Z]/.test(text),
      passes: () => false,
      equal: (a, b) => a === b,
    });
    expect(placed).toEqual(edit(['{0}A', '{3}B'], ['{1}A', '{2}B', '{4}C']));
  });

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
    [
      ['{0}A', '{1}a', '{2}B', '{3}!'],
      ['A', 'B'],
    ],
  ])('leaves %j as it is where %j is wanted', (present, wanted) => {
    expect(place(present, wanted)).toEqual([]);
  });

  test.each([
    ['first of all', [], ['A', 'B'], [], ['{0}A', '{1}B']],
    ['in front of what stops', ['{0}a', '{1}!', '{2}b'], ['A', 'B'], [], ['{1}A', '{2}B']],
    ['at the end where nothing stops', ['{0}a', '{1}b'], ['A'], [], ['{2}A']],
    ['anew, where something stops before', ['{0}!', '{1}A'], ['A'], ['{1}A'], ['{0}A']],
    [
      'anew, where others that stop came between',
      ['{0}A', '{1}!', '{2}B'],
      ['A', 'B'],
      ['{0}A', '{2}B'],
      ['{0}A', '{1}B'],
    ],
    ['in their order', ['{0}B', '{1}A'], ['A', 'B'], ['{0}B', '{1}A'], ['{0}A', '{1}B']],
    ['in the place of old ones', ['{0}C', '{1}A', '{2}!'], ['A', 'B'], ['{0}C', '{1}A'], ['{0}A', '{1}B']],
    ['nowhere, if none is wanted', ['{0}a', '{1}A'], [], ['{1}A'], []],
  ])('puts ours %s', (_, present, wanted, remove, add) => {
    expect(place(present, wanted)).toEqual(edit(remove, add));
  });
});
