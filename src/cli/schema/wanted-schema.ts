import { readSchemaFile } from '../../plan/schema/load-schema-target.ts';
import type { Schema, SchemaElement } from '../../schema/definition.ts';
import { loadShippedSchema } from '../../schema/shipped-schema.ts';
import { resolveRevision } from '../inputs/resolve-revision.ts';
import { formOfName } from '../../schema/schema-form.ts';

export interface WantedSchema {
  /** How messages call it. */
  readonly subject: string;
  readonly schema: Schema;
  /** Definitions that serve as well as those of the schema. */
  readonly accepted: readonly SchemaElement[];
}

/**
 * A revision by name, release or alias; or the file, where the name ends like that of a schema file.
 * @throws `USAGE`, `FILE_UNREADABLE`, `SCHEMA_INVALID`
 */
export async function wantedSchema(name: string): Promise<WantedSchema> {
  if (formOfName(name) !== undefined)
    return { subject: name, schema: await readSchemaFile(name), accepted: [] };
  const revision = resolveRevision(name);
  const schema = await loadShippedSchema(revision.name);
  return { subject: `schema ${revision.name}`, schema, accepted: revision.accepted };
}
