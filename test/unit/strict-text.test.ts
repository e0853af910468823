import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeystoneLdapError } from '../../src/errors.ts';
import { strictChunks, strictSecret, strictText } from '../../src/strict-text.ts';

const SEED = 1207;

const text = fc.string({ unit: fc.constantFrom('a', 'ü', '€', '😀', '\n', '\r\n', ' ', '\uFFFD') });

/** Bytes cut at random places. */
const cut = (bytes: Buffer): fc.Arbitrary<readonly Buffer[]> =>
  fc.array(fc.nat(bytes.length), { maxLength: 6 }).map((places) => {
    const ends = [...places, bytes.length].toSorted((a, b) => a - b);
    return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
  });

async function decoded(pieces: readonly Buffer[]): Promise<string> {
  let all = '';
  for await (const chunk of strictChunks(Readable.from(pieces), 'f')) all += chunk.toString('utf8');
  return all;
}

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe('text that is kept', () => {
  const encodings: readonly (readonly [string, (text: string) => Buffer])[] = [
    ['UTF-8', (plain) => Buffer.from(plain)],
    ['UTF-8 with a mark', (plain) => Buffer.from(`\uFEFF${plain}`)],
    ['UTF-16LE', (plain) => Buffer.from(`\uFEFF${plain}`, 'utf16le')],
    ['UTF-16BE', (plain) => Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16()],
  ];

  test.each(encodings)('%s, whole and in pieces', async (_, encode) => {
    const samples = text.chain((plain) => fc.tuple(fc.constant(plain), cut(encode(plain))));
    await fc.assert(
      fc.asyncProperty(samples, async ([plain, pieces]) => {
        expect(strictText(Buffer.concat(pieces), 'f')).toBe(plain);
        expect(await decoded(pieces)).toBe(plain);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('no piece begins or ends within a character', async () => {
    const bytes = Buffer.from('aü€😀'.repeat(20));
    await fc.assert(
      fc.asyncProperty(cut(bytes), async (pieces) => {
        for await (const chunk of strictChunks(Readable.from(pieces), 'f'))
          expect(chunk.toString('utf8')).not.toContain('\uFFFD');
      }),
      { seed: SEED },
    );
  });

  test('a password, to the last blank', () => {
    expect(strictSecret(Buffer.from(' grün \r\n'), 'f')).toBe(' grün \r\n');
  });
});

/** What no UTF-8 text holds, alone or between other bytes (RFC 3629). */
const NOT_UTF8 = [
  [0xff],
  [0xfc],
  [0x80],
  [0xc3],
  [0xe2, 0x82],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xf0, 0x9f, 0x98],
].map((bytes) => Buffer.from(bytes));

describe('a byte that is not UTF-8, wherever it stands, is named with its line and column', () => {
  const damaged = fc
    .tuple(text, fc.constantFrom(...NOT_UTF8), text)
    // Two bytes at the start that announce UTF-16 are another matter.
    .filter(([before]) => before !== '')
    .map(([before, bad, after]) => ({
      before,
      bytes: Buffer.concat([Buffer.from(before), bad, Buffer.from(after)]),
    }));

  const placeOf = (before: string) => {
    const lines = before.split('\n');
    return { file: 'f', line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  };

  test('in a text, whole and in pieces', async () => {
    const samples = damaged.chain(({ before, bytes }) => fc.tuple(fc.constant(before), cut(bytes)));
    await fc.assert(
      fc.asyncProperty(samples, async ([before, pieces]) => {
        const expected = { code: 'INPUT_INVALID', problems: [placeOf(before)] };
        expect(thrownBy(() => strictText(Buffer.concat(pieces), 'f'))).toMatchObject(expected);
        await expect(decoded(pieces)).rejects.toMatchObject(expected);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('in a password, of which nothing is shown', () => {
    fc.assert(
      fc.property(damaged, ({ before, bytes }) => {
        const error = thrownBy(() => strictSecret(bytes, 'f'));
        expect(error).toBeInstanceOf(KeystoneLdapError);
        const { message, problems, hint } = error as KeystoneLdapError;
        expect(problems).toEqual([
          { file: 'f', line: placeOf(before).line, message: 'a byte here is not UTF-8' },
        ]);
        expect(message + (hint ?? '')).not.toContain('0x');
      }),
      { seed: SEED },
    );
  });

  test.each([
    ['UTF-8', Buffer.from('\uFEFFsecret')],
    ['UTF-16', Buffer.from('\uFEFFsecret', 'utf16le')],
  ])('a password that a %s byte order mark stands before', (_, bytes) => {
    expect(() => strictSecret(bytes, 'f')).toThrow('The password in f is not plain UTF-8 text.');
  });

  test('UTF-16 that ends within a character', async () => {
    const bytes = Buffer.from('\uFEFFa\nb', 'utf16le').subarray(0, -1);
    expect(() => strictText(bytes, 'f')).toThrow('f is not UTF-8 text.');
    await expect(decoded([bytes])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
