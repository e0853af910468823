import { buildSchema, type Directive, type Place } from './build-schema.ts';
import type { Schema } from './definition.ts';
import type { OidMacros } from './oid-macros.ts';
import { readStatements, type Statement } from './statements.ts';

/** A keyword in any case, and the colon that some files have after it (slapd takes `attributetype:` too). */
const KEYWORD = /^\s*([^\s(:]*):?\s*/;

/**
 * Reads a `.schema` file, the form that slapd.conf(5) includes; the schema has the name of the file.
 * @param macros those that files included before it define
 * @throws `SCHEMA_INVALID` with every problem, each with line, column and definition
 */
export function parseSchemaText(text: string, file: string, macros?: OidMacros): Schema {
  const directives = readStatements(text).map((statement) => directiveOf(statement, file));
  return buildSchema(schemaNameOf(file), directives, { subject: file, macros });
}

function directiveOf(statement: Statement, file: string): Directive {
  const [lead = '', keyword = ''] = KEYWORD.exec(statement.text) ?? [];
  return {
    name: keyword,
    place: { file, line: statement.line, column: 1 },
    body: statement.text.slice(lead.length),
    placeOf: (offset) => placeIn(statement, file, lead.length + offset),
  };
}

function placeIn(statement: Statement, file: string, offset: number): Place {
  const above = statement.text.slice(0, offset).split('\n');
  return {
    file,
    line: statement.line + above.length - 1,
    column: (above.at(-1)?.length ?? 0) + 1,
  };
}

function schemaNameOf(file: string): string {
  return file.replace(/^.*[/\\]/s, '').replace(/\.[^.]*$/, '');
}
