import { foldCase } from '../../directory/dn.ts';
import { formatLdif } from '../../directory/format-ldif.ts';
import { formatDefinition } from '../../schema/format-definition.ts';
import type { AttributeType, ObjectClass, SchemaElement } from '../../schema/definition.ts';
import { MATCHING_RULES } from '../../schema/matching-rules.ts';
import { isStandard } from '../../schema/standard-oids.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { REPORT_CLASS } from './reproduced-entry.ts';
import { isPublic, type SchemaLookup } from './schema-lookup.ts';
import { kindOfSyntax } from './value-kind.ts';

export interface SchemaSource {
  readonly schema: SchemaLookup;
  readonly names: Pseudonyms;
  /** Classes and attributes of entries and of keystone.conf. */
  readonly used: readonly string[];
}

const KEYSTONE = /^1\.3\.6\.1\.3\.1\.666\.667\./;
const TEXT = '1.3.6.1.4.1.1466.115.121.1.15';

/**
 * The definitions that the sandbox may lack, each in an entry of its own: what it has already is refused and no loss. The
 * site's own ones have other names and OIDs, and none has its description.
 */
export function reproducedSchema(source: SchemaSource): string {
  const needed = [...neededElements(source)].filter((element) => !isStandard(element));
  const attributes = needed.flatMap((one) => (one.element === 'attributeType' ? [one] : []));
  const classes = needed.flatMap((one) => (one.element === 'objectClass' ? [one] : []));
  const used = new Set([...attributes.flatMap(({ names }) => names), ...source.used].map(foldCase));
  const definitions = [
    ...attributes.map((one) => ['olcAttributeTypes', reproducedAttribute(one, source)] as const),
    ['olcObjectClasses', `( 1.1.2.0 NAME '${REPORT_CLASS}' SUP top STRUCTURAL )`] as const,
    ...classes.map((one) => ['olcObjectClasses', reproducedClass(one, source, used)] as const),
  ];
  return formatLdif(
    definitions.map(([attribute, definition], index) => ({
      dn: `cn=report${index + 1},cn=schema,cn=config`,
      attributes: {
        objectClass: ['olcSchemaConfig'],
        cn: [`report${index + 1}`],
        [attribute]: [definition],
      },
    })),
  );
}

/** Superior ones first, as slapd wants them. */
function neededElements({ schema, used }: SchemaSource): ReadonlySet<SchemaElement> {
  const needed = new Set<SchemaElement>();
  const add = (name: string): void => {
    for (const found of [schema.attribute(name), schema.objectClass(name)]) {
      if (found === undefined || needed.has(found)) continue;
      for (const above of [found.sup ?? []].flat()) add(above);
      if (found.element === 'objectClass') for (const one of found.must) add(one);
      needed.add(found);
    }
  };
  for (const { oid } of schema.elements) if (KEYSTONE.test(oid)) add(oid);
  for (const name of used) add(name);
  return needed;
}

/** Whose syntax the sandbox may not know becomes text; an operational one could not be written. */
function reproducedAttribute(found: AttributeType, { schema, names }: SchemaSource): string {
  const isKnown = kindOfSyntax(schema.syntaxOf(labelOf(found))) !== 'unsupported';
  const rule = (name: string | undefined): string | undefined =>
    name !== undefined && isKnown && MATCHING_RULES.has(foldCase(name)) ? name : undefined;
  return formatDefinition({
    ...found,
    ...renamed(found, names),
    sup: isKnown && found.sup !== undefined ? names.schemaName(found.sup) : undefined,
    equality: isKnown ? rule(found.equality) : 'caseIgnoreMatch',
    ordering: rule(found.ordering),
    substr: isKnown ? rule(found.substr) : 'caseIgnoreSubstringsMatch',
    syntax: isKnown ? (found.syntax ?? (found.sup === undefined ? TEXT : undefined)) : TEXT,
    noUserModification: false,
    collective: false,
    usage: 'userApplications',
  });
}

function reproducedClass(found: ObjectClass, { names }: SchemaSource, used: ReadonlySet<string>): string {
  const rename = (name: string): string => names.schemaName(name);
  return formatDefinition({
    ...found,
    ...renamed(found, names),
    sup: found.sup.map(rename),
    must: found.must.map(rename),
    may: found.may.filter((name) => used.has(foldCase(name))).map(rename),
  });
}

function renamed(found: SchemaElement, names: Pseudonyms) {
  const own = { names: found.names.map((name) => names.schemaName(name)), extensions: [] };
  const oid = isPublic(found) ? found.oid : names.oid(found.oid);
  return { ...own, oid, description: undefined, obsolete: false };
}

function labelOf({ names, oid }: SchemaElement): string {
  return names[0] ?? oid;
}
