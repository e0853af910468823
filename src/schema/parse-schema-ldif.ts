import { parseDn } from '../directory/dn.ts';
import { type Entry, valuesOf } from '../directory/entry.ts';
import { type LdifRecord, parseLdif } from '../directory/ldif.ts';
import { isText } from '../directory/octets.ts';
import { KeystoneLdapError } from '../errors.ts';
import { buildSchema, type Directive, type Place } from './build-schema.ts';
import { type Schema, SCHEMA_ATTRIBUTES, type SchemaElement } from './definition.ts';
import { type OidMacros, stripIndex } from './oid-macros.ts';
import { SUBSCHEMA_ATTRIBUTES } from './parse-subschema.ts';

type Kind = SchemaElement['element'] | 'objectIdentifier';

/** Attributes of olcSchemaConfig in the order in which slapd needs them. */
const OF_CONFIG: readonly (readonly [Kind, string])[] = [
  ['objectIdentifier', 'olcObjectIdentifier'],
  ...SCHEMA_ATTRIBUTES,
];

/**
 * Reads the LDIF of one entry with a schema. Below `cn=schema,cn=config`, as it is loaded, as slapcat gives it or as
 * slapd keeps it in a file, the schema has the name of the entry; in the form of RFC 4512 (`dn: cn=schema`), which 389
 * Directory Server loads, that of the file.
 * @param macros those that entries loaded before it define
 * @throws `INPUT_INVALID` where it is no LDIF; `SCHEMA_INVALID` with every problem, each with line and definition
 */
export function parseSchemaLdif(text: string, file: string, macros?: OidMacros): Schema {
  const [record, another] = parseLdif(text, file);
  if (record === undefined || another !== undefined) throw wrongEntry(file, another ?? record);
  requireText(record, file);
  const name = nameOf(record.dn) ?? nameInFile(record);
  const isSubschema = name === undefined && isSubschemaEntry(record);
  if (name === undefined && !isSubschema) throw wrongEntry(file, record);
  const attributes = isSubschema ? SUBSCHEMA_ATTRIBUTES : OF_CONFIG;
  const directives = attributes.flatMap(([kind, attribute]) => directivesOf(record, kind, attribute, file));
  const subject = isSubschema ? `${file} (in the form of 389 Directory Server, dn: ${record.dn})` : file;
  return buildSchema(name ?? schemaNameOf(file), directives, { subject, grammar: 'slapd', macros });
}

/**
 * Reads an entry below `cn=schema,cn=config` of a running server; the definitions are in the order of its values.
 * @param macros those of the other schema entries: slapd gives definitions back with the macros they came with
 * @throws `SCHEMA_INVALID`
 */
export function parseSchemaEntry(entry: Entry, macros?: OidMacros): Schema {
  const directives = OF_CONFIG.flatMap(([kind, attribute]) =>
    valuesOf(entry, attribute).map((value) => directiveOf(kind, value)),
  );
  return buildSchema(nameOf(entry.dn) ?? entry.dn, directives, {
    subject: entry.dn,
    grammar: 'any server',
    macros,
  });
}

/** `keystone` of `cn={4}keystone,cn=schema,cn=config`. */
function nameOf(dn: string): string | undefined {
  const [name, ...base] = parseDn(dn).map(([ava]) => ava);
  const path = base.map((ava) => `${ava?.type ?? ''}=${ava?.value ?? ''}`.toLowerCase()).join(',');
  if (path !== 'cn=schema,cn=config' || name?.type.toLowerCase() !== 'cn') return undefined;
  return stripIndex(name.value);
}

/** The same of the file in which slapd keeps the entry, which has no more than the RDN: `dn: cn={4}keystone`. */
function nameInFile(record: LdifRecord): string | undefined {
  const [rdn, ...above] = parseDn(record.dn);
  const [name] = rdn ?? [];
  const isConfig = valuesOf(record, 'objectClass').some((one) => one.toLowerCase() === 'olcschemaconfig');
  if (!isConfig || above.length > 0 || name?.type.toLowerCase() !== 'cn') return undefined;
  return name.value.toLowerCase() === 'schema' ? undefined : stripIndex(name.value);
}

function isSubschemaEntry(record: LdifRecord): boolean {
  const dn = parseDn(record.dn).map(([ava]) => `${ava?.type ?? ''}=${ava?.value ?? ''}`.toLowerCase());
  return dn.length === 1 && (dn[0] === 'cn=schema' || dn[0] === 'cn=subschema');
}

function schemaNameOf(file: string): string {
  return file.replace(/^.*[/\\]/s, '').replace(/\.[^.]*$/, '');
}

function wrongEntry(file: string, record: LdifRecord | undefined): KeystoneLdapError {
  const message =
    'Exactly one entry cn=<name>,cn=schema,cn=config is wanted, or one cn=schema with attributeTypes and objectClasses.';
  const where = { file, ...(record !== undefined && { line: record.line }) };
  return new KeystoneLdapError('SCHEMA_INVALID', `${file} does not hold one schema entry.`, {
    problems: [{ message, ...where }],
  });
}

/** @throws `INPUT_INVALID` */
function requireText({ attributes, lines }: LdifRecord, file: string): void {
  const problems = Object.entries(attributes).flatMap(([name, values]) =>
    values.flatMap((value, index) => {
      const line = lines[name]?.[index];
      const message = `The value of ${name} holds bytes that are not text in UTF-8.`;
      return isText(value) ? [] : [{ message, file, ...(line !== undefined && { line }) }];
    }),
  );
  if (problems.length > 0) throw new KeystoneLdapError('INPUT_INVALID', `${file} is not text.`, { problems });
}

function directivesOf(record: LdifRecord, kind: Kind, attribute: string, file: string): readonly Directive[] {
  const name = Object.keys(record.lines).find((key) => key.toLowerCase() === attribute.toLowerCase());
  const lines = name === undefined ? [] : (record.lines[name] ?? []);
  return valuesOf(record, attribute).map((value, index) => {
    const line = lines[index];
    return directiveOf(kind, value, { file, ...(line !== undefined && { line }) });
  });
}

/** Folds hide where in the file a character of a value is: the place is the line on which the value starts. */
function directiveOf(kind: Kind, value: string, place: Place = {}): Directive {
  const body = stripIndex(value);
  const placeOf = () => place;
  return kind === 'objectIdentifier'
    ? { kind, words: body.trim().split(/\s+/), place, placeOf }
    : { kind, body: body.replace(/^[ \t]+/, ''), place, placeOf };
}
