import { KeystoneLdapError } from '../errors.ts';
import { packageFile, readText } from '../files.ts';
import type { Schema, SchemaElement } from './definition.ts';
import { parseSchemaText } from './parse-schema-text.ts';
import { parseSubschema } from './parse-subschema.ts';

/** One state of Keystone's own schema. */
export interface SchemaRevision {
  readonly name: 'blog' | '2011.3' | 'essex-1' | 'essex-3';
  readonly title: string;
  /** When Keystone's repository took it up. */
  readonly date: string;
  /** The commits and tags of Keystone that carried it. */
  readonly keystone: string;
  /** Definitions that Keystone's files of this revision also had, and that serve as well. */
  readonly accepted: readonly SchemaElement[];
}

export type SchemaRevisionName = SchemaRevision['name'];

/** Keystone's `.ldif` left out the `MUST cn` that its `.schema` had; every role has a cn as its RDN in any case. */
const ROLE_WITHOUT_CN = parseSubschema({
  attributeTypes: [],
  objectClasses: [
    `( 1.3.6.1.3.1.666.667.4.3 NAME 'keystoneRole' SUP top AUXILIARY
       MAY ( member $ description $ serviceId ) )`,
  ],
}).objectClasses;

/** All revisions that a release or milestone of Keystone carried, oldest first; see schema/README.md. */
export const SCHEMA_REVISIONS: readonly SchemaRevision[] = [
  {
    name: 'blog',
    title: 'The first complete schema: structural classes, users named by cn',
    date: '2011-08-12',
    keystone: 'commit b048286e1, no tag',
    accepted: [],
  },
  {
    name: '2011.3',
    title: 'Diablo: auxiliary classes, OIDs moved by one',
    date: '2011-08-23',
    keystone: 'commit 2f76856df, tags 2011.3 and 2011.3.1',
    accepted: ROLE_WITHOUT_CN,
  },
  {
    name: 'essex-1',
    title: 'First Essex milestones: keystoneName, mended',
    date: '2011-10-13',
    keystone: 'commit d50979411, tags essex-1 and essex-2',
    accepted: ROLE_WITHOUT_CN,
  },
  {
    name: 'essex-3',
    title: 'The last schema that Keystone shipped, mended',
    date: '2012-01-17',
    keystone: 'commit 3d0821197, tag essex-3',
    accepted: ROLE_WITHOUT_CN,
  },
];

/**
 * A revision by its name.
 * @throws `USAGE` with the names that exist
 */
export function findSchemaRevision(name: string): SchemaRevision {
  const found = SCHEMA_REVISIONS.find((revision) => revision.name === name);
  if (found !== undefined) return found;
  throw new KeystoneLdapError('USAGE', `"${name}" is not a revision of Keystone's schema.`, {
    hint: `Revisions: ${SCHEMA_REVISIONS.map((revision) => revision.name).join(', ')}.`,
  });
}

/** The paths of both forms of a revision, for an `include` line or for reading. */
export function shippedSchemaFiles(revision: SchemaRevisionName): {
  readonly schema: string;
  readonly ldif: string;
} {
  return {
    schema: packageFile(`schema/keystone/${revision}/keystone.schema`),
    ldif: packageFile(`schema/keystone/${revision}/keystone.ldif`),
  };
}

/** The definitions of a revision, from its `.schema` file; its `keystone.ldif` holds the same. */
export async function loadShippedSchema(revision: SchemaRevisionName): Promise<Schema> {
  const { schema } = shippedSchemaFiles(revision);
  return parseSchemaText(await readText(schema), schema);
}
