import { lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ldapiUri } from '../directory/ldap-uri.ts';
import { KeystoneLdapError } from '../errors.ts';
import { isOwnerAlive, ownedName, ownerOf } from './owned-name.ts';
import { runCommand } from './run-command.ts';
import { socketAnswers } from './socket-answers.ts';

/** A sandbox of this user, seen from outside. */
export interface SandboxRecord {
  readonly dir: string;
  /** The process that started it. */
  readonly ownerPid: number;
  readonly isOwnerAlive: boolean;
  readonly slapdPid: number | undefined;
}

/** The longest socket path that every system takes (sun_path of macOS, with the final NUL). */
const LONGEST_SOCKET_PATH = 103;

/** The socket of a sandbox. */
export function socketIn(dir: string): string {
  return join(dir, 'ldapi');
}

/** The value of slapd's `-h` option; no other process has it in its arguments. */
export function listenUrls(dir: string, port: number, ldapsPort?: number): string {
  const ldaps = ldapsPort === undefined ? '' : ` ldaps://127.0.0.1:${ldapsPort}`;
  return `${listenPrefix(dir)}127.0.0.1:${port}${ldaps}`;
}

/** Makes the folder of a new sandbox, which this process owns. @throws `FILE_UNWRITABLE` */
export async function createSandboxDir(): Promise<string> {
  const dir = join(await openRegistry(), await ownedName());
  await mkdir(dir, { mode: 0o700 });
  return dir;
}

/** The sandboxes of this user, living and dead. */
export async function listSandboxes(): Promise<readonly SandboxRecord[]> {
  return Promise.all(
    (await ownedDirs()).map(async ({ dir, name, ownerPid }) => ({
      dir,
      ownerPid,
      isOwnerAlive: await isOwnerAlive(name),
      slapdPid: await findSlapdOf(dir),
    })),
  );
}

/**
 * Ends what dead owners left behind: their slapd and their folder.
 * @returns the folders removed
 */
export async function reapSandboxes(): Promise<readonly string[]> {
  const reaped = await Promise.all(
    (await ownedDirs()).map(async ({ dir, name }) => ((await isOwnerAlive(name)) ? undefined : reap(dir))),
  );
  return reaped.filter((dir) => dir !== undefined);
}

async function ownedDirs(): Promise<readonly { name: string; dir: string; ownerPid: number }[]> {
  const registry = await openRegistry();
  return (await readdir(registry)).flatMap((name) => {
    const ownerPid = ownerOf(name);
    return ownerPid === undefined ? [] : [{ name, dir: join(registry, name), ownerPid }];
  });
}

async function reap(dir: string): Promise<string | undefined> {
  const slapdPid = await findSlapdOf(dir);
  // A slapd that answers and is not among our processes lives in another PID namespace that shares our /tmp.
  if (slapdPid === undefined && (await socketAnswers(socketIn(dir)))) return undefined;
  if (slapdPid !== undefined) kill(slapdPid);
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  return dir;
}

/** slapd is known by its arguments, which name its folder: a reused PID can never be taken for it. */
async function findSlapdOf(dir: string): Promise<number | undefined> {
  const mark = listenPrefix(dir);
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return findWithPs(mark);
  for (const pid of pids) {
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (args.split('\0').some((arg) => arg.startsWith(mark))) return Number(pid);
  }
  return undefined;
}

async function findWithPs(mark: string): Promise<number | undefined> {
  const { stdout } = await runCommand('ps', ['-axww', '-o', 'pid=,args=']);
  const line = stdout.split('\n').find((text) => text.includes(mark));
  return line === undefined ? undefined : Number.parseInt(line, 10);
}

function listenPrefix(dir: string): string {
  return `${ldapiUri(socketIn(dir))} ldap://`;
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
    throw unusable(path, error instanceof Error ? error.message : String(error), error);
  }
  // In a world-writable /tmp somebody else may have made it first.
  const found = await lstat(path);
  if (!found.isDirectory()) throw unusable(path, 'it is not a folder');
  if (found.uid !== uid) throw unusable(path, `it belongs to user ${found.uid}`);
  if ((found.mode & 0o077) !== 0) throw unusable(path, 'others may enter it');
  return path;
}

function unusable(path: string, why: string, cause?: unknown): KeystoneLdapError {
  return new KeystoneLdapError('FILE_UNWRITABLE', `Cannot keep sandboxes in ${path}: ${why}.`, {
    hint: 'Set TMPDIR to a folder that is yours, and whose path is short.',
    cause,
  });
}
