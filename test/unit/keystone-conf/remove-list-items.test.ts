import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePythonList } from '../../../src/keystone-conf/legacy/python-list.ts';
import { removeListItems } from '../../../src/keystone-conf/document/remove-list-items.ts';

function namesIn(text: string): readonly string[] | string {
  const list = parsePythonList(text);
  return 'items' in list ? list.items.map(({ value }) => value) : `${list.fault} @${list.offset}`;
}

describe('reading a list', () => {
  test.each<[string, readonly string[] | string]>([
    ["['a', 'b']", ['a', 'b']],
    ['[]', []],
    ['[ "a" , u\'b\',]', ['a', 'b']],
    ["\n  ['a'\n  , 'b']", ['a', 'b']],
    ["['a', # 'x',\n#'y'\n; 'z'\n  'b']", ['a', 'b']],
    ["['a', ; 'x'\n  'b']", ['a', 'b']],
    ["['a#b', 'c;d']", ['a#b', 'c;d']],
    ["'a', 'b'", 'A list starts with "[". @0'],
    ['', 'A list starts with "[". @0'],
    ["['a', 'b'", 'The list does not end with "]". @6'],
    ["['a' 'b']", 'There is no comma before this name. @5'],
    ["['a',, 'b']", 'Only names in quotes and commas may stand here. @5'],
    ["['a', b]", 'Only names in quotes and commas may stand here. @6'],
    ["['a\\'b']", 'Only names in quotes and commas may stand here. @1'],
    ["['a'] + ['b']", 'Only names in quotes and commas may stand here. @4'],
  ])('%j', (text, expected) => {
    expect(namesIn(text)).toEqual(expected);
  });
});

function without(text: string, ...gone: readonly string[]): string {
  const list = parsePythonList(text);
  if (!('items' in list)) throw new Error(list.fault);
  return removeListItems(text, list.items, ({ value }) => gone.includes(value));
}

describe('taking items out', () => {
  test.each<[string, string, readonly string[], string]>([
    ['the first', "['a', 'b', 'c']", ['a'], "['b', 'c']"],
    ['one in the middle', "['a', 'b', 'c']", ['b'], "['a', 'c']"],
    ['the last', "['a', 'b', 'c']", ['c'], "['a', 'b']"],
    ['the last before a comma', "['a', 'b', 'c',]", ['c'], "['a', 'b',]"],
    ['all', "['a', 'b']", ['a', 'b'], '[]'],
    ['one that is twice there', "['a', 'b', 'a']", ['a'], "['b']"],
    ['none', "['a',  'b' , ]", ['x'], "['a',  'b' , ]"],
    ['with its spacing', "[ 'a','b', \"c\"  ,'d' ]", ['b'], "[ 'a',\"c\"  ,'d' ]"],
    ['at the end of a line', "['a', 'b', \n   'c']", ['b'], "['a',\n   'c']"],
    ['at the start of a line', "['a',\n   'b', 'c']", ['b'], "['a',\n   'c']"],
    ['a whole line', "['a',\n   'b', 'c',\n   'd']", ['b', 'c'], "['a',\n   'd']"],
    ['the whole last line', "['a',\n   'b',\n   'c']", ['b', 'c'], "['a']"],
    ['the whole first line', "['a', 'b',\n   'c',\n   'd']", ['a', 'b'], "['c',\n   'd']"],
    ['the first two lines', "['a',\n   'b',\n   'c']", ['a', 'b'], "['c']"],
    ['one per line', "[\n  'a',\n  'b',\n  'c'\n]", ['a', 'c'], "[\n  'b'\n]"],
    ['one per line with a comma at the end', "[\n  'a',\n  'b',\n  'c',\n  ]", ['a', 'c'], "[\n  'b',\n  ]"],
    ['all of one per line', "[\n  'a',\n  'b',\n  ]", ['a', 'b'], '[\n  ]'],
    ['with commas in front', "['a'\n  , 'b'\n  , 'c']", ['b'], "['a'\n  , 'c']"],
    ['the comments stay', "['a', # A\n  'b', # B\n  'c'] # C", ['b', 'c'], "['a' # A\n  # B\n  ] # C"],
    ['a comment between the lines', "['a',\n# B\n  'b',\n  'c']", ['b'], "['a',\n# B\n  'c']"],
    ['a list that starts below', "\n    ['a', 'b',\n    'c']", ['a'], "\n    ['b',\n    'c']"],
  ])('%s', (_, text, gone, expected) => {
    expect(without(text, ...gone)).toBe(expected);
  });

  const separator = fc.constantFrom(
    ', ',
    ',',
    ' , ',
    ',\n  ',
    ' ,\n\t',
    '\n  ,',
    ', # c\n  ',
    ',\n# c\n  ',
    ',\n\n  ',
  );
  const layout = fc.record({
    items: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom("'", '"'), separator), {
      minLength: 1,
      maxLength: 7,
    }),
    open: fc.constantFrom('[', '[ ', '[\n  ', '\n  ['),
    close: fc.constantFrom(']', ' ]', '\n  ]', ',]', ', \n  ]', ' # c\n  ]'),
  });

  test('any layout: the others stay in order, further lines stay indented, and no blanks are left over', () => {
    fc.assert(
      fc.property(layout, fc.subarray(['a', 'b', 'c', 'd']), ({ items, open, close }, gone) => {
        const body = items.map(([name, quote, after], at) => {
          return `${quote}${name}${quote}${at === items.length - 1 ? '' : after}`;
        });
        const text = `${open}${body.join('')}${close}`;
        const result = without(text, ...gone);
        expect(namesIn(result)).toEqual(items.map(([name]) => name).filter((name) => !gone.includes(name)));
        for (const line of result.split('\n').slice(1)) expect(line).toMatch(/^(?:[ \t]+\S|#|$)/);
        expect(without(result, ...gone)).toBe(result);
      }),
      { numRuns: 2000 },
    );
  });
});
