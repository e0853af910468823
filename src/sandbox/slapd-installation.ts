import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CLIENT_TOOLS_IN_TREE } from './client-tools.ts';
import { isExecutable } from './find-program.ts';

/** Where a slapd was found. */
export type SlapdOrigin = 'env' | 'path' | 'known-place' | 'private-copy';

/** A slapd that can be started, with the files it needs. */
export interface SlapdInstallation {
  readonly slapd: string;
  readonly origin: SlapdOrigin;
  /** The folder of `core.ldif`, `cosine.schema` and so on. */
  readonly schemaDir: string;
  /** The folder of the loadable modules; absent where backends and overlays are built in. */
  readonly modulePath?: string;
  /** The folder of the client tools that were fetched with it. */
  readonly clientTools?: string;
  /** What slapd's environment must have besides our own, e.g. `LD_LIBRARY_PATH` of a private copy. */
  readonly env: Readonly<Record<string, string>>;
}

/** The path of slapd in an unpacked package, on every distribution that we fetch packages of. */
export const SLAPD_IN_TREE = 'usr/sbin/slapd';

/**
 * Describes the slapd at a path: schema and modules are looked for around it, so that a slapd in `/usr/local`
 * or in an unpacked package uses its own. `undefined` where it cannot be run or no schema goes with it.
 */
export async function installationAt(
  slapd: string,
  origin: SlapdOrigin,
): Promise<SlapdInstallation | undefined> {
  if (!(await isExecutable(slapd))) return undefined;
  const prefix = dirname(dirname(slapd)); // /usr of /usr/sbin/slapd
  const schemaDir = await firstWith('core.ldif', schemaPlaces(prefix));
  if (schemaDir === undefined) return undefined;
  const modulePath = await firstModulePath(prefix);
  const clientTools = join(dirname(prefix), CLIENT_TOOLS_IN_TREE);
  return {
    slapd,
    origin,
    schemaDir,
    ...(modulePath !== undefined && { modulePath }),
    ...((await exists(clientTools)) && { clientTools }),
    env: { ...WITHOUT_DNS, ...(await libraryPath(slapd)) },
  };
}

/** A module as `olcModuleLoad` names it; `undefined` where it is built in, or does not exist at all. */
export async function moduleFile(
  { modulePath }: SlapdInstallation,
  name: string,
): Promise<string | undefined> {
  const file = `${name}.so`;
  return modulePath !== undefined && (await exists(join(modulePath, file))) ? file : undefined;
}

function schemaPlaces(prefix: string): readonly string[] {
  const homebrew = dirname(dirname(prefix)); // /opt/homebrew of /opt/homebrew/opt/openldap
  const roots = [prefix, dirname(prefix), homebrew, '/'];
  return roots.flatMap((root) => [join(root, 'etc/ldap/schema'), join(root, 'etc/openldap/schema')]);
}

async function firstModulePath(prefix: string): Promise<string | undefined> {
  const places = ['lib/ldap', 'lib64/openldap', 'lib/openldap', 'libexec/openldap'];
  for (const place of places) {
    const names = await namesIn(join(prefix, place));
    if (names.some((name) => name.endsWith('.so'))) return join(prefix, place);
  }
  return undefined;
}

/**
 * slapd asks for the full name of its host when it starts, of which a throw-away server has no use. Where
 * neither /etc/hosts nor DNS knows the name, that costs seconds; resolv.conf(5) with no attempts gives up at once.
 */
const WITHOUT_DNS = { RES_OPTIONS: 'attempts:0' } as const;

/** A slapd in a tree of its own brings its shared libraries along; the loader must be told. */
async function libraryPath(slapd: string): Promise<Readonly<Record<string, string>>> {
  const root = slapd.endsWith(`/${SLAPD_IN_TREE}`) ? slapd.slice(0, -SLAPD_IN_TREE.length - 1) : '';
  if (root === '') return {};
  const folders = await libraryFoldersOf(root);
  return { LD_LIBRARY_PATH: folders.map((folder) => join(root, folder)).join(':') };
}

/** The folders of shared libraries in a tree of unpacked packages, by their paths in it. */
export async function libraryFoldersOf(root: string): Promise<readonly string[]> {
  const parents = ['usr/lib', 'usr/lib64', 'lib', 'lib64'];
  const multiarch = await Promise.all(
    parents.map(async (parent) =>
      (await namesIn(join(root, parent)))
        .filter((name) => name.includes('-linux-'))
        .map((name) => join(parent, name)),
    ),
  );
  return [...multiarch.flat(), ...parents];
}

async function firstWith(file: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) if (await exists(join(folder, file))) return folder;
  return undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
