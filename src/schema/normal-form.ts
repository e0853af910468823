import type { AttributeType, ObjectClass, SchemaElement } from './definition.ts';
import { MATCHING_RULES } from './matching-rules.ts';

/** OIDs by what may be written instead: see {@link aliasesOf}. */
export type Aliases = Readonly<Record<SchemaElement['element'], ReadonlyMap<string, string>>>;

/** A field of a definition that two definitions can differ in. */
export type DefinitionField = Exclude<
  keyof AttributeType | keyof ObjectClass,
  'element' | 'oid' | 'description' | 'extensions' | 'source'
>;

/**
 * Names without case of all definitions, each with its OID, so that `MUST commonName`, `MUST cn` and `MUST 2.5.4.3`
 * come out equal. Of two definitions with one name the first counts.
 */
export function aliasesOf(definitions: Iterable<SchemaElement>): Aliases {
  const aliases = { attributeType: new Map<string, string>(), objectClass: new Map<string, string>() };
  for (const { element, names, oid } of definitions)
    for (const name of names)
      if (!aliases[element].has(name.toLowerCase())) aliases[element].set(name.toLowerCase(), oid);
  return aliases;
}

/**
 * What a definition means, field by field, as texts that compare: names without case and in any order, references as
 * OIDs where they are known. Description and `X-…` clauses mean nothing to a server and are left out.
 */
export function normalForm(
  definition: SchemaElement,
  aliases: Aliases,
): ReadonlyMap<DefinitionField, string> {
  const fields =
    definition.element === 'attributeType'
      ? attributeFields(definition, aliases)
      : classFields(definition, aliases);
  return new Map([
    ['names', asSet(definition.names, new Map())],
    ['obsolete', String(definition.obsolete)],
    ...fields,
  ]);
}

function attributeFields(definition: AttributeType, aliases: Aliases): readonly [DefinitionField, string][] {
  return [
    ['sup', resolve(definition.sup, aliases.attributeType)],
    ['equality', resolve(definition.equality, MATCHING_RULES)],
    ['ordering', resolve(definition.ordering, MATCHING_RULES)],
    ['substr', resolve(definition.substr, MATCHING_RULES)],
    ['syntax', definition.syntax ?? ''],
    ['syntaxLength', String(definition.syntaxLength ?? '')],
    ['singleValue', String(definition.singleValue)],
    ['collective', String(definition.collective)],
    ['noUserModification', String(definition.noUserModification)],
    ['usage', definition.usage],
  ];
}

function classFields(definition: ObjectClass, aliases: Aliases): readonly [DefinitionField, string][] {
  return [
    ['sup', asSet(definition.sup, aliases.objectClass)],
    ['kind', definition.kind],
    ['must', asSet(definition.must, aliases.attributeType)],
    ['may', asSet(definition.may, aliases.attributeType)],
  ];
}

function asSet(names: readonly string[], aliases: ReadonlyMap<string, string>): string {
  return [...new Set(names.map((name) => resolve(name, aliases)))].toSorted().join(' ');
}

function resolve(name: string | undefined, aliases: ReadonlyMap<string, string>): string {
  const folded = name?.toLowerCase() ?? '';
  return aliases.get(folded) ?? folded;
}
