import { KeystoneLdapError } from '../../errors.ts';
import { compareSchema, type SchemaDifference } from '../../schema/compare-schema.ts';
import { elementsOf, type Schema, SCHEMA_ATTRIBUTES, type SchemaElement } from '../../schema/definition.ts';
import { isStandard } from '../../schema/standard-oids.ts';
import { formatDefinition } from '../../schema/format-definition.ts';
import type { Change, ValueEdit } from '../change.ts';
import { observeSchema } from './observe-schema.ts';
import { refuseConflicts } from './refuse-conflicts.ts';
import type { SchemaTarget, SchemaPorts } from './schema-target.ts';
import { storedDefinitions, type StoredDefinition } from './stored-definitions.ts';

/**
 * What loads the schema: nothing where it is there, a new entry below `cn=schema,cn=config`, or one Modify of the entry
 * that holds other definitions of it.
 * @throws `SCHEMA_CONFLICT` naming each definition that differs and who uses it, `SCHEMA_NOT_LOADABLE` where cn=config
 *   cannot be written and what to do instead
 */
export async function planSchema(ports: SchemaPorts, target: SchemaTarget): Promise<readonly Change[]> {
  const present = await observeSchema(ports.directory);
  const differences = compareSchema(target.schema, present, target.accepted);
  if (differences.length === 0) return [];
  const inTheWay = presentInTheWay(differences, present);
  await refuseConflicts(ports.directory, inTheWay, target, differences);
  const stored = await storedDefinitions(ports, target.includeFile);
  const missing = differences.map(({ wanted }) => wanted);
  return [changeOf(target.schema, missing, inTheWay, stored)];
}

/** Whatever has an OID or a name that a wanted definition needs. */
function presentInTheWay(
  differences: readonly SchemaDifference[],
  present: readonly SchemaElement[],
): readonly SchemaElement[] {
  const wanted = differences.map((difference) => difference.wanted);
  return present.filter((other) => wanted.some((definition) => collides(definition, other)));
}

function collides(a: SchemaElement, b: SchemaElement): boolean {
  if (a.element !== b.element) return false;
  const names = new Set(a.names.map((name) => name.toLowerCase()));
  return a.oid === b.oid || b.names.some((name) => names.has(name.toLowerCase()));
}

function changeOf(
  schema: Schema,
  missing: readonly SchemaElement[],
  inTheWay: readonly SchemaElement[],
  stored: readonly StoredDefinition[],
): Change {
  const label = `schema ${schema.name}`;
  const home = homeOf(schema, stored);
  if (home === undefined)
    return {
      kind: 'add-schema',
      dn: `cn=${schema.name},cn=schema,cn=config`,
      label,
      attributes: schemaAttributes(schema.name, missing),
    };
  const old = stored.filter(({ definition }) => inTheWay.some((other) => sameElement(other, definition)));
  const elsewhere = old.find(({ dn }) => dn !== home);
  if (elsewhere !== undefined || old.length < inTheWay.length)
    throw new KeystoneLdapError(
      'SCHEMA_CONFLICT',
      `Definitions of ${label} are spread over ${[...new Set([home, ...old.map(({ dn }) => dn)])].join(' and ')} or built in.`,
      {
        hint: 'Bring them together by hand first: they can only be replaced in one Modify of one entry.',
      },
    );
  const removed = (element: SchemaElement['element']): string[] =>
    old.filter(({ definition }) => definition.element === element).map(({ raw }) => raw);
  // Each kind refers to those before it: the last one goes first and comes last.
  const edits: ValueEdit[] = [
    ...SCHEMA_ATTRIBUTES.toReversed().map(([kind, attribute]) => ({
      attribute,
      remove: removed(kind),
      add: [],
    })),
    ...SCHEMA_ATTRIBUTES.map(([kind, attribute]) => ({
      attribute,
      remove: [],
      add: valuesOfKind(missing, kind),
    })),
  ];
  return {
    kind: 'modify-schema',
    dn: home,
    label,
    edits: edits.filter(({ remove, add }) => remove.length + add.length > 0),
  };
}

/** The entry that holds the most of the definitions with the OIDs of this schema, but none that came with the server. */
function homeOf(schema: Schema, stored: readonly StoredDefinition[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { dn, definition } of stored)
    if (!isStandard(definition) && elementsOf(schema).some((wanted) => collides(wanted, definition)))
      counts.set(dn, (counts.get(dn) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

function sameElement(a: SchemaElement, b: SchemaElement): boolean {
  return a.element === b.element && a.oid === b.oid;
}

function valuesOfKind(definitions: readonly SchemaElement[], kind: SchemaElement['element']): string[] {
  return definitions.filter(({ element }) => element === kind).map(formatDefinition);
}

/** A schema, or what is missing of it, as the attributes of its entry below `cn=schema,cn=config`. */
export function schemaAttributes(
  name: string,
  definitions: readonly SchemaElement[],
): Record<string, readonly string[]> {
  return {
    objectClass: ['olcSchemaConfig'],
    cn: [name],
    ...Object.fromEntries(
      SCHEMA_ATTRIBUTES.map(
        ([kind, attribute]) => [attribute, valuesOfKind(definitions, kind)] as const,
      ).filter(([, values]) => values.length > 0),
    ),
  };
}
