import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_ANSWER_BYTES,
  MAX_ANSWER_ELEMENTS,
  MAX_MESSAGE_BYTES,
  MessageCheck,
} from '../../../src/directory/message-check.ts';
import { element } from '../../support/start-flood.ts';

const id = (value: number): Buffer => Buffer.from([2, 1, value]);
const entry = (of: number, values: number, size = 0): Buffer => {
  const value = element(0x04, Buffer.alloc(size, 'a'));
  const list = element(0x31, ...Array.from({ length: values }, () => value));
  const attribute = element(0x30, element(0x04, Buffer.from('cn')), list);
  return element(0x30, id(of), element(0x64, element(0x04), element(0x30, attribute)));
};
const done = (of: number): Buffer =>
  element(0x30, id(of), element(0x65, Buffer.from([10, 1, 0]), element(0x04), element(0x04)));

/** What the check says of bytes in chunks of a size. */
function faultOf(bytes: Buffer, chunk = 65_536): string | undefined {
  const check = new MessageCheck();
  for (let at = 0; at < bytes.length; at += chunk) {
    const fault = check.faultIn(bytes.subarray(at, at + chunk));
    if (fault !== undefined) return fault.why;
  }
  return undefined;
}

describe('MessageCheck', () => {
  test('takes complete answers, however the bytes are cut', () => {
    const bytes = Buffer.concat([entry(1, 3, 200), entry(2, 1), done(1), entry(2, 40), done(2)]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length }), (chunk) => {
        expect(faultOf(bytes, chunk)).toBeUndefined();
      }),
      { seed: 4, numRuns: 50 },
    );
  });

  test('frees what a complete answer held', () => {
    const half = entry(1, 1, MAX_MESSAGE_BYTES - 100);
    expect(faultOf(Buffer.concat([half, done(1), half, done(1), half, done(1)]))).toBeUndefined();
    expect(faultOf(Buffer.concat([half, half, half]))).toBe(
      `the server sent an answer of more than ${MAX_ANSWER_BYTES} bytes`,
    );
  });

  test('refuses a message by its announced length', () => {
    const large = entry(1, 1, MAX_MESSAGE_BYTES);
    expect(faultOf(large.subarray(0, 100))).toBe(`the server announced a message of ${large.length} bytes`);
  });

  test.each([1, 7, 65_536])('refuses too many values in chunks of %i bytes', (chunk) => {
    const values = Buffer.concat(Array.from({ length: 50 }, () => entry(1, MAX_ANSWER_ELEMENTS / 49)));
    const bytes = chunk > 7 ? values : values.subarray(0, 100_000);
    const expected =
      chunk > 7 ? `the server sent an answer of more than ${MAX_ANSWER_ELEMENTS} values` : undefined;
    expect(faultOf(bytes, chunk)).toBe(expected);
  });
});
