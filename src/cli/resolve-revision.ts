import { findRelease, RELEASES } from '../releases/find-release.ts';
import { findSchemaRevision, SCHEMA_REVISIONS, type SchemaRevision } from '../schema/shipped-schema.ts';

/**
 * The schema revision that goes by this name, or that the release of this name or alias uses.
 * @throws `USAGE` with the nearest name
 */
export function resolveRevision(name: string): SchemaRevision {
  const own = SCHEMA_REVISIONS.find((revision) => revision.name === name.toLowerCase());
  return own ?? findSchemaRevision(findRelease(name).schemaRevision);
}

/** Every name and alias of the releases that use a revision. */
export function releasesOf({ name }: SchemaRevision): readonly string[] {
  return RELEASES.filter(({ schemaRevision }) => schemaRevision === name).flatMap((release) => [
    release.name,
    ...release.aliases,
  ]);
}
