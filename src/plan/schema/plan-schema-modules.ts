import { elementsOf } from '../../schema/definition.ts';
import { readBytesIfPresent } from '../../files.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { parseSchemaLdif } from '../../schema/parse-schema-ldif.ts';
import type { AddSchema } from '../change.ts';
import { observeConfig, observeSchema } from './observe-schema.ts';
import { schemaAttributes } from './plan-schema.ts';
import type { SchemaPorts } from './schema-target.ts';

/** By which class one sees that a module that OpenLDAP ships is loaded. */
const TELLING_CLASS: Readonly<Record<string, string>> = {
  core: 'groupOfNames',
  cosine: 'account',
  inetorgperson: 'inetOrgPerson',
};

/** Where distributions put the LDIF files of the modules. */
const FOLDERS = ['/etc/ldap/schema', '/etc/openldap/schema', '/usr/local/etc/openldap/schema'];

/**
 * What loads the standard modules that are missing, from the files that OpenLDAP has on this machine.
 * @throws `SCHEMA_NOT_LOADABLE` where the files are not here or cn=config cannot be written, and what to do instead
 */
export async function planSchemaModules(
  ports: SchemaPorts,
  modules: readonly string[],
): Promise<readonly AddSchema[]> {
  const classes = (await observeSchema(ports.directory)).filter(({ element }) => element === 'objectClass');
  const known = new Set(classes.flatMap(({ names }) => names.map((name) => name.toLowerCase())));
  const missing = modules.filter((module) => !known.has((TELLING_CLASS[module] ?? module).toLowerCase()));
  if (missing.length === 0) return [];
  await requireWritable(ports, missing);
  return await Promise.all(missing.map(addModule));
}

async function requireWritable(
  { openConfig, directory }: SchemaPorts,
  missing: readonly string[],
): Promise<void> {
  await using config = await openConfig();
  const { backend } = await observeConfig(config);
  if (backend.kind === 'directory') return;
  const file = backend.kind === 'slapd.conf' ? backend.file : 'slapd.conf';
  throw new KeystoneLdapError(
    'SCHEMA_NOT_LOADABLE',
    `The schema of ${directory.uri} lacks ${missing.join(', ')}, and cn=config cannot be changed there.`,
    {
      hint: `Add ${missing.map((module) => `"include ${FOLDERS[0] ?? ''}/${module}.schema"`).join(', ')} to ${file} and restart slapd, or give --config-uri and an identity that may write cn=config.`,
    },
  );
}

async function addModule(module: string): Promise<AddSchema> {
  for (const folder of FOLDERS) {
    const file = `${folder}/${module}.ldif`;
    const bytes = await readBytesIfPresent(file);
    if (bytes === undefined) continue;
    const schema = parseSchemaLdif(bytes.toString('utf8'), file);
    const dn = `cn=${schema.name},cn=schema,cn=config`;
    return {
      kind: 'add-schema',
      dn,
      label: `schema ${schema.name}`,
      attributes: schemaAttributes(schema.name, elementsOf(schema)),
    };
  }
  throw new KeystoneLdapError(
    'SCHEMA_NOT_LOADABLE',
    `The server's schema lacks ${module}, and this machine has no ${module}.ldif of OpenLDAP to load.`,
    {
      hint: `Run this on the server, or load it there: ldapadd -Y EXTERNAL -H ldapi:/// -f ${FOLDERS[0] ?? ''}/${module}.ldif`,
    },
  );
}
