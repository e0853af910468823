import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OSLO_CONFIG, PYTHON_2, type ConfDialect } from '../../../src/keystone-conf/document/conf-dialect.ts';
import { formatConf, parseConf } from '../../../src/keystone-conf/document/document.ts';
import { hasSection, optionValue, sectionNames } from '../../../src/keystone-conf/document/option-value.ts';

const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const piece = fc.constantFrom(
  ...['[', ']', 'key', 'KEY', '=', ':', ';', '#', ' ', '\t', '\n', '\r\n', '\n  ', '\r', '""', 'rem', '\0'],
  ...['é', '\xff', '\xa0', '\xef\xbb\xbf', '[a]\n', '[DEFAULT]\n', '\n#key = x\n', '%(x)s', '$x'],
);
const iniText = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

describe('every byte survives', () => {
  test.each<[string, fc.Arbitrary<Buffer>, ConfDialect]>([
    ['arbitrary bytes', anyBytes, PYTHON_2],
    ['text that looks like INI', iniText, PYTHON_2],
    ['text that looks like INI, as oslo.config reads it', iniText, OSLO_CONFIG],
  ])('%s', (_, arbitrary, dialect) => {
    fc.assert(
      fc.property(arbitrary, (bytes) => {
        expect(formatConf(parseConf(bytes, undefined, dialect)).equals(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** Sections and options with their winning values. */
function meaning(text: string, dialect?: ConfDialect): Record<string, Record<string, string>> {
  const doc = parseConf(Buffer.from(text, 'latin1'), undefined, dialect);
  const options = (section: string) =>
    doc.sections.filter(({ name }) => name === section).flatMap((block) => block.options);
  return Object.fromEntries(
    sectionNames(doc).map((section) => [
      section,
      Object.fromEntries(options(section).map(({ name }) => [name, optionValue(doc, section, name) ?? ''])),
    ]),
  );
}

// Each row is what Python 2.7.18's ConfigParser answered.
describe("what Python 2's ConfigParser reads", () => {
  test.each<[string, string, Record<string, Record<string, string>>]>([
    ['sign and blanks', '[a]\nx=1\ny : 2\nz\t=\t3 \n', { a: { x: '1', y: '2', z: '3' } }],
    ['the first sign separates', '[a]\nx = a:b=c\ny: a=b\n', { a: { x: 'a:b=c', y: 'a=b' } }],
    ['option names in any case, the last wins', '[a]\nKey = 1\nKEY = 2\n', { a: { key: '2' } }],
    ['section names as written', '[a]\nx = 1\n[A]\nx = 2\n', { a: { x: '1' }, A: { x: '2' } }],
    ['a section in two parts', '[a]\nx = 1\n[b]\n[a]\ny = 2\n', { a: { x: '1', y: '2' }, b: {} }],
    ['text after a header', '[a] rest ; of it\nx = 1\n', { a: { x: '1' } }],
    ['indented lines go on', '[a]\nx = 1\n  two\n\tthree \n', { a: { x: '1\ntwo\nthree' } }],
    ['a value that starts below', '[a]\nx =\n  one\n  two\n', { a: { x: '\none\ntwo' } }],
    ['gaps in a value', '[a]\nx = 1\n\n# c\n  two\n', { a: { x: '1\ntwo' } }],
    ['an indented # is no comment', '[a]\nx = 1\n  # two\n', { a: { x: '1\n# two' } }],
    ['an inline comment', '[a]\nx = 1 ; c\ny = 1 # c\n', { a: { x: '1', y: '1 # c' } }],
    ['only the first ; counts', '[a]\nx = v;a ; b\n', { a: { x: 'v;a ; b' } }],
    ['no inline comment further down', '[a]\nx = 1\n  2 ; c\n', { a: { x: '1\n2 ; c' } }],
    ['a value that starts with ;', '[a]\nx =;y\n', { a: { x: ';y' } }],
    ['the same with CRLF', '[a]\r\nx =;y\r\n', { a: { x: '' } }],
    ['quotes', '[a]\nx = ""\ny = "y"\n', { a: { x: '', y: '"y"' } }],
    ['rem comments', '[a]\nrem = 1\nREM x\nremy = 2\n', { a: { remy: '2' } }],
    ['CRLF and no last line end', '[a]\r\nx = 1\r\n  2\r\ny = 3', { a: { x: '1\n2', y: '3' } }],
    ['a lone CR ends no line', '[a]\nx = 1\ry = 2\n', { a: { x: '1\ry = 2' } }],
    ['bytes that are UTF-8', '[a]\nx = caf\xc3\xa9 \xc3\xa0\n', { a: { x: 'café à' } }],
    ['bytes that are not', '[a]\n# \xff\nx = 1 \n', { a: { x: '1' } }],
    ['a bracket without an end', '[a]\n[b = 1\n', { a: { '[b': '1' } }],
  ])('%s', (_, text, expected) => {
    expect(meaning(text)).toEqual(expected);
  });
});

describe('what oslo.config reads differently', () => {
  test.each<[string, string, Record<string, Record<string, string>>]>([
    ['option names in their case', '[a]\nKey = 1\nkey = 2\n', { a: { Key: '1', key: '2' } }],
    ['; inside a value', '[a]\nx = 1 ; c\n', { a: { x: '1 ; c' } }],
    [
      'quotes in pairs',
      '[a]\nx = "[i: %(u)s] "\ny = \'y\'\nz = "z\n',
      { a: { x: '[i: %(u)s] ', y: 'y', z: '"z' } },
    ],
    ['rem is an option', '[a]\nrem = 1\n', { a: { rem: '1' } }],
    ['indented lines go on', '[a]\nx = 1\n  2\n', { a: { x: '1\n2' } }],
  ])('%s', (_, text, expected) => {
    expect(meaning(text, OSLO_CONFIG)).toEqual(expected);
  });
});

describe('lines without a meaning', () => {
  const indented = 'This indented line continues no option.';
  const nothing = 'This line is neither a [section], nor "option = value", nor a comment.';
  const early = 'This line stands before the first [section].';

  test.each<[string, string, [number, string][], ConfDialect?]>([
    [
      'all are told',
      'x = 1\n[a]\nnothing\n  y\n= 2\n',
      [
        [1, early],
        [3, nothing],
        [4, indented],
        [5, nothing],
      ],
    ],
    ['a byte order mark', '\xef\xbb\xbf[a]\nx = 1\n', [[1, 'A byte order mark stands before the text.']]],
    ['a header ends a value', '[a]\nx = 1\n[b]\n  2\n', [[4, indented]]],
    ['a comment ends a value for oslo.config', '[a]\nx = 1\n# c\n  2\n', [[4, indented]], OSLO_CONFIG],
    ['a blank line does so too', '[a]\nx = 1\n\n  2\n', [[4, indented]], OSLO_CONFIG],
    ['a header with more to it, for oslo.config', '[a]\n[b] x = 1\n', [[2, nothing]], OSLO_CONFIG],
  ])('%s', (_, text, expected, dialect) => {
    const doc = parseConf(Buffer.from(text, 'latin1'), 'keystone.conf', dialect);
    expect(doc.problems).toEqual(
      expected.map(([line, message]) => ({ file: 'keystone.conf', line, message })),
    );
    expect(formatConf(doc).toString('latin1')).toBe(text);
  });

  test('only a reader who needs the meaning fails, with all of them', () => {
    const doc = parseConf(Buffer.from('secret words\n[a]\nmore secret words\n'), 'keystone.conf');
    expect(() => hasSection(doc, 'a')).toThrow(
      expect.objectContaining({
        code: 'CONF_INVALID',
        message: 'keystone.conf has 2 lines that Keystone cannot read.',
        problems: doc.problems,
      }),
    );
    expect(JSON.stringify(doc.problems)).not.toContain('secret');
  });
});
