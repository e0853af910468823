import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellWord } from '../../../src/shell-word.ts';

test.each([
  ['joeuser', 'joeuser'],
  ['http://swift.example.com/v1/AUTH_%tenant_id%', 'http://swift.example.com/v1/AUTH_%tenant_id%'],
  ['2015-02-05T00:00', '2015-02-05T00:00'],
  ['', "''"],
  ['example type', "'example type'"],
  ['A=b', "'A=b'"],
  ['~', "'~'"],
  ["it's", `'it'\\''s'`],
  ['$(rm -rf /)', "'$(rm -rf /)'"],
])('%j is written %s', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

test('a real shell reads back every text', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
      const script = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`;
      const output = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
      expect(output.split('\0').slice(0, -1)).toEqual(texts);
    }),
    { numRuns: 50 },
  );
});
