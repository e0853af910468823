import { pathToFileURL } from 'node:url';
import type { Attributes } from '../directory/entry.ts';
import { formatLdif, type LdifEntry } from '../directory/format-ldif.ts';

/** The rootdn of cn=config in every server that we configure. */
export const CONFIG_DN = 'cn=admin,cn=config';

/** Changes to the configuration of a sandbox; attributes named here replace ours. */
export interface SandboxTuning {
  /** Modules to load besides the backend, e.g. `ppolicy`; one that is built in is taken for loaded. */
  readonly modules?: readonly string[];
  /** Attributes of `cn=config`. */
  readonly global?: Attributes;
  /** Attributes of `olcDatabase={-1}frontend,cn=config`, e.g. `olcSizeLimit`. */
  readonly frontend?: Attributes;
  /** Attributes of `olcDatabase={1}mdb,cn=config`, e.g. `olcAccess`. */
  readonly database?: Attributes;
  /** Suffixes of further databases, `{2}mdb` and so on, otherwise like the first. */
  readonly moreSuffixes?: readonly string[];
  /** Entries put at the end, e.g. `olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config`. */
  readonly entries?: readonly LdifEntry[];
}

export interface ConfigParts {
  readonly schemaFiles: readonly string[];
  /** Absent where the backend is built in. */
  readonly modulePath: string | undefined;
  readonly moduleFiles: readonly string[];
  /** The identity that may do everything, in cn=config and in the data. */
  readonly manager: string;
  readonly configPasswordHash: string;
  readonly passwordHash: string;
  readonly databases: readonly Database[];
  readonly tuning: SandboxTuning;
}

export interface Database {
  readonly suffix: string;
  readonly directory: string;
}

/** Room in the address space only; the file grows with its content. */
const DATABASE_BYTES = 4 * 2 ** 30;

/** The cn=config of a sandbox, as slapadd(8) reads it. */
export function configLdif(parts: ConfigParts): string {
  const { tuning, schemaFiles } = parts;
  return [
    formatLdif([globalEntry(tuning.global), ...moduleEntries(parts), schemaEntry()]),
    `${schemaFiles.map((file) => `include: ${pathToFileURL(file).href}`).join('\n')}\n`,
    formatLdif([
      frontendEntry(tuning.frontend),
      configEntry(parts),
      ...parts.databases.map((database, index) => databaseEntry(parts, database, index + 1)),
      ...(tuning.entries ?? []),
    ]),
  ].join('\n');
}

function globalEntry(changes: Attributes = {}): LdifEntry {
  return { dn: 'cn=config', attributes: { objectClass: ['olcGlobal'], cn: ['config'], ...changes } };
}

function moduleEntries({ modulePath, moduleFiles }: ConfigParts): readonly LdifEntry[] {
  if (modulePath === undefined || moduleFiles.length === 0) return [];
  const attributes = {
    objectClass: ['olcModuleList'],
    cn: ['module{0}'],
    olcModulePath: [modulePath],
    olcModuleLoad: moduleFiles,
  };
  return [{ dn: 'cn=module{0},cn=config', attributes }];
}

function schemaEntry(): LdifEntry {
  return {
    dn: 'cn=schema,cn=config',
    attributes: { objectClass: ['olcSchemaConfig'], cn: ['schema'] },
  };
}

function frontendEntry(changes: Attributes = {}): LdifEntry {
  return {
    dn: 'olcDatabase={-1}frontend,cn=config',
    attributes: {
      objectClass: ['olcDatabaseConfig', 'olcFrontendConfig'],
      olcDatabase: ['{-1}frontend'],
      olcAccess: ['to dn.exact="" by * read', 'to dn.base="cn=Subschema" by * read'],
      ...changes,
    },
  };
}

function configEntry({ manager, configPasswordHash }: ConfigParts): LdifEntry {
  return {
    dn: 'olcDatabase={0}config,cn=config',
    attributes: {
      objectClass: ['olcDatabaseConfig'],
      olcDatabase: ['{0}config'],
      olcRootDN: [CONFIG_DN],
      olcRootPW: [configPasswordHash],
      olcAccess: [managedBy(manager)],
    },
  };
}

function databaseEntry(parts: ConfigParts, { suffix, directory }: Database, index: number): LdifEntry {
  return {
    dn: `olcDatabase={${index}}mdb,cn=config`,
    attributes: {
      objectClass: ['olcDatabaseConfig', 'olcMdbConfig'],
      olcDatabase: [`{${index}}mdb`],
      olcSuffix: [suffix],
      olcRootDN: [`cn=admin,${suffix}`],
      olcRootPW: [parts.passwordHash],
      olcDbDirectory: [directory],
      olcDbMaxSize: [String(DATABASE_BYTES)],
      olcDbNoSync: ['TRUE'],
      olcDbIndex: ['objectClass eq', 'cn,uid eq', 'member eq'],
      // The frontend's rules come after those of a database, so the manager must be named in each.
      olcAccess: [
        managedBy(parts.manager),
        'to attrs=userPassword by self write by anonymous auth by * none',
        'to * by * read',
      ],
      ...(index === 1 ? parts.tuning.database : undefined),
    },
  };
}

function managedBy(dn: string): string {
  return `to * by dn.exact="${dn}" manage by * break`;
}
