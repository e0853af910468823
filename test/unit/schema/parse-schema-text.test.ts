import { describe, expect, test } from 'vitest';
import { elementsOf } from '../../../src/schema/definition.ts';
import { formatDefinition } from '../../../src/schema/format-definition.ts';
import { parseSchemaText } from '../../../src/schema/parse-schema-text.ts';
import { problemsOf } from './problems-of.ts';

const lines = (...all: readonly string[]): string => all.join('\n') + '\n';
const parse = (text: string) => parseSchemaText(text, '/tmp/my.schema');
const printed = (text: string) => elementsOf(parse(text)).map(formatDefinition);

const TENANT = "( 1.2.3.4 NAME 'tenant' SUP name SINGLE-VALUE )";

describe('what a definition means', () => {
  test('every clause of an attribute type', () => {
    const text = lines(
      '# attribute types',
      "attributetype ( 1.2.3 NAME ( 'a' 'alias' ) DESC 'it\\27s a \\5C' OBSOLETE SUP name",
      '    EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch',
      "    SYNTAX OMsDirectoryString{64} SINGLE-VALUE USAGE userApplications X-ORIGIN 'me' X-ORIGIN ( ) )",
    );
    expect(parse(text)).toEqual({
      name: 'my',
      syntaxes: [],
      objectClasses: [],
      contentRules: [],
      attributeTypes: [
        {
          element: 'attributeType',
          oid: '1.2.3',
          names: ['a', 'alias'],
          description: "it's a \\",
          obsolete: true,
          sup: 'name',
          equality: 'caseIgnoreMatch',
          ordering: 'caseIgnoreOrderingMatch',
          substr: 'caseIgnoreSubstringsMatch',
          syntax: '1.3.6.1.4.1.1466.115.121.1.15',
          syntaxLength: 64,
          singleValue: true,
          collective: false,
          noUserModification: false,
          usage: 'userApplications',
          extensions: [
            { keyword: 'X-ORIGIN', values: ['me'] },
            { keyword: 'X-ORIGIN', values: [] },
          ],
          source: { file: '/tmp/my.schema', line: 2 },
        },
      ],
    });
  });

  test('an object class, and what it has by default', () => {
    const text =
      "objectclass ( 1.2.3 NAME 'c' SUP ( top $ d ) AUXILIARY MUST cn MAY ( sn $ 2.5.4.13 ) )\nobjectclass (1.2.4)";
    expect(parse(text).objectClasses).toMatchObject([
      { names: ['c'], sup: ['top', 'd'], kind: 'AUXILIARY', must: ['cn'], may: ['sn', '2.5.4.13'] },
      { names: [], sup: [], kind: 'STRUCTURAL', must: [], may: [], obsolete: false, description: undefined },
    ]);
  });
});

describe('spellings of one definition', () => {
  test.each([
    ['plain', `attributetype ${TENANT}`],
    ['plural', `attributetypes ${TENANT}`],
    ['any case', `AttributeType ${TENANT}`],
    ['a stray colon', `attributetype: ${TENANT}`],
    ['a keyword that goes on, as slapd takes it', `attributeTypesOf ${TENANT}`],
    ['a keyword that is cut short', `attribute ${TENANT}`],
    ['text after the closing parenthesis', `attributetype ${TENANT} ) SINGLE-VALUE ( (`],
    [
      'comments after such text',
      lines(`attributetype ${TENANT} (`, '# a', '  its fold', '', `# ( b`, '  its fold )'),
    ],
    ['a backslash that takes the next line', lines('attributetype ( 1.2.3.4 \\', TENANT.slice(10))],
    ['a comment that takes the next line', lines('# a \\', 'objectclass b', `attributetype ${TENANT}`)],
    ['double quotes around words', `"attributetype" "${TENANT}"`],
    [
      'CRLF',
      lines('attributetype ( 1.2.3.4', "  NAME 'tenant' SUP name", '  SINGLE-VALUE )').replaceAll(
        '\n',
        '\r\n',
      ),
    ],
    ['tabs', lines('attributetype\t( 1.2.3.4', "\tNAME\t'tenant'", '\t\tSUP name SINGLE-VALUE )')],
    ['no blanks', "attributetype (1.2.3.4NAME'tenant'SUP name SINGLE-VALUE)"],
    [
      'another order, keywords in small letters',
      "attributetype ( 1.2.3.4 single-value sup name name 'tenant' )",
    ],
    [
      'a comment between folds',
      lines('attributetype ( 1.2.3.4', '# why', "  NAME 'tenant' SUP name", '  SINGLE-VALUE )'),
    ],
    [
      'an indented comment',
      lines('attributetype ( 1.2.3.4', '  # why', "  NAME 'tenant' SUP name", '  SINGLE-VALUE )'),
    ],
    [
      'two comments',
      lines('attributetype ( 1.2.3.4', '#', "#  NAME 'b'", "  NAME 'tenant' SUP name", '  SINGLE-VALUE )'),
    ],
    [
      'an empty line inside',
      lines('attributetype ( 1.2.3.4', '', "  NAME 'tenant' SUP name", '  ', '  SINGLE-VALUE )'),
    ],
    [
      'comments around',
      lines('# a', '  its fold ( 1.2', '', `attributetype ${TENANT}`, '# b', '  its fold', '#'),
    ],
    ['all after the keyword', lines('attributetype', "  ( 1.2.3.4 NAME 'tenant' SUP name SINGLE-VALUE )")],
    ['indented as a whole', `  attributetype ${TENANT}`],
    [
      'a macro',
      lines('objectidentifier base 1.2.3', "attributetype ( base:4 NAME 'tenant' SUP name SINGLE-VALUE )"),
    ],
    [
      'a macro made from macros',
      lines(
        'objectIdentifier a "1.2"',
        'objectidentifier\tb  a:3',
        '',
        'objectidentifier c',
        '  b:4',
        "attributetype ( c NAME 'tenant' SUP name SINGLE-VALUE )",
      ),
    ],
  ])('%s', (_, text) => {
    expect(printed(text)).toEqual([TENANT]);
  });

  test('a macro as a syntax, with a length', () => {
    const text = lines(
      'objectidentifier syntaxes 1.3.6',
      "attributetype ( 1.2 NAME 'a' SYNTAX syntaxes:15{12} )",
    );
    expect(parse(text).attributeTypes).toMatchObject([{ syntax: '1.3.6.15', syntaxLength: 12 }]);
  });

  test('macros that another file defined', () => {
    const macros = new Map([['base', '1.2.3']]);
    const text = "objectclass ( base:9 NAME 'c' )";
    expect(parseSchemaText(text, 'a.schema', macros).objectClasses[0]?.oid).toBe('1.2.3.9');
  });

  test('a description over several lines, with what looks like a comment', () => {
    const text = lines("attributetype ( 1.2 NAME 'a' DESC 'one", '\t  # two', "  three' SUP name )");
    expect(parse(text).attributeTypes[0]?.description).toBe('one   # two  three');
  });

  test('one name for an attribute type and an object class', () => {
    expect(printed(`attributetype ${TENANT}\nobjectclass ( 1.2.3.5 NAME 'tenant' )`)).toHaveLength(2);
  });
});

test('a syntax and a content rule', () => {
  const schema = parse(
    lines(
      "ldapsyntax ( 1.2.3.9 DESC 'mine' X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )",
      "ditcontentrule a rule ( 2.5.6.6 NAME 'r' AUX ( b $ c ) MUST d MAY ( ) NOT ( e ) ) and so on",
    ),
  );
  expect(elementsOf(schema).map(formatDefinition)).toEqual([
    "( 1.2.3.9 DESC 'mine' X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )",
    "( 2.5.6.6 NAME 'r' AUX ( b $ c ) MUST d NOT e )",
  ]);
});

describe('problems', () => {
  test.each([
    ["objectclass ( 1.2 NAME 'c' MUST cn MUST sn )", 1, 36, 'object class c: MUST is given twice.'],
    ["objectclass ( 1.2 NAME 'c'\n  MUST cn\n  MUST sn )", 3, 3, 'object class c: MUST is given twice.'],
    [
      "attributetype ( 1.2 NAME 'a' SUP name SINGLE-VALUE SINGLE-VALUE )",
      1,
      52,
      'SINGLE-VALUE is given twice',
    ],
    ["objectclass ( 1.2 NAME 'c' STRUCTURAL AUXILIARY )", 1, 39, 'it is STRUCTURAL and AUXILIARY at once'],
    ["objectclass ( 1.2 NAME 'c' NEED cn )", 1, 28, 'object class c: "NEED" is no keyword here'],
    ["objectclass ( 1.2 NAME 'c' SINGLE-VALUE )", 1, 28, '"SINGLE-VALUE" is no keyword here'],
    ["objectclass ( 1.2 NAME 'c' constructor )", 1, 28, '"constructor" is no keyword here'],
    [
      "objectclass ( 1.2 NAME 'c' MUST ( cn sn ) )",
      1,
      38,
      'MUST needs a name or OID, or a list ( a $ b ); "sn"',
    ],
    ["objectclass ( 1.2 NAME 'c' MAY ( cn $ ) )", 1, 39, 'MAY needs'],
    ["objectclass ( 1.2 NAME 'c' MAY ( 'cn' ) )", 1, 34, "'cn' in quotes does not fit here"],
    ['objectclass ( 1.2 NAME ( ) MAY cn )', 1, 19, 'NAME ( ) has no name'],
    ["objectclass ( 1.2 NAME 'c' x-origin 'me' )", 1, 28, '"x-origin" is no keyword here'],
    ["attributetype ( 1.2 NAME 'a' SUP 'name' )", 1, 34, "'name' in quotes does not fit here"],
    ["attributetype ( 1.2 NAME 'a' SUP name USAGE dSAOperation )", 1, undefined, 'it is operational'],
    ["attributetype ( 1.2 NAME 'a' SUP name NO-USER-MODIFICATION )", 1, undefined, 'NO-USER-MODIFICATION is'],
    [
      "attributetype ( 1.2 NAME 'a' SUP name COLLECTIVE SINGLE-VALUE )",
      1,
      undefined,
      'it cannot be COLLECTIVE',
    ],
    ["attributetype ( 1.2 NAME 'a' SYNTAX 1.3 SUBSTR b )", 1, undefined, 'need an EQUALITY'],
    ["attributetype ( 1.2 NAME 'a' SUP name X-ORDERED ( ) )", 1, undefined, 'X-ORDERED has no value'],
    ["attributetype ( 1.2 NAME ( 'a' 'A' ) SUP name )", 1, undefined, '"a" is defined already'],
    [
      "objectclass ( 1.2 NAME 'c' MUST a )\nattributetype ( 1.3 NAME 'a' SUP name )",
      1,
      undefined,
      'MUST names "a", which is not defined above it but here (line 2)',
    ],
    ["attributetype ( 1.2 NAME 'a' SUP A )", 1, undefined, 'SUP names "A", which is not defined above'],
    [
      "objectclass ( 1.2 NAME 'c' )\nobjectclass ( 1.3 NAME 'd' SUP c AUXILIARY )",
      2,
      undefined,
      'it is AUXILIARY, and its superior c is STRUCTURAL',
    ],
    [
      "objectclass ( 1.2 NAME 'c' OBSOLETE )\nobjectclass ( 1.3 NAME 'd' SUP 1.2 )",
      2,
      undefined,
      'its superior c is OBSOLETE',
    ],
    ["ldapsyntax ( 1.2 X-SUBST ( '1.3' '1.4' ) )", 1, undefined, 'X-SUBST takes exactly one OID'],
    ['ditcontentrule ( 1.2 MUST a MAY ( b $ A ) )', 1, undefined, 'it names "A" twice'],
    ['ditcontentrule ( 1.2 AUX ( ) )', 1, 28, 'AUX needs a name or OID'],
    ["objectclass: ( 1.2 NAME 'c' )", 1, 1, '"objectclass:" is not supported'],
    ["objectclass( 1.2 NAME 'c' )", 1, 1, '"objectclass(" is not supported'],
    ["attributetypes ( 1.2 NAME 'a' DESC 'a \"b' SUP name )", 1, 1, 'a double quote (") that is not closed'],
    ['attributeoptions x-', 1, 1, 'is a setting of the server (olcAttributeOptions'],
    ['include /etc/ldap/schema/core.schema', 1, 1, 'convert it by itself'],
    ['objectidentifier 1.2 1.2', 1, 1, 'a name cannot begin with a digit'],
    ['objectidentifier OMsBoolean 1.2', 1, 1, 'it stands for 1.3.6.1.4.1.1466.115.121.1.7 already'],
    ["attributetype ( 1.2 NAME 'a' SYNTAX 1.3{2147483648} )", 1, 30, 'is more than 2147483647'],
    ["objectclass ( 1.2 NAME 'c' MAY )", 1, 32, 'MAY needs'],
    ['objectclass ( 1.2 NAME c )', 1, 24, 'object class 1.2: NAME needs a text in single quotes'],
    ["objectclass ( 1.2 NAME 'c d' )", 1, 19, '"c d" cannot be a name'],
    ["objectclass ( 1.2 NAME 'c' MUST base:1 )", 1, 28, 'MUST names "base:1"'],
    ["objectclass ( 1.2 NAME 'c'", 1, 24, 'object class c: the closing parenthesis is missing'],
    ["objectclass ( 1.2 NAME 'c )", 1, 24, 'the quote before "c )" is not closed'],
    ["objectclass ( 1.2 NAME 'c' DESC 'it's )", 1, 37, 'is no keyword here'],
    ['objectclass', 1, 1, 'objectclass needs a blank and a definition in parentheses after it'],
    ["objectclass ( ( 1.2 NAME 'c' ) )", 1, 13, 'object class c: a definition starts with "(" and an OID'],
    ["objectclass ( NAME 'c' )", 1, 15, '"NAME" is neither a numeric OID'],
    ["objectclass ( base:1 NAME 'c' )", 1, 15, '"base:1" is neither a numeric OID nor made from a macro'],
    ["attributetype ( 1.2 NAME 'a' )", 1, 15, 'it has neither SUP nor SYNTAX'],
    ["attributetype ( 1.2 NAME 'a' SYNTAX text )", 1, 30, 'SYNTAX "text" is neither'],
    ["attributetype ( 1.2 NAME 'a' SYNTAX 1.3{x} )", 1, 40, '"{x}" is no keyword here'],
    [
      "attributetype ( 1.2 NAME 'a' SUP name USAGE often )",
      1,
      39,
      'USAGE "often" is none of userApplications',
    ],
    ['objectidentifier base', 1, 1, 'takes a name and an OID'],
    ['objectidentifier base none:1', 1, 1, 'objectidentifier base: "none:1" is neither'],
    ['objectidentifier a 1.2\nobjectidentifier a 1.3', 2, 1, 'stands for 1.2 already'],
    ["attribtype ( 1.2 NAME 'a' )", 1, 1, '"attribtype" is not supported'],
    [
      "objectclass ( 1.2 NAME 'c' )\n\n\nobjectclass ( 1.3 NAME 'C' )",
      4,
      undefined,
      'C: "c" is defined already on line 1',
    ],
    [
      "objectclass ( 1.2 NAME 'c' )\nobjectclass ( 1.2 NAME 'd' )",
      2,
      undefined,
      'd: "1.2" is defined already on line 1',
    ],
  ])('%j', (text, line, column, message) => {
    const [problem] = problemsOf(() => parse(text));
    expect(problem).toEqual({
      file: '/tmp/my.schema',
      line,
      ...(column !== undefined && { column }),
      message: expect.stringContaining(message) as string,
    });
  });

  test('all of a file are told at once, in the order of its lines', () => {
    const text = lines(
      "attributetype ( 1.2 NAME 'a' SUP name SUP cn WRONG ( x y )",
      '  EQUALITY )',
      '# a comment',
      "objectclass ( 1.3 NAME 'c' MUST a",
      "objectclass ( 1.4 NAME 'd' MUST ( a b ) MAY c MAY d )",
      'include /etc/ldap/schema/core.schema',
    );
    expect(problemsOf(() => parse(text)).map(({ line, message }) => [line, message])).toEqual([
      [1, 'attribute type a: SUP is given twice.'],
      [1, 'attribute type a: "WRONG" is no keyword here.'],
      [2, 'attribute type a: EQUALITY needs one name or OID; ")" does not fit here.'],
      [4, 'object class c: the closing parenthesis is missing.'],
      [5, 'object class d: MUST needs a name or OID, or a list ( a $ b ); "b" does not fit here.'],
      [5, 'object class d: MAY is given twice.'],
      [6, expect.stringContaining('"include" takes in another file') as string],
    ]);
  });
});
