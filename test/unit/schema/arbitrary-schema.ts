import fc from 'fast-check';
import {
  ATTRIBUTE_USAGES,
  type AttributeType,
  OBJECT_CLASS_KINDS,
  type ObjectClass,
  type Schema,
  type SchemaElement,
} from '../../../src/schema/definition.ts';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,11}$/);
const oid = fc.array(fc.nat(9999), { minLength: 1, maxLength: 5 }).map((arcs) => `1.3.${arcs.join('.')}`);
const reference = fc.oneof(name, oid);
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const noLineBreak = (text: string): boolean => !/[\r\n]/.test(text);
const text = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom("it's", '\\', '\\27', "'", ' # ', '( $ )', '\0'))
  .filter(noLineBreak);

const common = {
  oid,
  names: fc.uniqueArray(name, { maxLength: 3, selector: (one) => one.toLowerCase() }),
  description: optional(text),
  obsolete: fc.boolean(),
  extensions: fc.dictionary(
    fc.constantFrom('X-ORIGIN', 'X-ORDERED', 'X-NOT_HUMAN-READABLE'),
    fc.array(text, { minLength: 1, maxLength: 2 }),
    { noNullPrototype: true },
  ),
  source: fc.constant(undefined),
};

const attributeType: fc.Arbitrary<AttributeType> = fc
  .record({
    element: fc.constant('attributeType' as const),
    ...common,
    sup: optional(reference),
    equality: optional(reference),
    ordering: optional(reference),
    substr: optional(reference),
    syntax: optional(oid),
    syntaxLength: optional(fc.nat()),
    singleValue: fc.boolean(),
    collective: fc.boolean(),
    noUserModification: fc.boolean(),
    usage: fc.constantFrom(...ATTRIBUTE_USAGES),
  })
  .filter(({ sup, syntax }) => sup !== undefined || syntax !== undefined)
  .map((one) => (one.syntax === undefined ? { ...one, syntaxLength: undefined } : one));

const objectClass: fc.Arbitrary<ObjectClass> = fc.record({
  element: fc.constant('objectClass' as const),
  ...common,
  sup: fc.array(reference, { maxLength: 2 }),
  kind: fc.constantFrom(...OBJECT_CLASS_KINDS),
  must: fc.array(reference, { maxLength: 12 }),
  may: fc.array(reference, { maxLength: 12 }),
});

/** Schemas whose OIDs and names are unique, as a server demands. */
export const arbitrarySchema: fc.Arbitrary<Schema> = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/),
    attributeTypes: fc.array(attributeType, { maxLength: 4 }),
    objectClasses: fc.array(objectClass, { maxLength: 4 }),
  })
  .map((schema) => ({
    name: schema.name,
    attributeTypes: distinct(schema.attributeTypes),
    objectClasses: distinct(schema.objectClasses),
  }));

function distinct<T extends SchemaElement>(definitions: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return definitions.filter((definition) => {
    const keys = [definition.oid, ...definition.names.map((one) => one.toLowerCase())];
    const free = keys.every((key) => !seen.has(key));
    for (const key of keys) seen.add(key);
    return free;
  });
}
