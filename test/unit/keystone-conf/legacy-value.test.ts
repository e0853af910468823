import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConf } from '../../../src/keystone-conf/document.ts';
import {
  readLegacyValue,
  writeLegacyValue,
  type Interpolation,
} from '../../../src/keystone-conf/legacy-value.ts';
import { optionValue } from '../../../src/keystone-conf/option-value.ts';
import { setOption } from '../../../src/keystone-conf/set-option.ts';

describe('writing', () => {
  test.each<[Interpolation, string, string]>([
    ['percent', 'ldapi://%2Frun%2Fldapi', 'ldapi://%2Frun%2Fldapi'],
    ['percent', '100%', '100%'],
    ['percent', '%%(', 'it contains "%(", which is always replaced'],
    ['percent', '%(x)s', 'it contains "%(", which is always replaced'],
    ['percent', 'a$b', 'a$b'],
    ['dollar', 'a$b$$', 'a$$b$$$$'],
    ['dollar', '%(x)s', '%(x)s'],
    ['percent', '', ''],
    ['percent', '#a"b\'c', '#a"b\'c'],
    ['percent', ';a', ';a'],
    ['percent', 'a;b ;c', 'a;b ;c'],
    ['percent', 'a ;b', 'it contains " ;", where the parser sees a comment'],
    ['dollar', 'a\t;b', 'it contains " ;", where the parser sees a comment'],
    ['percent', ' a', 'it starts or ends with a blank, which the parser drops'],
    ['percent', 'a\t', 'it starts or ends with a blank, which the parser drops'],
    ['percent', 'a\u00a0', 'a\u00a0'],
    ['percent', '""', 'it is "", which the parser reads as empty'],
    ['percent', '"a"', '"a"'],
    ['percent', 'a\nb', 'it holds a line break or NUL'],
    ['dollar', 'a\0', 'it holds a line break or NUL'],
  ])('%s: %j', (interpolation, value, expected) => {
    expect(Object.values(writeLegacyValue(value, interpolation))).toEqual([expected]);
  });
});

describe('reading', () => {
  test.each<[Interpolation, string, string]>([
    ['percent', 'a%b%%c$$', 'a%b%%c$$'],
    ['percent', 'fake://%(test_dir)s/x', 'refers to another option'],
    ['dollar', 'a$$b', 'a$b'],
    ['dollar', '$6$', '$6$'],
    ['dollar', '$$$$x', '$$x'],
    ['dollar', '$$$x', 'refers to another option'],
    ['dollar', '${state_path}/x', 'refers to another option'],
    ['dollar', '%(x)s', '%(x)s'],
  ])('%s: %j', (interpolation, written, expected) => {
    expect(Object.values(readLegacyValue(written, interpolation))).toEqual([expected]);
  });
});

test.each<Interpolation>(['percent', 'dollar'])('%s: what can be written reads back', (interpolation) => {
  const piece = fc.constantFrom(
    '%',
    '%(',
    '$',
    '{',
    '}',
    ';',
    ' ',
    '#',
    '"',
    "'",
    'a',
    'é',
    '[',
    ']',
    '=',
    ':',
    '6',
  );
  const value = fc.oneof(
    fc.string(),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(value, (meant) => {
      const written = writeLegacyValue(meant, interpolation);
      if ('fault' in written) return;
      const doc = setOption(parseConf(Buffer.from('[a]\n')), 'a', 'key', written.value);
      const read = readLegacyValue(optionValue(doc, 'a', 'key') ?? '', interpolation);
      expect(read).toEqual({ value: meant });
    }),
    { numRuns: 2000 },
  );
});
