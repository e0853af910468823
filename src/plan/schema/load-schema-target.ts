import { KeystoneLdapError } from '../../errors.ts';
import { readText } from '../../files.ts';
import type { Schema } from '../../schema/definition.ts';
import { formOfName, parseSchema } from '../../schema/schema-form.ts';
import { loadShippedSchema, SCHEMA_REVISIONS, shippedSchemaFiles } from '../../schema/shipped-schema.ts';
import type { InitTarget } from '../init-target.ts';
import type { SchemaTarget } from './schema-target.ts';

/** The schema that a release needs, or the user's own file in its place. */
export async function loadSchemaTarget({
  release,
  schemaFile,
  replaceSchema: replace,
}: Pick<InitTarget, 'release' | 'schemaFile' | 'replaceSchema'>): Promise<SchemaTarget> {
  if (schemaFile !== undefined)
    return { schema: await readSchemaFile(schemaFile), accepted: [], includeFile: schemaFile, replace };
  const { schema } = release;
  const revision = SCHEMA_REVISIONS.find(
    ({ name }) => schema.kind === 'revision' && name === schema.revision,
  );
  if (revision === undefined) throw new Error(`${release.name} has no schema of its own`);
  const includeFile = shippedSchemaFiles(revision.name).schema;
  return {
    schema: await loadShippedSchema(revision.name),
    accepted: revision.accepted,
    includeFile,
    replace,
  };
}

/**
 * A schema file in either form, told apart by its name.
 * @throws `FILE_UNREADABLE`, `SCHEMA_INVALID` with every problem, `USAGE` for another extension
 */
export async function readSchemaFile(path: string): Promise<Schema> {
  const form = formOfName(path);
  if (form !== undefined) return parseSchema(form, await readText(path), path);
  throw new KeystoneLdapError('USAGE', `${path} is neither a .schema nor a .ldif file.`, {
    hint: 'The format is detected from the file name: .schema for slapd.conf, .ldif for cn=config.',
  });
}
