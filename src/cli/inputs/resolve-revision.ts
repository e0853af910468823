import { KeystoneLdapError } from '../../errors.ts';
import { findRelease, RELEASES } from '../../releases/find-release.ts';
import { findSchemaRevision, SCHEMA_REVISIONS, type SchemaRevision } from '../../schema/shipped-schema.ts';

/**
 * The schema revision that goes by this name, or that the release of this name or alias uses.
 * @throws `USAGE` with the nearest name
 */
export function resolveRevision(name: string): SchemaRevision {
  const own = SCHEMA_REVISIONS.find((revision) => revision.name === name.toLowerCase());
  if (own !== undefined) return own;
  const { schema, title } = findRelease(name);
  if (schema.kind === 'revision') return findSchemaRevision(schema.revision);
  throw new KeystoneLdapError('USAGE', `${title} needs no schema of its own.`, {
    hint: `It uses what OpenLDAP ships: ${schema.modules.join(', ')}.`,
  });
}

/** Every name and alias of the releases that use a revision. */
export function releasesOf({ name }: SchemaRevision): readonly string[] {
  return RELEASES.filter(({ schema }) => schema.kind === 'revision' && schema.revision === name).flatMap(
    (release) => [release.name, ...release.aliases],
  );
}
