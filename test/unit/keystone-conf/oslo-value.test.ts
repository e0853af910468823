import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OSLO_CONFIG } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import { optionValue } from '../../../src/keystone-conf/document/option-value.ts';
import {
  readOsloValue,
  writeOsloList,
  writeOsloString,
  writeOsloValue,
} from '../../../src/keystone-conf/modern/oslo-value.ts';
import { setOption, setOptionText } from '../../../src/keystone-conf/document/set-option.ts';
import type { OptionType } from '../../../src/releases/option-history.ts';
import { arbitraryValue } from '../../support/arbitrary-value.ts';

describe('writing', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['a # b ; c', 'a # b ; c'],
    ['50%(x)s', '50%(x)s'],
    ['pa$$word$', 'pa$$$$word$$'],
    [' x', '" x"'],
    ['x\u00a0', '"x\u00a0"'],
    ['"x"', '""x""'],
    ["'x'", `"'x'"`],
    ['"', '"""'],
    ['"x', '"x'],
  ])('%j becomes %s', (value, text) => {
    expect(writeOsloString(value)).toEqual({ text });
  });

  test.each(['a\nb', 'a\rb', 'a\0', 'a\\$b', '\ud800', '\ufffd'])('%j is refused', (value) => {
    expect(writeOsloString(value)).toHaveProperty('fault');
  });

  test('lists, booleans and numbers', () => {
    expect(writeOsloList(['a', 'b c'])).toEqual({ text: 'a,b c' });
    expect(writeOsloList(['"a', 'b"'])).toEqual({ text: '""a,b""' });
    expect([writeOsloValue(true), writeOsloValue(-1), writeOsloValue([])]).toEqual([
      { text: 'true' },
      { text: '-1' },
      { text: '' },
    ]);
  });

  test.each(['', ' a', 'a,b'])('the item %j is refused', (item) => {
    expect(writeOsloList(['x', item])).toHaveProperty('fault');
  });
});

describe('reading', () => {
  test.each<[OptionType, string, unknown]>([
    ['boolean', 'Yes', true],
    ['boolean', 'OFF', false],
    ['integer', ' -1 ', -1],
    ['float', '.5', 0.5],
    ['float', 'nan', Number.NaN],
    ['float', '-Infinity', Number.NEGATIVE_INFINITY],
    ['list', ' a , b,, ', ['a', 'b']],
    ['list', '', []],
    ['string', 'a$$b$ $1 ${', 'a$b$ $1 ${'],
    ['string', 'a\\$b', 'a$b'],
  ])('as %s, %j is %j', (type, text, value) => {
    expect(readOsloValue(text, type)).toEqual({ value });
  });

  test.each<[OptionType, string, string]>([
    ['boolean', 'maybe', 'it is not true or false'],
    ['integer', '1.5', 'it is not an integer'],
    ['float', 'x', 'it is not a number'],
    ['string', '$user', 'it refers to another option'],
    ['string', '${ldap.user}', 'it refers to another option'],
  ])('as %s, %j is a fault', (type, text, fault) => {
    expect(readOsloValue(text, type)).toEqual({ fault });
  });

  test('limits', () => {
    expect(readOsloValue('all', 'string', { since: 'liberty', choices: ['one', 'sub'] })).toEqual({
      fault: 'it is not one of one, sub',
    });
    expect(readOsloValue('0', 'integer', { since: 'liberty', minimum: 1 })).toEqual({
      fault: 'it is less than 1',
    });
  });
});

test('whatever is written is read back', () => {
  const doc = setOption(parseConf(Buffer.from(''), undefined, OSLO_CONFIG), 'ldap', 'x', 'old');
  fc.assert(
    fc.property(arbitraryValue, (value) => {
      const written = writeOsloString(value);
      fc.pre('text' in written);
      const read = optionValue(setOptionText(doc, 'ldap', 'x', written.text), 'ldap', 'x');
      expect(readOsloValue(read ?? '', 'string')).toEqual({ value });
    }),
    { numRuns: 1000 },
  );
});
