import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { KeystoneLdapError } from '../errors.ts';
import { unwritable } from '../file-faults.ts';
import { readCard, type SandboxCard } from './sandbox-card.ts';
import { findSlapds, type FoundSlapd } from './find-slapds.ts';
import { socketIn } from './listen-urls.ts';
import { idOf, isOwnerAlive, ownedName, ownerOf } from './owned-name.ts';
import { socketAnswers } from './socket-answers.ts';

/** A sandbox of this user, seen from outside. */
export interface SandboxRecord {
  /** What people call it by. */
  readonly id: string;
  readonly dir: string;
  /** The process that started it. */
  readonly ownerPid: number;
  readonly isOwnerAlive: boolean;
  /** Absent where slapd does not run. */
  readonly slapdPid: number | undefined;
  readonly uri: string | undefined;
  /** What one that outlives its owner says of itself. */
  readonly card: SandboxCard | undefined;
  /** `false` where somebody removed the folder under a slapd that runs. */
  readonly hasFolder: boolean;
}

/** The longest socket path that every system takes (sun_path of macOS, with the final NUL). */
const LONGEST_SOCKET_PATH = 103;

/** Makes the folder of a new sandbox, which this process owns. @throws `FILE_UNWRITABLE` */
export async function createSandboxDir(): Promise<string> {
  const dir = join(await openRegistry(), await ownedName());
  await mkdir(dir, { mode: 0o700 });
  return dir;
}

/** The sandboxes of this user, living and dead. */
export async function listSandboxes(): Promise<readonly SandboxRecord[]> {
  const registry = await openRegistry();
  const slapds = await findSlapds(registry);
  const dirs = await ownedDirs(registry);
  const lost = slapds.map(({ dir }) => dir).filter((dir) => !dirs.includes(dir));
  return Promise.all(
    [...dirs, ...new Set(lost)].map(async (dir) => {
      const slapd = slapds.find((one) => one.dir === dir);
      const name = basename(dir);
      return {
        id: idOf(name),
        dir,
        ownerPid: ownerOf(name) ?? 0,
        isOwnerAlive: await isOwnerAlive(name),
        slapdPid: slapd?.pid,
        uri: slapd?.uri,
        card: await readCard(dir),
        hasFolder: dirs.includes(dir),
      };
    }),
  );
}

/**
 * Ends what dead owners left behind: their slapd and their folder. A server that was meant to outlive its owner goes
 * only when its slapd has ended, with the machine for instance.
 * @returns the folders removed
 */
export async function reapSandboxes(): Promise<readonly string[]> {
  const registry = await openRegistry();
  const dirs = await ownedDirs(registry);
  const alive = await Promise.all(dirs.map((dir) => isOwnerAlive(basename(dir))));
  const ownerless = dirs.filter((_, at) => alive[at] !== true);
  if (ownerless.length === 0) return [];
  const slapds = await findSlapds(registry);
  const reaped = await Promise.all(ownerless.map((dir) => reap(dir, slapds)));
  return reaped.filter((dir) => dir !== undefined);
}

async function ownedDirs(registry: string): Promise<readonly string[]> {
  const names = (await readdir(registry)).filter((name) => ownerOf(name) !== undefined);
  return names.map((name) => join(registry, name));
}

async function reap(dir: string, slapds: readonly FoundSlapd[]): Promise<string | undefined> {
  const slapd = slapds.find((one) => one.dir === dir);
  if (slapd !== undefined && (await readCard(dir)) !== undefined) return undefined;
  // A slapd that answers and is not among our processes lives in another PID namespace that shares our /tmp.
  if (slapd === undefined && (await socketAnswers(socketIn(dir)))) return undefined;
  if (slapd !== undefined) kill(slapd.pid);
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  return dir;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

/** `keystone-ldap-UID` in the system's temporary folder, ours alone. */
async function openRegistry(): Promise<string> {
  const uid = process.geteuid?.() ?? 0;
  const name = `keystone-ldap-${uid}`;
  const longest = join(tmpdir(), name, '4194304-zzzzzzzz-ffffff', 'ldapi');
  const path = join(longest.length > LONGEST_SOCKET_PATH ? '/tmp' : tmpdir(), name);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(path, error);
  }
  // In a world-writable /tmp somebody else may have made it first.
  const found = await lstat(path);
  if (!found.isDirectory()) throw unusable(path, 'it is not a folder');
  if (found.uid !== uid) throw unusable(path, `it belongs to user ${found.uid}`);
  if ((found.mode & 0o077) !== 0) throw unusable(path, 'others may enter it');
  return path;
}

function unusable(path: string, cause: unknown): KeystoneLdapError {
  return unwritable(`keep sandboxes in ${path}`, cause, {
    hint: 'Set TMPDIR to a folder that is yours, and whose path is short.',
  });
}
