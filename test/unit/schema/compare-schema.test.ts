import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareSchema, type SchemaDifference } from '../../../src/schema/compare-schema.ts';
import { elementsOf, labelOf, type Schema } from '../../../src/schema/definition.ts';
import { parseSubschema } from '../../../src/schema/parse-subschema.ts';
import { arbitrarySchema } from './arbitrary-schema.ts';

/** What a server publishes, operational types too. */
function schema(...directives: readonly string[]): Schema {
  const bodies = (keyword: string) =>
    directives.flatMap((one) => (one.startsWith(`${keyword} `) ? [one.slice(keyword.length + 1)] : []));
  return parseSubschema({ attributeTypes: bodies('attributetype'), objectClasses: bodies('objectclass') });
}

const CORE = [
  "attributetype ( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )",
  "attributetype ( 2.5.4.41 NAME 'name' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} )",
  "objectclass ( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
];

/** A difference in a form that a table can hold. */
function brief(difference: SchemaDifference): readonly unknown[] {
  const wanted = labelOf(difference.wanted);
  if (difference.kind === 'missing') return ['missing', wanted];
  const present = labelOf(difference.present);
  return difference.kind === 'different'
    ? ['different', wanted, present, difference.fields]
    : ['name-taken', wanted, present];
}

const compare = (wanted: Schema, present: Schema, accepted?: Schema): readonly unknown[] =>
  compareSchema(wanted, elementsOf(present), accepted && elementsOf(accepted)).map(brief);

describe('equal definitions', () => {
  test.each([
    ['case of names', "attributetype ( 1.2 NAME 'a' SUP name )", "attributetype ( 1.2 NAME 'A' SUP Name )"],
    [
      'order of names',
      "attributetype ( 1.2 NAME ( 'a' 'b' ) SUP name )",
      "attributetype ( 1.2 NAME ( 'b' 'a' ) SUP name )",
    ],
    ['an OID for a name', 'attributetype ( 1.2 SUP name )', 'attributetype ( 1.2 SUP 2.5.4.41 )'],
    [
      'an OID for a matching rule',
      'attributetype ( 1.2 EQUALITY booleanMatch ORDERING x SYNTAX 1.3 )',
      'attributetype ( 1.2 EQUALITY 2.5.13.13 ORDERING X SYNTAX 1.3 )',
    ],
    [
      'description and extensions',
      "attributetype ( 1.2 DESC 'one' SUP name )",
      "attributetype ( 1.2 DESC 'two' SUP name X-ORIGIN 'x' )",
    ],
    [
      'usage by default',
      'attributetype ( 1.2 SUP name )',
      'attributetype ( 1.2 SUP name USAGE userApplications )',
    ],
    [
      'order of lists',
      'objectclass ( 1.2 SUP ( b $ c ) MUST ( cn $ sn ) MAY ( x $ y ) )',
      'objectclass ( 1.2 SUP ( c $ b ) MAY ( Y $ X $ y ) MUST ( SN $ CN ) )',
    ],
    ['another name of an attribute', 'objectclass ( 1.2 MUST cn )', 'objectclass ( 1.2 MUST commonName )'],
    ['an OID of an attribute', 'objectclass ( 1.2 MAY cn )', 'objectclass ( 1.2 MAY 2.5.4.3 )'],
    ['kind by default', 'objectclass ( 1.2 SUP top )', 'objectclass ( 1.2 SUP 2.5.6.0 STRUCTURAL )'],
  ])('%s', (_, wanted, present) => {
    expect(compare(schema(wanted), schema(...CORE, present))).toEqual([]);
    expect(compare(schema(present), schema(...CORE, wanted))).toEqual([]);
  });

  test('any schema equals itself, among others too', () => {
    fc.assert(
      fc.property(arbitrarySchema, (any) => {
        expect(compareSchema(any, elementsOf(any))).toEqual([]);
        expect(compareSchema(any, []).map(({ kind }) => kind)).toEqual(elementsOf(any).map(() => 'missing'));
      }),
    );
  });
});

describe('differences', () => {
  const BASE = "attributetype ( 1.2 NAME 'a' SUP name EQUALITY booleanMatch SYNTAX 1.3{8} )";
  const CLASS = "objectclass ( 1.2 NAME 'c' SUP top AUXILIARY MUST cn MAY sn )";

  test.each([
    [BASE, "attributetype ( 1.2 NAME ( 'a' 'b' ) SUP name EQUALITY booleanMatch SYNTAX 1.3{8} )", ['names']],
    [BASE, "attributetype ( 1.2 NAME 'a' SUP cn EQUALITY integerMatch SYNTAX 1.3{8} )", ['sup', 'equality']],
    [
      BASE,
      "attributetype ( 1.2 NAME 'a' EQUALITY booleanMatch SYNTAX 1.4 )",
      ['sup', 'syntax', 'syntaxLength'],
    ],
    [
      BASE,
      `attributetype ( 1.2 NAME 'a' OBSOLETE SUP name EQUALITY booleanMatch ORDERING x SUBSTR y SYNTAX 1.3{8}
         SINGLE-VALUE COLLECTIVE NO-USER-MODIFICATION USAGE dSAOperation )`,
      ['obsolete', 'ordering', 'substr', 'singleValue', 'collective', 'noUserModification', 'usage'],
    ],
    [CLASS, "objectclass ( 1.2 NAME 'c' SUP top STRUCTURAL MUST cn MAY sn )", ['kind']],
    [CLASS, "objectclass ( 1.2 NAME 'c' AUXILIARY MUST ( cn $ sn ) )", ['sup', 'must', 'may']],
  ])('%s and %s', (wanted, present, fields) => {
    const [name] = wanted.startsWith('attribute') ? ['a'] : ['c'];
    expect(compare(schema(wanted), schema(...CORE, present))).toEqual([['different', name, name, fields]]);
  });

  test.each([
    ['nothing of it', '', [['missing', 'a']]],
    [
      'its name under another OID',
      "attributetype ( 1.9 NAME ( 'x' 'A' ) SUP name )",
      [['name-taken', 'a', 'x']],
    ],
    ['its name for the other kind of definition', "objectclass ( 1.9 NAME 'a' )", [['missing', 'a']]],
    ['its OID for the other kind of definition', "objectclass ( 1.2 NAME 'x' )", [['missing', 'a']]],
    ['its OID with another name', BASE.replace("'a'", "'z'"), [['different', 'a', 'z', ['names']]]],
  ])('the server has %s', (_, present, expected) => {
    expect(compare(schema(BASE), schema(...CORE, present))).toEqual(expected);
  });

  test('both definitions are handed over', () => {
    const present = schema(BASE.replace('8', '9'));
    expect(compareSchema(schema(BASE), elementsOf(present))).toMatchObject([
      {
        kind: 'different',
        wanted: { syntaxLength: 8 },
        present: { syntaxLength: 9 },
        fields: ['syntaxLength'],
      },
    ]);
  });

  test('an accepted variant counts as equal, anything else does not', () => {
    const accepted = schema("objectclass ( 1.2 NAME 'c' SUP top AUXILIARY MAY sn )");
    expect(compare(schema(CLASS), schema(...CORE, CLASS), accepted)).toEqual([]);
    expect(compare(schema(CLASS), accepted, accepted)).toEqual([]);
    const other = schema("objectclass ( 1.2 NAME 'c' SUP top AUXILIARY )");
    expect(compare(schema(CLASS), other, accepted)).toEqual([['different', 'c', 'c', ['must', 'may']]]);
    expect(compare(schema(CLASS), accepted)).toEqual([['different', 'c', 'c', ['must']]]);
  });
});
