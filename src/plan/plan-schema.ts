import { valuesOf, type Entry } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError, type Problem } from '../errors.ts';
import { compareSchema, type SchemaDifference } from '../schema/compare-schema.ts';
import { elementsOf, type Schema, type SchemaElement } from '../schema/definition.ts';
import { formatDefinition } from '../schema/format-definition.ts';
import { readOidMacros } from '../schema/oid-macros.ts';
import { parseSchemaEntry } from '../schema/parse-schema-ldif.ts';
import type { Change, ValueEdit } from './change.ts';
import { conflictText } from './conflict-text.ts';
import { observeConfig, observeSchema } from './observe-schema.ts';
import { schemaUsage } from './schema-usage.ts';

export interface SchemaTarget {
  readonly schema: Schema;
  /** Definitions that count as equal to the wanted one of the same OID. */
  readonly accepted: readonly SchemaElement[];
  /** The `.schema` file to include where the server is configured by slapd.conf. */
  readonly includeFile: string;
  /** Whether definitions that differ may be replaced, where no entry would be broken. */
  readonly replace: boolean;
}

export interface SchemaPorts {
  readonly directory: Session;
  readonly openConfig: () => Promise<Session>;
}

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

async function refuseConflicts(
  directory: Session,
  inTheWay: readonly SchemaElement[],
  { schema, replace }: SchemaTarget,
  differences: readonly SchemaDifference[],
): Promise<void> {
  const problems: Problem[] = [];
  let isUsed = false;
  for (const definition of inTheWay) {
    const usage = await schemaUsage(directory, definition);
    const breaks = usage.count > 0 && !isWidened(definition, schema);
    isUsed ||= breaks;
    if (breaks || !replace) problems.push({ message: conflictText(definition, differences, usage) });
  }
  if (problems.length === 0) return;
  throw new KeystoneLdapError(
    'SCHEMA_CONFLICT',
    `The server has other definitions than schema ${schema.name} needs; nothing was changed.`,
    {
      problems,
      hint: isUsed
        ? 'Move or delete these entries first (ldapsearch with the filter above finds them), or keep the release that they were made for.'
        : 'No entry is in the way: --replace-schema replaces the definitions in one step.',
    },
  );
}

/**
 * Whether every entry that fits the present class fits the wanted one too: nothing more is demanded and nothing that
 * was allowed is gone. Attribute types are never taken to be widened: values are stored in normalised form.
 */
function isWidened(present: SchemaElement, schema: Schema): boolean {
  const wanted = schema.objectClasses.find(({ oid }) => oid === present.oid);
  if (present.element !== 'objectClass' || wanted === undefined || wanted.kind !== present.kind) return false;
  const fold = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase());
  const allowed = new Set(fold([...wanted.must, ...wanted.may]));
  const demanded = new Set(fold(present.must));
  return (
    fold(wanted.must).every((name) => demanded.has(name)) &&
    fold([...present.must, ...present.may]).every((name) => allowed.has(name)) &&
    fold(present.names).every((name) => fold(wanted.names).includes(name)) &&
    fold(wanted.sup).toString() === fold(present.sup).toString()
  );
}

/** A definition as a value of cn=config, in the very text of the server, without which it cannot be deleted. */
interface StoredDefinition {
  readonly dn: string;
  readonly definition: SchemaElement;
  readonly raw: string;
}

async function storedDefinitions(
  ports: SchemaPorts,
  includeFile: string,
): Promise<readonly StoredDefinition[]> {
  await using config = await ports.openConfig();
  const { backend, schemas } = await observeConfig(config);
  if (backend.kind === 'slapd.conf')
    throw new KeystoneLdapError(
      'SCHEMA_NOT_LOADABLE',
      `The server is configured by ${backend.file}, which LDAP cannot change.`,
      {
        hint: `Add the line "include ${includeFile}" to ${backend.file}, above the first "database" line, restart slapd, and run the command again.`,
      },
    );
  if (backend.kind === 'unreadable')
    throw new KeystoneLdapError(
      'SCHEMA_NOT_LOADABLE',
      `The schema is not loaded, and cn=config cannot be read at ${config.uri} with this identity.`,
      {
        hint:
          'Run this on the server as root with -H ldapi:///, or give --config-uri, --config-bind-dn and --config-password-file. ' +
          `If the server has a slapd.conf, add "include ${includeFile}" to it and restart slapd.`,
      },
    );
  const macros = readOidMacros(schemas.flatMap((entry) => valuesOf(entry, 'olcObjectIdentifier')));
  return schemas.flatMap((entry) => withRawValues(entry, elementsOf(parseSchemaEntry(entry, macros))));
}

function withRawValues(entry: Entry, definitions: readonly SchemaElement[]): StoredDefinition[] {
  const raws = [...valuesOf(entry, 'olcAttributeTypes'), ...valuesOf(entry, 'olcObjectClasses')];
  return definitions.map((definition, index) => ({ dn: entry.dn, definition, raw: raws[index] ?? '' }));
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
      attributes: schemaAttributes(schema),
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
  const added = (element: SchemaElement['element']): string[] =>
    missing.filter((definition) => definition.element === element).map(formatDefinition);
  // Classes refer to attribute types, so they go first and come last.
  const edits: ValueEdit[] = [
    { attribute: 'olcObjectClasses', remove: removed('objectClass'), add: [] },
    { attribute: 'olcAttributeTypes', remove: removed('attributeType'), add: added('attributeType') },
    { attribute: 'olcObjectClasses', remove: [], add: added('objectClass') },
  ];
  return {
    kind: 'modify-schema',
    dn: home,
    label,
    edits: edits.filter(({ remove, add }) => remove.length + add.length > 0),
  };
}

/** The entry that holds the most of the definitions with the OIDs of this schema. */
function homeOf(schema: Schema, stored: readonly StoredDefinition[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { dn, definition } of stored)
    if (elementsOf(schema).some((wanted) => collides(wanted, definition)))
      counts.set(dn, (counts.get(dn) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

function sameElement(a: SchemaElement, b: SchemaElement): boolean {
  return a.element === b.element && a.oid === b.oid;
}

/** A schema as the attributes of its entry below `cn=schema,cn=config`. */
export function schemaAttributes(schema: Schema): Record<string, readonly string[]> {
  return {
    objectClass: ['olcSchemaConfig'],
    cn: [schema.name],
    olcAttributeTypes: schema.attributeTypes.map(formatDefinition),
    olcObjectClasses: schema.objectClasses.map(formatDefinition),
  };
}
