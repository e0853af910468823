import { buildSchema, type Directive, type Place } from './build-schema.ts';
import type { Schema, SchemaElement } from './definition.ts';
import type { OidMacros } from './oid-macros.ts';
import { slapdWords } from './slapd-words.ts';
import { readStatements, type Statement } from './statements.ts';

/** The directives of a schema, in small letters as slapd.conf(5) has them. */
const DIRECTIVES: ReadonlyMap<string, SchemaElement['element']> = new Map([
  ['ldapsyntax', 'ldapSyntax'],
  ['attributetype', 'attributeType'],
  ['objectclass', 'objectClass'],
  ['ditcontentrule', 'contentRule'],
]);

const SUPPORTED =
  'a schema is made of objectidentifier, ldapsyntax, attributetype, objectclass and ditcontentrule';

/**
 * Reads a `.schema` file, the form that slapd.conf(5) includes; the schema has the name of the file.
 * @param macros those that files included before it define
 * @throws `SCHEMA_INVALID` with every problem, each with line, column and definition
 */
export function parseSchemaText(text: string, file: string, macros?: OidMacros): Schema {
  const directives = readStatements(text).map((statement) => directiveOf(statement, file));
  return buildSchema(schemaNameOf(file), directives, { subject: file, grammar: 'slapd', macros });
}

function directiveOf(statement: Statement, file: string): Directive {
  const place = { file, line: statement.line, column: 1 };
  const { words, unclosedQuote } = slapdWords(statement.text);
  const [keyword = '', argument = ''] = words;
  const kind = kindOf(keyword);
  const start = statement.text.indexOf('(');
  const placeOf = (offset: number): Place => ({ file, ...statement.placeOf(start + offset) });
  const fault = (message: string): Directive => ({ kind: 'fault', message, place, placeOf });
  if (kind === undefined) return fault(`"${keyword}" ${unsupported(keyword)}; ${SUPPORTED}.`);
  // Of the directives of a schema slapd reads only these without regard to double quotes.
  if (unclosedQuote && !DIRECTIVES.has(keyword.toLowerCase()))
    return fault(`${keyword} has a double quote (") that is not closed.`);
  if (kind === 'objectIdentifier') return { kind, words: words.slice(1), place, placeOf };
  const opens = kind === 'contentRule' ? start >= 0 : argument.startsWith('(');
  if (!opens) return fault(`${keyword} needs a blank and a definition in parentheses after it.`);
  return { kind, body: statement.text.slice(start), place, placeOf };
}

/** slapd takes whatever begins with "attribute", but for one directive of that name, and the others in full. */
function kindOf(keyword: string): SchemaElement['element'] | 'objectIdentifier' | undefined {
  const folded = keyword.toLowerCase();
  if (folded === 'objectidentifier') return 'objectIdentifier';
  if (folded.startsWith('attribute') && folded !== 'attributeoptions') return 'attributeType';
  return DIRECTIVES.get(folded);
}

function unsupported(keyword: string): string {
  switch (keyword.toLowerCase()) {
    case 'include':
      return 'takes in another file, which is an entry of its own in cn=config: convert it by itself';
    case 'attributeoptions':
      return 'is a setting of the server (olcAttributeOptions of cn=config), not of a schema';
    case 'dn:':
      return 'begins LDIF: give the file a name that ends in .ldif';
    default:
      return 'is not supported';
  }
}

function schemaNameOf(file: string): string {
  return file.replace(/^.*[/\\]/s, '').replace(/\.[^.]*$/, '');
}
