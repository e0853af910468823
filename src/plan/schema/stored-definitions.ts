import { valuesOf, type Entry } from '../../directory/entry.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { elementsOf, SCHEMA_ATTRIBUTES, type SchemaElement } from '../../schema/definition.ts';
import { readOidMacros } from '../../schema/oid-macros.ts';
import { parseSchemaEntry } from '../../schema/parse-schema-ldif.ts';
import { observeConfig } from './observe-schema.ts';
import type { SchemaPorts } from './schema-target.ts';

/** A definition as a value of cn=config, in the very text of the server, without which it cannot be deleted. */
export interface StoredDefinition {
  readonly dn: string;
  readonly definition: SchemaElement;
  readonly raw: string;
}

/** @throws `SCHEMA_NOT_LOADABLE` where cn=config cannot be written, with what to do instead */
export async function storedDefinitions(
  { openConfig }: Pick<SchemaPorts, 'openConfig'>,
  includeFile: string,
): Promise<readonly StoredDefinition[]> {
  await using config = await openConfig();
  const { backend, schemas } = await observeConfig(config);
  if (backend.kind === 'slapd.conf')
    throw new KeystoneLdapError(
      'SCHEMA_NOT_LOADABLE',
      `The server is configured by ${backend.file}, which LDAP cannot change.`,
      {
        hint: `Add the line "include ${includeFile}" to ${backend.file}, above the first "database" line, restart slapd, and run the command again.`,
      },
    );
  if (backend.kind === 'unreadable')
    throw new KeystoneLdapError(
      'SCHEMA_NOT_LOADABLE',
      `The schema is not loaded, and cn=config cannot be read at ${config.uri} with this identity.`,
      {
        hint:
          'Run this on the server as root with -H ldapi:///, or give --config-uri, --config-bind-dn and --config-password-file. ' +
          `If the server has a slapd.conf, add "include ${includeFile}" to it and restart slapd.`,
      },
    );
  const macros = readOidMacros(schemas.flatMap((entry) => valuesOf(entry, 'olcObjectIdentifier')));
  return schemas.flatMap((entry) => withRawValues(entry, elementsOf(parseSchemaEntry(entry, macros))));
}

function withRawValues(entry: Entry, definitions: readonly SchemaElement[]): StoredDefinition[] {
  const raws = SCHEMA_ATTRIBUTES.flatMap(([, attribute]) => valuesOf(entry, attribute));
  return definitions.map((definition, index) => ({ dn: entry.dn, definition, raw: raws[index] ?? '' }));
}
