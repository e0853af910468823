import { buildSchema, type Directive } from './build-schema.ts';
import { READERS } from './read-definition.ts';
import type { Schema, SchemaElement } from './definition.ts';

/** The attributes of a subschema subentry (RFC 4512 section 4.2) that hold definitions. */
export const SUBSCHEMA_ATTRIBUTES = [
  ['ldapSyntax', 'ldapSyntaxes'],
  ['attributeType', 'attributeTypes'],
  ['objectClass', 'objectClasses'],
  ['contentRule', 'dITContentRules'],
] as const satisfies readonly (readonly [SchemaElement['element'], string])[];

/** What a server publishes beyond types and classes may be of any make; what cannot be read of it is passed over. */
const TOLERATED = new Set<SchemaElement['element']>(['ldapSyntax', 'contentRule']);

/**
 * Reads what a server publishes as its schema.
 * @throws `SCHEMA_INVALID` with every problem
 */
export function parseSubschema(values: Readonly<Record<string, readonly string[]>>): Schema {
  const directives = SUBSCHEMA_ATTRIBUTES.flatMap(([kind, attribute]) =>
    (values[attribute] ?? [])
      .filter((body) => !TOLERATED.has(kind) || isReadable(kind, body))
      .map((body): Directive => ({ kind, body, place: {}, placeOf: () => ({}) })),
  );
  return buildSchema('subschema', directives, {
    subject: 'The subschema of the server',
    grammar: 'any server',
  });
}

function isReadable(kind: SchemaElement['element'], body: string): boolean {
  const report = () => undefined;
  const context = { macros: new Map(), source: undefined, grammar: 'any server', report } as const;
  return READERS[kind](body, context) !== undefined;
}
