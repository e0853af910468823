import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldCase } from '../../../src/directory/dn.ts';
import { EntryTable } from '../../../src/plan/stream/entry-table.ts';
import { FoldHash } from '../../../src/plan/stream/fold-hash.ts';

test('texts have one hash exactly where LDAP takes them for one, as text and as bytes', () => {
  const hash = new FoldHash();
  const ofText = (value: string) => (hash.text(1, value), [hash.a, hash.b]);
  const ofBytes = (value: string) => {
    const bytes = Buffer.from(`<${value}>`);
    hash.bytes(1, bytes, 1, bytes.length - 1);
    return [hash.a, hash.b];
  };
  const words = fc.string({
    unit: fc.constantFrom('a', 'A', ' ', '\t', 'b', 'é', 'É', 'ﬁ', '7'),
    maxLength: 8,
  });
  fc.assert(
    fc.property(words, words, (one, other) => {
      expect(ofText(one)).toEqual(ofBytes(one));
      const isSame = JSON.stringify(ofText(one)) === JSON.stringify(ofText(other));
      expect(isSame).toBe(foldCase(one) === foldCase(other));
    }),
  );
});

test('a table tells what is there, what is not, and what was asked for before, also when it has grown', () => {
  const table = new EntryTable();
  const print = (at: number, content = at) => ({ keyA: at * 7919, keyB: at, contentA: content, contentB: 1 });
  for (let at = 0; at < 50_000; at += 1) table.observe(print(at));
  expect(table.claim(print(1))).toBe('same');
  expect(table.claim(print(2, 3))).toBe('different');
  for (let at = 50_000; at < 100_000; at += 1) expect(table.claim(print(at))).toBe('absent');
  expect([1, 2, 50_001].map((at) => table.claim(print(at)))).toEqual(Array(3).fill('claimed before'));
  expect(table.claim(print(49_999))).toBe('same');
});
