import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childDn, dnKey, formatDn, parseDn } from '../../../src/directory/dn.ts';
import { isText, octetsOf, textOf } from '../../../src/directory/octets.ts';

const octets = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));

test('octets come back from what stands for them, also by way of JSON', () => {
  fc.assert(
    fc.property(octets, (bytes) => {
      expect(octetsOf(textOf(bytes))).toEqual(bytes);
      expect(octetsOf(JSON.parse(JSON.stringify(textOf(bytes))) as string)).toEqual(bytes);
    }),
  );
});

test('text stands for itself, a byte order mark and emoji included', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ufeffa', '😀', '')), (text) => {
      expect(textOf(Buffer.from(text))).toBe(text);
      expect(isText(text)).toBe(true);
    }),
  );
});

test('different octets never stand for the same', () => {
  fc.assert(
    fc.property(octets, octets, (a, b) => {
      expect(textOf(a) === textOf(b)).toBe(a.equals(b));
    }),
  );
});

test('an RDN of any octets has one DN, which reads back as them', () => {
  fc.assert(
    fc.property(octets, (bytes) => {
      const dn = childDn('cn', textOf(bytes), 'dc=x');
      expect(dn).toMatch(/^[^\u{DC80}-\u{DCFF}]*$/u);
      expect(octetsOf(parseDn(dn)[0]?.[0]?.value ?? '')).toEqual(bytes);
      expect(dnKey(formatDn(parseDn(dn)))).toBe(dnKey(dn));
    }),
  );
});
