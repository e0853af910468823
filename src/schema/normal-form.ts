import {
  type AttributeType,
  type ContentRule,
  type LdapSyntax,
  type ObjectClass,
  type SchemaElement,
} from './definition.ts';
import { MATCHING_RULES } from './matching-rules.ts';

/** OIDs by what may be written instead: see {@link aliasesOf}. */
export type Aliases = Readonly<Record<SchemaElement['element'], ReadonlyMap<string, string>>>;

/** A field of a definition that two definitions can differ in. */
export type DefinitionField = Exclude<
  keyof AttributeType | keyof ObjectClass | keyof ContentRule | 'substitute',
  'element' | 'oid' | 'description' | 'extensions' | 'source'
>;

/**
 * Names without case of all definitions, each with its OID, so that `MUST commonName`, `MUST cn` and `MUST 2.5.4.3`
 * come out equal. Of two definitions with one name the first counts.
 */
export function aliasesOf(definitions: Iterable<SchemaElement>): Aliases {
  const aliases = {
    ldapSyntax: new Map<string, string>(),
    attributeType: new Map<string, string>(),
    objectClass: new Map<string, string>(),
    contentRule: new Map<string, string>(),
  };
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
  return new Map([
    ['names', asSet(definition.element === 'ldapSyntax' ? [] : definition.names, new Map())],
    ['obsolete', String(definition.obsolete)],
    ...ownFields(definition, aliases),
  ]);
}

function ownFields(definition: SchemaElement, aliases: Aliases): readonly [DefinitionField, string][] {
  switch (definition.element) {
    case 'ldapSyntax':
      return syntaxFields(definition);
    case 'attributeType':
      return attributeFields(definition, aliases);
    case 'objectClass':
      return classFields(definition, aliases);
    case 'contentRule':
      return ruleFields(definition, aliases);
  }
}

/** slapd publishes no names of syntaxes. */
function syntaxFields({ extensions }: LdapSyntax): readonly [DefinitionField, string][] {
  const substitute = extensions.find(({ keyword }) => keyword === 'X-SUBST')?.values.join(' ');
  return [['substitute', substitute ?? '']];
}

function ruleFields(rule: ContentRule, aliases: Aliases): readonly [DefinitionField, string][] {
  return [
    ['aux', asSet(rule.aux, aliases.objectClass)],
    ['must', asSet(rule.must, aliases.attributeType)],
    ['may', asSet(rule.may, aliases.attributeType)],
    ['not', asSet(rule.not, aliases.attributeType)],
  ];
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
