import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  childDn,
  dnKey,
  equalDn,
  formatDn,
  isWithin,
  parentDn,
  parseDn,
  rdnOf,
} from '../../../src/directory/dn.ts';

const value = fc.string({ minLength: 1, unit: 'grapheme' });
const type = fc.constantFrom('cn', 'uid', 'ou', 'dc', '2.5.4.3');
const dn = fc.array(fc.array(fc.record({ type, value }), { minLength: 1, maxLength: 2 }), { maxLength: 5 });

describe('parse and format', () => {
  test('every DN survives its string form', () => {
    fc.assert(
      fc.property(dn, (rdns) => {
        expect(parseDn(formatDn(rdns))).toEqual(rdns);
      }),
    );
  });

  test.each([
    [
      'ou=Users,dc=example,dc=com',
      [
        ['ou', 'Users'],
        ['dc', 'example'],
        ['dc', 'com'],
      ],
    ],
    [
      'OU = Users , dc=example;dc=com',
      [
        ['OU', 'Users'],
        ['dc', 'example'],
        ['dc', 'com'],
      ],
    ],
    [
      'o=Acme\\, Inc.,c=US',
      [
        ['o', 'Acme, Inc.'],
        ['c', 'US'],
      ],
    ],
    [
      'o="Acme, Inc.",c=US',
      [
        ['o', 'Acme, Inc.'],
        ['c', 'US'],
      ],
    ],
    ['o=Lu\\C4\\8Di\\C4\\87', [['o', 'Lučić']]],
    ['cn=\\20lead\\ ', [['cn', ' lead ']]],
    ['cn=a=b', [['cn', 'a=b']]],
    ['1.3.6.1.4.1.1466.0=#04024869', [['1.3.6.1.4.1.1466.0', 'Hi']]],
  ])('%s', (text, expected) => {
    expect(parseDn(text).map(([ava]) => [ava?.type, ava?.value])).toEqual(expected);
  });

  test.each([
    ['Users', 'has no "="'],
    ['=x', '"" is no attribute type'],
    ['ou=a,', '"" has no "="'],
    ['ou=a\\', 'stands before nothing'],
    ['ou="a', 'does not end'],
    ['ou=a"b', 'must be written'],
    ['o=#zz', 'BER'],
  ])('%s is refused', (text, why) => {
    expect(() => parseDn(text)).toThrow(why);
  });
});

describe('meaning', () => {
  test.each([
    ['CN=Joe,OU=Users,DC=x', 'cn=joe, ou=users,dc=x', true],
    ['cn=Joe  Smith,dc=x', 'cn=joe smith,dc=x', true],
    ['cn=a\\,b,dc=x', 'cn=a\\2cb,dc=x', true],
    ['cn=a+uid=b,dc=x', 'uid=B+cn=A,dc=x', true],
    ['cn=joe,dc=x', 'cn=joe,dc=y', false],
    ['cn=joe,dc=x', 'no dn', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(equalDn(a, b)).toBe(same);
  });

  test('a key is its own key, and blanks around separators do not change it', () => {
    fc.assert(
      fc.property(dn, (rdns) => {
        const key = dnKey(rdns);
        expect(dnKey(key)).toBe(key);
        expect(dnKey(rdns.map((rdn) => ` ${formatDn([rdn])} `).join(','))).toBe(key);
      }),
    );
  });

  test('within, parent and child', () => {
    expect(isWithin('cn=a,ou=Groups,dc=X', 'OU=groups,dc=x')).toBe(true);
    expect(isWithin('ou=Groups,dc=x', 'ou=Groups,dc=x')).toBe(true);
    expect(isWithin('dc=x', 'ou=Groups,dc=x')).toBe(false);
    expect(isWithin('ou=OtherGroups,dc=x', 'ou=Groups,dc=x')).toBe(false);
    expect(parentDn('cn=a\\,b,dc=x')).toBe('dc=x');
    expect(parentDn('dc=x')).toBe('');
    expect(childDn('cn', 'ANOTHER:TENANT', 'ou=Groups')).toBe('cn=ANOTHER:TENANT,ou=Groups');
    expect(childDn('cn', ' a,b#', '')).toBe('cn=\\ a\\,b#');
    expect(rdnOf('uid=joe,dc=x')).toEqual({ type: 'uid', value: 'joe' });
  });
});
