import { describe, expect, test } from 'vitest';
import { KeystoneLdapError } from '../../../src/errors.ts';
import { elementsOf } from '../../../src/schema/definition.ts';
import { formatDefinition } from '../../../src/schema/format-definition.ts';
import { readOidMacros } from '../../../src/schema/oid-macros.ts';
import { parseSchemaEntry, parseSchemaLdif } from '../../../src/schema/parse-schema-ldif.ts';
import { problemsOf } from './problems-of.ts';

const lines = (...all: readonly string[]): string => all.join('\n') + '\n';
const HEAD = ['dn: cn=my,cn=schema,cn=config', 'objectClass: olcSchemaConfig', 'cn: my'];
const parse = (...all: readonly string[]) => parseSchemaLdif(lines(...HEAD, ...all), 'my.ldif');

describe('one entry below cn=schema,cn=config', () => {
  test('as it is written for ldapadd', () => {
    const schema = parse(
      "olcAttributeTypes: ( 1.2.3 NAME 'a'",
      '  DESC',
      "   'of it' SUP name )",
      '# the class',
      "olcObjectclasses: ( 1.2.4 NAME 'c' MUST a )",
    );
    expect(schema.name).toBe('my');
    expect(elementsOf(schema).map(formatDefinition)).toEqual([
      "( 1.2.3 NAME 'a' DESC 'of it' SUP name )",
      "( 1.2.4 NAME 'c' STRUCTURAL MUST a )",
    ]);
    expect(elementsOf(schema).map(({ source }) => source)).toEqual([
      { file: 'my.ldif', line: 4 },
      { file: 'my.ldif', line: 8 },
    ]);
  });

  test('as slapcat gives it: numbered, with macros and operational attributes', () => {
    const text = lines(
      'dn: cn={12}my,cn=schema,cn=config',
      'objectClass: olcSchemaConfig',
      'cn: {12}my',
      "olcObjectClasses: {0}( base:4 NAME 'c' MUST a )",
      "olcAttributeTypes: {0}( attributes:3 NAME 'a' SUP name )",
      "olcAttributeTypes: {1}( attributes:4 NAME 'b' SUP name )",
      'olcObjectIdentifier: {0}base 1.2',
      'olcObjectIdentifier: {1}attributes base:7',
      'structuralObjectClass: olcSchemaConfig',
      'entryUUID: cc9b8352-7be6-1041-805e-d7c0a486e79d',
      'creatorsName: cn=config',
      'entryCSN: 20111201000000.000000Z#000000#000#000000',
    );
    const schema = parseSchemaLdif(text, 'dump.ldif');
    expect(schema.name).toBe('my');
    expect(elementsOf(schema).map(({ oid }) => oid)).toEqual(['1.2.7.3', '1.2.7.4', '1.2.4']);
  });

  test.each([
    ['nothing', ''],
    ['another entry', 'dn: cn=config\nobjectClass: olcGlobal'],
    ['the schema entry of the server itself', 'dn: cn=schema,cn=config\nobjectClass: olcSchemaConfig'],
    ['an entry of data', 'dn: cn=my,cn=schema,dc=x\nobjectClass: olcSchemaConfig'],
    ['two entries', lines(...HEAD) + '\n' + lines(...HEAD)],
  ])('%s is refused', (_, text) => {
    const [problem] = problemsOf(() => parseSchemaLdif(text, 'my.ldif'));
    expect(problem).toMatchObject({
      file: 'my.ldif',
      message: expect.stringContaining('Exactly one') as string,
    });
  });

  test('what is no LDIF is told as such', () => {
    expect(() => parse('olcAttributeTypes ( 1.2 )')).toThrow(KeystoneLdapError);
    expect(() => parse('olcAttributeTypes ( 1.2 )')).toThrow('my.ldif is not LDIF');
  });

  test('every problem has the line of its value', () => {
    const found = problemsOf(() =>
      parse(
        "olcObjectClasses: ( 1.2.4 NAME 'c'",
        '  MUST a',
        '  MUST b )',
        "olcAttributeTypes: ( base:3 NAME 'a' SUP name )",
        "olcLdapSyntaxes: ( 1.2.9 DESC 'mine' )",
        'olcObjectIdentifier: base',
        "olcAttributeTypes: ( 1.2.5 NAME 'b'",
        '# a comment takes the fold below along, as it does in slapd',
        '  SUP name )',
      ),
    );
    expect(found.map(({ line, message }) => [line, message])).toEqual([
      [4, 'object class c: MUST is given twice.'],
      [7, 'attribute type a: "base:3" is neither a numeric OID nor made from a macro defined above.'],
      [9, 'objectidentifier takes a name and an OID, not "base".'],
      [10, 'attribute type b: the closing parenthesis is missing.'],
      [10, 'attribute type b: it has neither SUP nor SYNTAX.'],
    ]);
    expect(found.every(({ file }) => file === 'my.ldif')).toBe(true);
  });
});

describe('an entry of a running server', () => {
  const entry = {
    dn: 'cn={4}keystone,cn=schema,cn=config',
    attributes: {
      olcattributetypes: ["{0}( attributes:3 NAME 'a' SUP name )", "{1}( attributes:4 NAME 'b' SUP name )"],
      olcLdapSyntaxes: ["{0}( 1.2.9 DESC 'mine' )"],
    },
  };

  test('macros may come from other entries; what is no definition is passed over', () => {
    const base = readOidMacros(['{0}base 1.2', '{1}broken']);
    const schema = parseSchemaEntry(entry, readOidMacros(['{0}attributes base:7'], base));
    expect(schema.name).toBe('keystone');
    expect(schema.attributeTypes.map(({ oid, source }) => [oid, source])).toEqual([
      ['1.2.7.3', undefined],
      ['1.2.7.4', undefined],
    ]);
  });

  test('problems name the definition; there is no file to name', () => {
    expect(problemsOf(() => parseSchemaEntry(entry))[0]).toEqual({
      message:
        'attribute type a: "attributes:3" is neither a numeric OID nor made from a macro defined above.',
    });
  });
});

test('a definition that is not text is refused with its line', () => {
  const ldif = 'dn: cn=x,cn=schema,cn=config\nobjectClass: olcSchemaConfig\nolcAttributeTypes:: /w==\n';
  expect(() => parseSchemaLdif(ldif, 'x.ldif')).toThrow(
    expect.objectContaining({
      code: 'INPUT_INVALID',
      problems: [
        { file: 'x.ldif', line: 3, message: expect.stringContaining('olcAttributeTypes') as string },
      ],
    }),
  );
});
