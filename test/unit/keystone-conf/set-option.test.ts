import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeystoneLdapError } from '../../../src/errors.ts';
import { formatConf, parseConf, type ConfDocument } from '../../../src/keystone-conf/document/document.ts';
import { optionText, optionValue } from '../../../src/keystone-conf/document/option-value.ts';
import { removeOption, setOption, setOptionText } from '../../../src/keystone-conf/document/set-option.ts';

const read = (text: string): ConfDocument => parseConf(Buffer.from(text, 'latin1'));
const write = (doc: ConfDocument): string => formatConf(doc).toString('latin1');

/** [name, before, after] of setting `key` in `[a]` to `new`. */
type Row = readonly [name: string, before: string, after: string];

describe('an option that is there', () => {
  test.each<Row>([
    ['spacing before the value stays', '[a]\nkey\t:  old\n', '[a]\nkey\t:  new\n'],
    ['no spacing stays none', '[a]\nkey=old\n', '[a]\nkey=new\n'],
    ['its own spelling stays', '[a]\nKEY = old\n', '[a]\nKEY = new\n'],
    ['an inline comment stays', '[a]\nkey = old  ; why\n', '[a]\nkey = new  ; why\n'],
    ['blanks at the end stay', '[a]\nkey = old \t\n', '[a]\nkey = new \t\n'],
    ['an empty value', '[a]\nkey =\n', '[a]\nkey = new\n'],
    ['an empty value without spacing', '[a]\nkey=\n', '[a]\nkey=new\n'],
    ['of duplicates the one that wins', '[a]\nkey = 1\nkey = 2\n', '[a]\nkey = 1\nkey = new\n'],
    [
      'also in another part of the section',
      '[a]\nkey = 1\n[b]\n[a]\nkey = 2\n',
      '[a]\nkey = 1\n[b]\n[a]\nkey = new\n',
    ],
    ['its further lines go', '[a]\nkey = 1\n  2\n  3\nx = y\n', '[a]\nkey = new\nx = y\n'],
    ['comments between them stay', '[a]\nkey = 1\n# c\n\n  2\n', '[a]\nkey = new\n# c\n\n'],
    [
      'its default beside it does not matter',
      '[a]\n#key = d\nx = y\nkey = 1\n',
      '[a]\n#key = d\nx = y\nkey = new\n',
    ],
    ['CRLF stays', '[a]\r\nkey = old\r\nx = y\r\n', '[a]\r\nkey = new\r\nx = y\r\n'],
    ['no line end at the end stays none', '[a]\r\nkey = 1\r\n  2', '[a]\r\nkey = new'],
    [
      'bytes elsewhere stay',
      '[a]\n# \xff\xa0\nkey = old\n\xfe = \xff\n',
      '[a]\n# \xff\xa0\nkey = new\n\xfe = \xff\n',
    ],
  ])('%s', (_, before, after) => {
    expect(write(setOption(read(before), 'a', 'key', 'new'))).toBe(after);
  });
});

describe('an option that is only there as a comment', () => {
  test.each<Row>([
    ['goes below it', '[a]\n#key = d\nx = y\n', '[a]\n#key = d\nkey = new\nx = y\n'],
    ['is written like it', '[a]\n# Key=d\n', '[a]\n# Key=d\nKey=new\n'],
    ['also with a semicolon and a colon', '[a]\n;key : d\n', '[a]\n;key : d\nkey : new\n'],
    [
      'below the last of several',
      '[a]\n#key = e.g.\n# text\n#key = d\nx = y\n',
      '[a]\n#key = e.g.\n# text\n#key = d\nkey = new\nx = y\n',
    ],
    ['not that of another section', '[b]\n#key = d\n[a]\nx = y\n', '[b]\n#key = d\n[a]\nx = y\nkey = new\n'],
    [
      'not that of a section that is a comment',
      '[a]\nx = y\n#[b]\n#key = d\n',
      '[a]\nx = y\nkey = new\n#[b]\n#key = d\n',
    ],
    [
      'not where prose only mentions it',
      '[a]\n# key and more = x\nx = y\n',
      '[a]\n# key and more = x\nx = y\nkey = new\n',
    ],
    [
      'not inside a value',
      "[a]\nx = ['1',\n#key = d\n  '2']\ny = z\n",
      "[a]\nx = ['1',\n#key = d\n  '2']\nkey = new\ny = z\n",
    ],
    [
      'in the part of the section that has it',
      '[a]\n#key = d\n[b]\n[a]\nx = y\n',
      '[a]\n#key = d\nkey = new\n[b]\n[a]\nx = y\n',
    ],
    ['with CRLF', '[a]\r\n#key =\r\nx = y\r\n', '[a]\r\n#key =\r\nkey = new\r\nx = y\r\n'],
    ['at the end of a file without a last line end', '[a]\n#key = d', '[a]\n#key = d\nkey = new'],
  ])('%s', (_, before, after) => {
    expect(write(setOption(read(before), 'a', 'key', 'new'))).toBe(after);
  });
});

describe('an option that is not there', () => {
  test.each<Row>([
    ['ends the section', '[a]\nx = y\n\n[b]\n', '[a]\nx = y\nkey = new\n\n[b]\n'],
    [
      'after a value of several lines',
      '[a]\nx =\n  1\n  2\n\n[b]\n',
      '[a]\nx =\n  1\n  2\nkey = new\n\n[b]\n',
    ],
    [
      'after defaults that are comments',
      '[a]\nx = y\n\n# About z\n#z = 1\n\n\n[b]\n',
      '[a]\nx = y\n\n# About z\n#z = 1\nkey = new\n\n\n[b]\n',
    ],
    [
      'before comments on the next section',
      '[a]\nx = y\n\n# About b\n[b]\n',
      '[a]\nx = y\nkey = new\n\n# About b\n[b]\n',
    ],
    ['also without a blank line', '[a]\nx = y\n# About b\n[b]\n', '[a]\nx = y\nkey = new\n# About b\n[b]\n'],
    [
      'after comments on the last option',
      '[a]\nx = y\n# so much for x\n\n[b]\n',
      '[a]\nx = y\n# so much for x\nkey = new\n\n[b]\n',
    ],
    ['in an empty section', '[a]\n\n[b]\n', '[a]\nkey = new\n\n[b]\n'],
    ['in a section of comments', '[a]\n# About a\n\n[b]\n', '[a]\n# About a\nkey = new\n\n[b]\n'],
    [
      'in the last part of the section',
      '[a]\nx = 1\n[b]\n[a]\ny = 2\n',
      '[a]\nx = 1\n[b]\n[a]\ny = 2\nkey = new\n',
    ],
    ['before blank lines at the end of the file', '[a]\nx = y\n\n\n', '[a]\nx = y\nkey = new\n\n\n'],
    ['at the end without a last line end', '[a]\r\nx = y', '[a]\r\nx = y\r\nkey = new'],
    ['with the line ends around it', '[b]\n[a]\r\nx = y\r\n[c]\n', '[b]\n[a]\r\nx = y\r\nkey = new\r\n[c]\n'],
    ['in a new section', '[b]\nx = y\n', '[b]\nx = y\n\n[a]\nkey = new\n'],
    ['in a new section after a blank line', '[b]\nx = y\n\n', '[b]\nx = y\n\n[a]\nkey = new\n'],
    ['in a new section, without a last line end', '[b]\r\nx = y', '[b]\r\nx = y\r\n\r\n[a]\r\nkey = new'],
    ['in a new section of an empty file', '', '[a]\nkey = new\n'],
  ])('%s', (_, before, after) => {
    expect(write(setOption(read(before), 'a', 'key', 'new'))).toBe(after);
  });
});

describe('values that cannot be written', () => {
  test.each([
    ['a line break', '[a]\n', 'x\ny = z'],
    ['a carriage return', '[a]\n', 'x\ry'],
    ['NUL', '[a]\n', 'x\0y'],
    ['blanks around it', '[a]\n', ' x'],
    ['a comment inside', '[a]\n', 'x ; y'],
    ['a comment behind that it would change', '[a]\nkey = old ; c\n', 'x;y'],
    ['an empty value in quotes', '[a]\n', '""'],
    ['a semicolon at the start of a line with CRLF', '[a]\r\nkey = old\r\n', ';x'],
  ])('%s', (_, text, value) => {
    const set = () => setOption(read(text), 'a', 'key', value);
    expect(set).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(set).toThrow(/^\[a\] key cannot be set to this value: /);
  });

  test.each([
    ['a', 'x = 1\ny'],
    ['a', '#key'],
    ['a', '[b]'],
    ['a]\nevil = 1\n[b', 'key'],
  ])('names that would say something else: [%j] %j', (section, option) => {
    expect(() => setOption(read('[a]\n'), section, option, 'new')).toThrow(KeystoneLdapError);
  });

  test.each(['1\n2', '1\n[b]', '1\n  2\nx = y', '1\n# c', ' 1', '1\r\n  2', '1\0'])('text %j', (text) => {
    expect(() => setOptionText(read('[a]\nkey = old\n'), 'a', 'key', text)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

test('a file that Keystone cannot read is not edited', () => {
  expect(() => setOption(read('x\n'), 'a', 'key', 'new')).toThrow(
    expect.objectContaining({ code: 'CONF_INVALID' }),
  );
});

describe('text of several lines', () => {
  test.each([
    [
      'lines keep their own ends',
      "[a]\nkey = ['1',\r\n  '2',\n  '3']\r\nx = y\n",
      "['0',\n  '2',\n  '3']",
      "[a]\nkey = ['0',\r\n  '2',\n  '3']\r\nx = y\n",
    ],
    [
      'the last line end may be missing',
      "[a]\nkey = ['1',\n  '2',\n  '3']",
      "['1',\n  '2']",
      "[a]\nkey = ['1',\n  '2']",
    ],
    ['blanks after it stay', "[a]\nkey = ['1',\n  '2'] \n", "['1',\n  '3']", "[a]\nkey = ['1',\n  '3'] \n"],
    ['a new option', '[a]\r\n', '1\n  2', '[a]\r\nkey = 1\r\n  2\r\n'],
  ])('%s', (_, before, text, after) => {
    expect(write(setOptionText(read(before), 'a', 'key', text))).toBe(after);
  });

  test('a value with bytes that are not UTF-8 is not replaced', () => {
    const doc = read("[a]\nkey = ['1', # \xff\n  '2']\n");
    expect(() => setOptionText(doc, 'a', 'key', "['1', # \ufffd\n  '3']")).toThrow(
      expect.objectContaining({ code: 'CONF_INVALID', problems: [expect.objectContaining({ line: 2 })] }),
    );
    expect(() => setOptionText(doc, 'a', 'key', "['3', # \ufffd\n  '2']")).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

describe('removing', () => {
  test.each<Row>([
    ['every occurrence', '[a]\nkey = 1\nx = y\nKey = 2\n', '[a]\nx = y\n'],
    ['all lines of it, but no comment', '[a]\nkey = 1\n# c\n  2\nx = y\n', '[a]\n# c\nx = y\n'],
    ['the last line of a file without a last line end', '[a]\r\nx = y\r\nkey = 1', '[a]\r\nx = y'],
    ['nothing', '[a]\nx = y\n[b]\nkey = 1\n', '[a]\nx = y\n[b]\nkey = 1\n'],
  ])('%s', (_, before, after) => {
    expect(write(removeOption(read(before), 'a', 'key'))).toBe(after);
  });
});

const line = fc.constantFrom(
  ...[
    '[a]',
    '[b]',
    'key = 1',
    'KEY: 2 ; c',
    'x = y',
    'x =',
    '  more',
    '# c',
    '#key = d',
    '#[b]',
    '',
    ' ',
    'key=\xff',
  ],
);
const conf = fc
  .tuple(fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 }), fc.boolean())
  .map(([lines, closed]) => `[a]\n${lines.flat().join('')}${closed ? '' : 'end = 1'}`)
  .filter((text) => read(text).problems.length === 0);

describe('any file', () => {
  test('an option reads back, all other lines stay, and setting it again changes nothing', () => {
    fc.assert(
      fc.property(conf, fc.constantFrom('a', 'b', 'c'), (text, section) => {
        const before = read(text);
        const values = before.sections
          .filter(({ name }) => name === section)
          .flatMap(({ options }) => options)
          .filter(({ name }) => name.toLowerCase() === 'key')
          .map(({ line: at }) => before.lines[at]?.text ?? '');
        // The last one is replaced; what stays before it has to be read.
        if (values.slice(0, -1).some((value) => value.includes('\xff'))) {
          expect(() => setOption(before, section, 'key', 'new')).toThrow(
            expect.objectContaining({ code: 'CONF_INVALID' }),
          );
          return;
        }
        const after = setOption(before, section, 'key', 'new');
        expect(optionValue(after, section, 'key')).toBe('new');
        const old = before.sections.filter(({ name }) => name === section).flatMap(({ options }) => options);
        for (const { name } of old.filter((option) => option.name !== 'key'))
          expect(optionText(after, section, name)).toBe(optionText(before, section, name));
        expect(write(setOption(after, section, 'key', 'new'))).toBe(write(after));
      }),
      { numRuns: 500 },
    );
  });

  test('an option that was put into a section goes again without a trace', () => {
    fc.assert(
      fc.property(conf, (text) => {
        const after = setOption(read(text), 'a', 'fresh', 'new');
        expect(write(removeOption(after, 'a', 'fresh'))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
