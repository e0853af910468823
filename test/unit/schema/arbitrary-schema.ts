import fc from 'fast-check';
import {
  type AttributeType,
  type ContentRule,
  type LdapSyntax,
  OBJECT_CLASS_KINDS,
  type ObjectClass,
  type Schema,
  type SchemaElement,
} from '../../../src/schema/definition.ts';

const name = fc.stringMatching(/^[A-Ya-y][A-Za-z0-9-]{0,11}$/);
/** Names that other files define. */
const foreign = fc.stringMatching(/^[Zz][A-Za-z0-9-]{0,11}$/);
const arcs = fc.array(fc.nat(9999), { minLength: 1, maxLength: 5 });
const oid = arcs.map((all) => `1.3.${all.join('.')}`);
const foreignOid = arcs.map((all) => `1.4.${all.join('.')}`);
const reference = fc.oneof(foreign, foreignOid);
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
  extensions: fc.array(
    fc.record({
      keyword: fc.constantFrom('X-ORIGIN', 'X-origin', 'X-NOT_HUMAN-READABLE'),
      values: fc.array(text, { maxLength: 2 }),
    }),
    { maxLength: 3 },
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
    syntax: optional(foreignOid),
    syntaxLength: optional(fc.nat().filter((length) => length > 0)),
    singleValue: fc.boolean(),
    collective: fc.boolean(),
    noUserModification: fc.constant(false),
    usage: fc.constant('userApplications' as const),
  })
  .map((one) => ({ ...one, singleValue: one.singleValue && !one.collective }))
  .filter(({ equality, ordering, substr }) => equality !== undefined || (ordering ?? substr) === undefined)
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

const ldapSyntax: fc.Arbitrary<LdapSyntax> = fc.record({
  element: fc.constant('ldapSyntax' as const),
  ...common,
  obsolete: fc.constant(false),
});

const contentRule: fc.Arbitrary<ContentRule> = fc
  .record({
    element: fc.constant('contentRule' as const),
    ...common,
    oid: foreignOid,
    aux: fc.array(reference, { maxLength: 2 }),
    attributes: fc.uniqueArray(reference, { maxLength: 9, selector: (one) => one.toLowerCase() }),
  })
  .map(({ attributes, ...rule }) => ({
    ...rule,
    must: attributes.slice(0, 3),
    may: attributes.slice(3, 6),
    not: attributes.slice(6),
  }));

/** Schemas that a slapd takes which knows all that they refer to. */
export const arbitrarySchema: fc.Arbitrary<Schema> = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/),
    syntaxes: fc.array(ldapSyntax, { maxLength: 2 }),
    attributeTypes: fc.array(attributeType, { maxLength: 4 }),
    objectClasses: fc.array(objectClass, { maxLength: 4 }),
    contentRules: fc.array(contentRule, { maxLength: 2 }),
  })
  .map((schema) => ({
    name: schema.name,
    syntaxes: distinct(schema.syntaxes),
    attributeTypes: distinct(schema.attributeTypes),
    objectClasses: distinct(schema.objectClasses),
    contentRules: distinct(schema.contentRules),
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
