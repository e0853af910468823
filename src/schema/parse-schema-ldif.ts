import { parseDn } from '../directory/dn.ts';
import { type Entry, valuesOf } from '../directory/entry.ts';
import { type LdifRecord, parseLdif } from '../directory/ldif.ts';
import { isText } from '../directory/octets.ts';
import { KeystoneLdapError } from '../errors.ts';
import { buildSchema, type Directive, type Place } from './build-schema.ts';
import type { Schema } from './definition.ts';
import { type OidMacros, stripIndex } from './oid-macros.ts';

/** Attributes of olcSchemaConfig in the order in which slapd needs them. */
const DEFINING = ['olcObjectIdentifier', 'olcAttributeTypes', 'olcObjectClasses'];
const UNSUPPORTED = ['olcLdapSyntaxes', 'olcDitContentRules'];

/**
 * Reads the LDIF of one entry below `cn=schema,cn=config`, as it is loaded or as slapcat gives it; the schema has
 * the name of the entry.
 * @param macros those that entries loaded before it define
 * @throws `INPUT_INVALID` where it is no LDIF; `SCHEMA_INVALID` with every problem, each with line and definition
 */
export function parseSchemaLdif(text: string, file: string, macros?: OidMacros): Schema {
  const [record, another] = parseLdif(text, file);
  const name = record && nameOf(record.dn);
  if (record === undefined || name === undefined || another !== undefined)
    throw wrongEntry(file, another ?? record);
  requireText(record, file);
  const directives = [...DEFINING, ...UNSUPPORTED].flatMap((attribute) =>
    directivesOf(record, attribute, file),
  );
  return buildSchema(name, directives, { subject: file, macros });
}

/**
 * Reads an entry below `cn=schema,cn=config` of a running server; the definitions are in the order of its values.
 * @param macros those of the other schema entries: slapd gives definitions back with the macros they came with
 * @throws `SCHEMA_INVALID`
 */
export function parseSchemaEntry(entry: Entry, macros?: OidMacros): Schema {
  const directives = DEFINING.flatMap((attribute) =>
    valuesOf(entry, attribute).map((value) => directiveOf(attribute, value)),
  );
  return buildSchema(nameOf(entry.dn) ?? entry.dn, directives, { subject: entry.dn, macros });
}

/** `keystone` of `cn={4}keystone,cn=schema,cn=config`. */
function nameOf(dn: string): string | undefined {
  const [name, ...base] = parseDn(dn).map(([ava]) => ava);
  const path = base.map((ava) => `${ava?.type ?? ''}=${ava?.value ?? ''}`.toLowerCase()).join(',');
  if (path !== 'cn=schema,cn=config' || name?.type.toLowerCase() !== 'cn') return undefined;
  return stripIndex(name.value);
}

function wrongEntry(file: string, record: LdifRecord | undefined): KeystoneLdapError {
  const message = 'Exactly one entry cn=<name>,cn=schema,cn=config is wanted.';
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

function directivesOf(record: LdifRecord, attribute: string, file: string): readonly Directive[] {
  const name = Object.keys(record.lines).find((key) => key.toLowerCase() === attribute.toLowerCase());
  const lines = name === undefined ? [] : (record.lines[name] ?? []);
  return valuesOf(record, attribute).map((value, index) => {
    const line = lines[index];
    return directiveOf(attribute, value, { file, ...(line !== undefined && { line }) });
  });
}

/** Folds hide where in the file a character of a value is: the place is the line on which the value starts. */
function directiveOf(attribute: string, value: string, place: Place = {}): Directive {
  return {
    name: attribute,
    place,
    body: stripIndex(value),
    placeOf: () => place,
  };
}
