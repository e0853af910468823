import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeystoneLdapError } from '../errors.ts';
import { codeOf, unwritable } from '../file-faults.ts';
import { aptSource } from './apt-source.ts';
import { writeClientTools } from './client-tools.ts';
import { dnfSource } from './dnf-source.ts';
import { isOwnerAlive, ownedName, ownerOf } from './owned-name.ts';
import type { BuildFolder, FetchProgress, PackageSource } from './package-source.ts';
import { privateCopies, privateCopy, privateCopyPath } from './private-copy.ts';
import type { Environment } from './environment.ts';
import { lastLines, runCommand } from './run-command.ts';
import {
  installationAt,
  libraryFoldersOf,
  SLAPD_IN_TREE,
  type SlapdInstallation,
} from './slapd-installation.ts';
import { slapdMissing } from './slapd-missing.ts';

export interface FetchOptions extends FetchProgress {
  readonly env: Environment;
}

const SOURCES: readonly PackageSource[] = [aptSource, dnfSource];

/**
 * Makes the private copy of slapd and of the client tools from the distribution's packages, without root; a copy that works is kept.
 * Several may run at once: each builds in a folder of its own, and a finished tree moves into place in one step.
 * @throws `SLAPD_MISSING`, `CANCELLED`
 */
export async function fetchSlapd(options: FetchOptions): Promise<SlapdInstallation> {
  const { env, onStep, signal } = options;
  const present = await privateCopy(env);
  if (present !== undefined && (await isComplete(present))) return present;
  const source = await firstHere(env);
  if (source === undefined)
    throw slapdMissing('this machine has neither apt-get nor dnf with rpm2cpio and cpio to fetch it with');
  onStep(`fetching OpenLDAP's server with ${source.name} into ${await privateCopyPath(env)}`);
  return inBuildFolder(env, async (build) => {
    await source.unpackSlapd(build, { onStep, signal }).catch((error: unknown) => {
      throw isCancelled(error)
        ? error
        : slapdMissing(`${source.name} could not fetch one: ${wordsOf(error)}`, error);
    });
    return moveIntoPlace(build, env);
  });
}

/** Checks before it moves, so that what lies in place was complete and working once. */
async function moveIntoPlace(build: BuildFolder, env: Environment): Promise<SlapdInstallation> {
  const built = await installationAt(join(build.root, SLAPD_IN_TREE), 'private-copy');
  const fault = built === undefined ? 'the packages held no complete slapd' : await faultOf(built);
  if (fault !== undefined) throw slapdMissing(`the one just fetched does not run: ${fault}`);
  await writeClientTools(build.root, await libraryFoldersOf(build.root));
  const place = await privateCopyPath(env);
  for (let left = MOST_RACES; left > 0 && !(await renamed(build.root, place)); left -= 1) {
    const winner = await privateCopy(env);
    if (winner !== undefined && (await isComplete(winner))) return winner;
    await renamed(place, join(build.scratch, `replaced-${left}`));
  }
  const copy = await privateCopy(env);
  if (copy === undefined) throw slapdMissing(`${place} was removed while it was made`);
  return copy;
}

/** How often another run may put an incomplete copy in our way before we give up. */
const MOST_RACES = 3;

/** Renames a folder; `false` where the target is there already or the source is not. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  }
}

/** A copy that was fetched before the client tools came with it is fetched again. */
async function isComplete(copy: SlapdInstallation): Promise<boolean> {
  return copy.clientTools !== undefined && (await faultOf(copy)) === undefined;
}

/** Why a slapd cannot be run, in its own words. */
async function faultOf({ slapd, env }: SlapdInstallation): Promise<string | undefined> {
  const { exitCode, stderr } = await runCommand(slapd, ['-VV'], { env });
  return exitCode === 0 ? undefined : lastLines(stderr);
}

async function inBuildFolder<T>(env: Environment, build: (folder: BuildFolder) => Promise<T>): Promise<T> {
  const builds = join(privateCopies(env), 'builds');
  await makeFolder(builds);
  await removeAbandoned(builds);
  const folder = join(builds, await ownedName());
  const [scratch, root] = [join(folder, 'scratch'), join(folder, 'root')];
  await mkdir(scratch, { recursive: true });
  await mkdir(root);
  try {
    return await build({ scratch, root });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw unwritable(`make ${path}`, error, {
      hint: 'Set XDG_CACHE_HOME to a folder that you may write to.',
    });
  });
}

/** Builds whose process was killed. */
async function removeAbandoned(builds: string): Promise<void> {
  for (const name of await readdir(builds))
    if (ownerOf(name) !== undefined && !(await isOwnerAlive(name)))
      await rm(join(builds, name), { recursive: true, force: true });
}

async function firstHere(env: Environment): Promise<PackageSource | undefined> {
  for (const source of SOURCES) if (await source.isHere(env)) return source;
  return undefined;
}

function isCancelled(error: unknown): boolean {
  return error instanceof KeystoneLdapError && error.code === 'CANCELLED';
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
