import { expect, test } from 'vitest';
import { keptBySqlite, readByKeystone } from '../../../src/identities/check/number-like.ts';

// Each measured with SQLite 3.
test.each([
  ['42', '42'],
  ['0042', '42'],
  ['0', '0'],
  ['0000', '0'],
  ['-0', '0'],
  ['+5', '5'],
  ['4.0', '4'],
  ['4.5', '4.5'],
  ['1e3', '1000'],
  ['1E3', '1000'],
  ['.5', '0.5'],
  ['5.', '5'],
  [' 42 ', '42'],
  ['9223372036854775807', '9223372036854775807'],
  ['123e4567', 'Infinity'],
  ['0x10', undefined],
  ['1_0', undefined],
  ['1e', undefined],
  ['e5', undefined],
  ['-', undefined],
  ['', undefined],
  ['12345678-1234-4234-8234-123456789012', undefined],
  ['customer-x', undefined],
])('an INTEGER column keeps %j as %s', (text, kept) => {
  expect(keptBySqlite(text)).toBe(kept);
});

test('beyond 64 bits an INTEGER column keeps an approximation', () => {
  expect(keptBySqlite('9223372036854775808')).not.toBe('9223372036854775808');
  expect(keptBySqlite('12345678901234567890')).not.toBe('12345678901234567890');
});

test.each([
  ['0123', 'a number'],
  ['-5', 'a number'],
  [' 7', 'a number'],
  ['TRUE', 'a truth value'],
  ['FALSE', 'a truth value'],
  ['True', undefined],
  ['1.5', undefined],
  ['', undefined],
  ['a1', undefined],
])('Keystone reads the LDAP value %j as %s', (text, kind) => {
  expect(readByKeystone(text)).toBe(kind);
});
