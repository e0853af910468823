import { buildSchema, type Directive } from './build-schema.ts';
import type { Schema } from './definition.ts';

/**
 * Reads the values of `attributeTypes` and `objectClasses` of a subschema subentry (RFC 4512 section 4.2).
 * @throws `SCHEMA_INVALID` with every problem
 */
export function parseSubschema(values: {
  readonly attributeTypes: readonly string[];
  readonly objectClasses: readonly string[];
}): Schema {
  const directives = [
    ...values.attributeTypes.map((body) => directiveOf('attributetypes', body)),
    ...values.objectClasses.map((body) => directiveOf('objectclasses', body)),
  ];
  return buildSchema('subschema', directives, { subject: 'The subschema of the server' });
}

function directiveOf(name: string, body: string): Directive {
  return { name, place: {}, body, placeOf: () => ({}) };
}
