import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elementsOf, type Schema } from '../../../src/schema/definition.ts';
import { definitionLines, formatDefinition } from '../../../src/schema/format-definition.ts';
import { formatSchemaLdif, formatSchemaText } from '../../../src/schema/format-schema.ts';
import { parseSchemaLdif } from '../../../src/schema/parse-schema-ldif.ts';
import { parseSchemaText } from '../../../src/schema/parse-schema-text.ts';
import { parseSubschema } from '../../../src/schema/parse-subschema.ts';
import { arbitrarySchema } from './arbitrary-schema.ts';

/** Without where each definition came from. */
function withoutSources({ name, ...schema }: Schema): Schema {
  return {
    name,
    syntaxes: schema.syntaxes.map((one) => ({ ...one, source: undefined })),
    attributeTypes: schema.attributeTypes.map((one) => ({ ...one, source: undefined })),
    objectClasses: schema.objectClasses.map((one) => ({ ...one, source: undefined })),
    contentRules: schema.contentRules.map((one) => ({ ...one, source: undefined })),
  };
}

describe('round trips of any schema', () => {
  test('as .schema text', () => {
    fc.assert(
      fc.property(arbitrarySchema, (schema) => {
        const read = parseSchemaText(formatSchemaText(schema), `/etc/${schema.name}.schema`);
        expect(withoutSources(read)).toEqual(schema);
      }),
    );
  });

  test('as LDIF of cn=config', () => {
    fc.assert(
      fc.property(arbitrarySchema, (schema) => {
        const read = parseSchemaLdif(formatSchemaLdif(schema), 'any.ldif');
        expect(withoutSources(read)).toEqual(schema);
      }),
    );
  });

  test('as values of a subschema', () => {
    fc.assert(
      fc.property(arbitrarySchema, (schema) => {
        const read = parseSubschema({
          ldapSyntaxes: schema.syntaxes.map(formatDefinition),
          attributeTypes: schema.attributeTypes.map(formatDefinition),
          objectClasses: schema.objectClasses.map(formatDefinition),
          dITContentRules: schema.contentRules.map(formatDefinition),
        });
        expect(elementsOf(read)).toEqual(elementsOf(schema));
      }),
    );
  });
});

const everything = parseSubschema({
  attributeTypes: [
    `( 1.2.3 NAME ( 'a' 'b' ) DESC 'it\\27s' OBSOLETE SUP name EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch
       SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{64} SINGLE-VALUE COLLECTIVE
       NO-USER-MODIFICATION USAGE directoryOperation X-ORIGIN ( 'x' 'y' ) )`,
    '( 1.2.4 SUP name )',
  ],
  objectClasses: [
    `( 1.2.5 NAME 'c' SUP ( d $ e ) AUXILIARY MUST a MAY ( attributeNumberOne $ attributeNumberTwo $
       attributeNumberThree $ attributeNumberFour ) )`,
    '( 1.2.6 )',
  ],
});

describe('print', () => {
  test.each([
    [
      0,
      [
        "( 1.2.3 NAME ( 'a' 'b' )",
        "DESC 'it\\27s'",
        'OBSOLETE',
        'SUP name',
        'EQUALITY caseIgnoreMatch',
        'ORDERING caseIgnoreOrderingMatch',
        'SUBSTR caseIgnoreSubstringsMatch',
        'SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{64}',
        'SINGLE-VALUE',
        'COLLECTIVE',
        'NO-USER-MODIFICATION',
        'USAGE directoryOperation',
        "X-ORIGIN ( 'x' 'y' ) )",
      ],
    ],
    [1, ['( 1.2.4', 'SUP name )']],
    [
      2,
      [
        "( 1.2.5 NAME 'c'",
        'SUP ( d $ e ) AUXILIARY',
        'MUST a',
        'MAY ( attributeNumberOne $ attributeNumberTwo $ attributeNumberThree',
        '    $ attributeNumberFour ) )',
      ],
    ],
    [3, ['( 1.2.6', 'STRUCTURAL )']],
  ])('definition %i, a line for each clause', (index, expected) => {
    const definition = elementsOf(everything)[index];
    expect(definition && definitionLines(definition)).toEqual(expected);
  });

  test('a definition as one value', () => {
    expect(elementsOf(everything).map(formatDefinition)[2]).toBe(
      "( 1.2.5 NAME 'c' SUP ( d $ e ) AUXILIARY MUST a MAY ( attributeNumberOne $ attributeNumberTwo $ " +
        'attributeNumberThree $ attributeNumberFour ) )',
    );
  });

  const small: Schema = parseSchemaText(
    "attributetype ( 1.2.3 NAME 'a' DESC 'Ünï' SUP name )\nobjectclass ( 1.2.4 NAME 'c' SUP top MUST a )",
    'small.schema',
  );

  test('.schema', () => {
    expect(formatSchemaText(small)).toBe(
      [
        "attributetype ( 1.2.3 NAME 'a'",
        "    DESC 'Ünï'",
        '    SUP name )',
        '',
        "objectclass ( 1.2.4 NAME 'c'",
        '    SUP top STRUCTURAL',
        '    MUST a )',
        '',
      ].join('\n'),
    );
  });

  test('LDIF, in base64 where a description is not ASCII', () => {
    expect(formatSchemaLdif(small)).toBe(
      [
        'dn: cn=small,cn=schema,cn=config',
        'objectClass: olcSchemaConfig',
        'cn: small',
        '#',
        'olcAttributeTypes:: KCAxLjIuMyBOQU1FICdhJyBERVNDICfDnG7DrycgU1VQIG5hbWUgKQ==',
        '#',
        "olcObjectClasses: ( 1.2.4 NAME 'c'",
        '  SUP top STRUCTURAL',
        '  MUST a )',
        '',
      ].join('\n'),
    );
  });
});
