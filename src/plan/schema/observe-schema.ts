import { valuesOf, type Entry } from '../../directory/entry.ts';
import { equal } from '../../directory/filter.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { elementsOf, SCHEMA_ATTRIBUTES, type SchemaElement } from '../../schema/definition.ts';
import { parseSubschema, SUBSCHEMA_ATTRIBUTES } from '../../schema/parse-subschema.ts';

/**
 * All definitions that the server publishes in its subschema subentry (RFC 4512 section 4.2), which every identity may
 * read and which is the same for slapd.conf and cn=config.
 */
export async function observeSchema(session: Session): Promise<readonly SchemaElement[]> {
  const root = await session.read('', ['subschemaSubentry']);
  const subentry = root?.attributes['subschemaSubentry']?.[0] ?? 'cn=Subschema';
  const attributes = SUBSCHEMA_ATTRIBUTES.map(([, attribute]) => attribute);
  const entry = await session.read(subentry, attributes);
  if (entry === undefined)
    throw new KeystoneLdapError(
      'ACCESS_DENIED',
      `The schema of ${session.uri} (${subentry}) cannot be read.`,
      {
        hint: 'Let this identity read the root DSE and the subschema subentry, as slapd does unless an ACL forbids it.',
      },
    );
  const values = attributes.map((attribute) => [attribute, valuesOf(entry, attribute)] as const);
  return elementsOf(parseSubschema(Object.fromEntries(values)));
}

/** How the server keeps its configuration: only a directory of its own survives a restart with what LDAP changes. */
export type ConfigBackend =
  | { readonly kind: 'directory' }
  | { readonly kind: 'slapd.conf'; readonly file: string }
  | { readonly kind: 'unreadable' };

export interface ObservedConfig {
  readonly backend: ConfigBackend;
  /** The entries below `cn=schema,cn=config` with their definitions, in the text in which the server gives them. */
  readonly schemas: readonly Entry[];
}

/** Reads cn=config with an identity that may; what it may not see counts as unreadable. */
export async function observeConfig(config: Session): Promise<ObservedConfig> {
  const root = await config.read('cn=config', ['olcConfigDir', 'olcConfigFile', 'objectClass']);
  if (root === undefined) return { backend: { kind: 'unreadable' }, schemas: [] };
  const [file] = valuesOf(root, 'olcConfigFile');
  if (valuesOf(root, 'olcConfigDir').length === 0 && file !== undefined)
    return { backend: { kind: 'slapd.conf', file }, schemas: [] };
  const schemas: Entry[] = [];
  for await (const entry of config.search(SCHEMA_ENTRIES)) schemas.push(entry);
  return { backend: { kind: 'directory' }, schemas };
}

const SCHEMA_ENTRIES = {
  base: 'cn=schema,cn=config',
  scope: 'one',
  filter: equal('objectClass', 'olcSchemaConfig'),
  attributes: ['cn', 'olcObjectIdentifier', ...SCHEMA_ATTRIBUTES.map(([, attribute]) => attribute)],
} as const;
