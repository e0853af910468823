import { expect, test } from 'vitest';
import { parseConf } from '../../../src/keystone-conf/document/document.ts';
import {
  hasSection,
  optionText,
  optionValue,
  optionValues,
  sectionNames,
} from '../../../src/keystone-conf/document/option-value.ts';

const doc = parseConf(
  Buffer.from(
    [
      '[DEFAULT]',
      'one = 1 ; a comment',
      'empty = ""',
      '[multi]',
      'plugin = first',
      "list = ['a', \t",
      '#  between',
      "    'b',",
      '',
      "    'c']  ",
      'plugin = second',
      '[DEFAULT]',
      'two = 2',
    ].join('\r\n'),
  ),
);

test('sections, each once', () => {
  expect(sectionNames(doc)).toEqual(['DEFAULT', 'multi']);
  expect([hasSection(doc, 'multi'), hasSection(doc, 'Multi')]).toEqual([true, false]);
});

test('all values of an option that may be given several times', () => {
  expect(optionValues(doc, 'multi', 'PLUGIN')).toEqual(['first', 'second']);
  expect(optionValues(doc, 'multi', 'none')).toEqual([]);
});

test.each([
  ['DEFAULT', 'one', '1', '1'],
  ['DEFAULT', 'two', '2', '2'],
  ['DEFAULT', 'empty', '', '""'],
  ['multi', 'plugin', 'second', 'second'],
  ['multi', 'list', "['a',\n'b',\n'c']", "['a', \t\n#  between\n    'b',\n\n    'c']"],
  ['multi', 'one', undefined, undefined],
  ['none', 'one', undefined, undefined],
])('[%s] %s as read and as written', (section, option, value, text) => {
  expect(optionValue(doc, section, option)).toBe(value);
  expect(optionText(doc, section, option)).toBe(text);
});
