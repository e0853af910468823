import type { Schema } from './definition.ts';
import { formatSchemaLdif, formatSchemaText } from './format-schema.ts';
import { parseSchemaLdif } from './parse-schema-ldif.ts';
import { parseSchemaText } from './parse-schema-text.ts';

/** `schema` is what slapd.conf includes, `ldif` what is loaded into cn=config. */
export type SchemaForm = 'schema' | 'ldif';

export const SCHEMA_FORMS: readonly SchemaForm[] = ['schema', 'ldif'];

/** The form that a file's name tells, if it does. */
export function formOfName(path: string): SchemaForm | undefined {
  return SCHEMA_FORMS.find((form) => path.endsWith(`.${form}`));
}

export function otherForm(form: SchemaForm): SchemaForm {
  return form === 'schema' ? 'ldif' : 'schema';
}

/** @throws `SCHEMA_INVALID` or `INPUT_INVALID` with every problem, by file and line */
export function parseSchema(form: SchemaForm, text: string, file: string): Schema {
  return form === 'schema' ? parseSchemaText(text, file) : parseSchemaLdif(text, file);
}

export function formatSchema(form: SchemaForm, schema: Schema): string {
  return form === 'schema' ? formatSchemaText(schema) : formatSchemaLdif(schema);
}
