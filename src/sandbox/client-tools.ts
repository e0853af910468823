import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findProgram } from './find-program.ts';
import type { Environment } from './environment.ts';

/** The folder, in the tree of a private copy, of `ldapsearch`, `ldapadd` and the like, ready to run. */
export const CLIENT_TOOLS_IN_TREE = 'client-tools';

/**
 * Makes the client tools of an unpacked tree runnable: each gets a script that tells the loader where its libraries are.
 * Slapd gets that from us, but these are run by others, to whose other programs those libraries would be foreign.
 */
export async function writeClientTools(root: string, libraryFolders: readonly string[]): Promise<void> {
  const names = (await readdir(join(root, 'usr/bin'))).filter((name) => name.startsWith('ldap'));
  const folder = join(root, CLIENT_TOOLS_IN_TREE);
  await mkdir(folder);
  const libraries = libraryFolders.map((path) => `$root/${path}`).join(':');
  for (const name of names)
    await writeFile(
      join(folder, name),
      '#!/bin/sh\nroot=$(cd "${0%/*}/.." && pwd)\n' +
        `LD_LIBRARY_PATH=${libraries} exec "$root/usr/bin/${name}" "$@"\n`,
      { mode: 0o755 },
    );
}

/** A client tool such as `ldapsearch`: the one in `PATH` by its name, else that of the private copy by its path. */
export async function findClientTool(
  name: string,
  { clientTools }: { readonly clientTools?: string | undefined },
  env: Environment,
): Promise<string | undefined> {
  if ((await findProgram(name, env)) !== undefined) return name;
  return clientTools === undefined ? undefined : join(clientTools, name);
}

/** A `PATH` in which the client tools are found, those of the machine first. */
export function pathWithClientTools(
  path: string | undefined,
  clientTools: string | undefined,
): string | undefined {
  if (clientTools === undefined) return path;
  return path ? `${path}${delimiter}${clientTools}` : clientTools;
}
