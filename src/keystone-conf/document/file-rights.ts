import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { chmod, chown, mkdir, rename, rmdir, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { codeOf } from '../../file-faults.ts';
import { existingFolder, removeAbandoned, temporaryPath } from '../../files.ts';

/** Why a file cannot have the rights of another; a clause. */
export class RightsLost extends Error {
  override readonly name = 'RightsLost';
}

/**
 * Gives a file, which is still its owner's only, the owner, group, mode, ACL and extended attributes of another.
 * The mode alone is not enough: with an ACL its group bits are the mask (acl(5)), which the group may not have.
 * @throws {@link RightsLost} if they cannot be kept
 */
export async function copyRights(from: string, to: string): Promise<void> {
  // Node knows neither ACLs nor extended attributes; elsewhere the mode says all that it can tell.
  if (platform() !== 'linux') {
    await copyMode(from, to);
    return;
  }
  const [{ exitCode, said }, version] = await Promise.all([
    run('cp', [...GNU_CP, '--', from, to]),
    run('cp', ['--version']),
  ]);
  if (exitCode === 0 && version.output?.includes('GNU coreutils') === true) {
    // It does not fail where this user may not give a file away.
    if (ownerAndMode(await stat(from)) !== ownerAndMode(await stat(to)))
      throw new RightsLost('this user may not give a file the same owner and group');
    return;
  }
  if (exitCode !== 0) {
    if (version.exitCode === 0) throw new RightsLost(`they cannot be copied: ${said}`);
    await requireNothingMore(from);
    await copyMode(from, to);
  }
  // Other programs take these options, too, and need not do what they say.
  await requireSameRights(from, to);
}

const GNU_CP = ['--preserve=mode,ownership,xattr', '--attributes-only'];

async function copyMode(from: string, to: string): Promise<void> {
  const [like, now] = [await stat(from), await stat(to)];
  if (now.uid !== like.uid || now.gid !== like.gid) await chown(to, like.uid, like.gid);
  await chmod(to, like.mode & 0o777);
}

/** Without the program that shows an ACL, only group bits that are all off prove that losing one widens nothing. */
async function requireNothingMore(path: string): Promise<void> {
  const [[acl], [attributes]] = await Promise.all([aclsOf(path), attributesOf(path)]);
  if (acl?.includes('mask::') === true) throw new RightsLost(`it has an ACL, and ${NO_GNU_CP}`);
  if (attributes !== undefined && attributes !== '')
    throw new RightsLost(`it has extended attributes, and ${NO_GNU_CP}`);
  if (acl === undefined && ((await stat(path)).mode & 0o070) !== 0)
    throw new RightsLost(`whether it has an ACL cannot be seen without getfacl, and ${NO_GNU_CP}`);
}

const NO_GNU_CP = 'the "cp" of this system cannot copy it; install coreutils, or acl and attr';

async function requireSameRights(from: string, to: string): Promise<void> {
  const pairs = await Promise.all([
    Promise.all([from, to].map(async (path) => ownerAndMode(await stat(path)))),
    aclsOf(from, to),
    attributesOf(from, to),
  ]);
  if (pairs.some(([wanted, got]) => wanted !== got)) throw new RightsLost('not all of them could be copied');
}

function ownerAndMode({ uid, gid, mode }: Stats): string {
  return `${uid}:${gid} ${mode.toString(8)}`;
}

/** As getfacl prints them; nothing if that is not installed. */
async function aclsOf(...paths: readonly string[]): Promise<readonly string[]> {
  const how = ['--omit-header', '--numeric', '--no-effective', '--absolute-names'];
  const { output } = await run('getfacl', [...how, '--', ...paths]);
  return output?.trim().split('\n\n') ?? [];
}

/** As getfattr prints them; nothing if that is not installed. */
async function attributesOf(...paths: readonly string[]): Promise<readonly string[]> {
  const how = ['--dump', '--match=-', '--encoding=hex', '--absolute-names'];
  const { output } = await run('getfattr', [...how, '--', ...paths]);
  if (output === undefined) return [];
  // A file without any is not mentioned.
  const byFile = new Map(output.split('\n\n').map((block) => [FILE.exec(block)?.[1], block] as const));
  return paths.map((path) => ofFile(byFile.get(path) ?? ''));
}

const FILE = /^# file: (.*)$/m;

function ofFile(block: string): string {
  const lines = block.split('\n').filter((line) => /^[^#=]+/.test(line) && !OF_THE_INODE.test(line));
  return lines.toSorted().join('\n');
}

/** What the kernel computes for each file, and the ACL once more. */
const OF_THE_INODE = /^(?:security\.(?:evm|ima)|system\.posix_acl_)/;

/**
 * Creates the folder and those above it that do not exist, for the readers of this file: they may enter and list what
 * they may read. Returns the new ones, the deepest first. They appear at once and with these rights: a run that is killed
 * must not leave a folder that the next run takes for the site's own.
 * @throws {@link RightsLost}
 */
export async function createFoldersFor(reader: string, folder: string): Promise<readonly string[]> {
  const parent = await existingFolder(folder);
  const missing = foldersBetween(resolve(folder), parent);
  const top = missing.at(-1);
  if (top === undefined) return [];
  await removeAbandoned(parent);
  const temporary = temporaryPath(parent);
  const created = missing.map((path) => join(temporary, relative(top, path)));
  try {
    for (const path of created.toReversed()) await mkdir(path, { mode: 0o700 });
    for (const path of created) await openFor(reader, path);
    await rename(temporary, top);
  } catch (error) {
    await removeFolders(created);
    throw error;
  }
  return missing;
}

function foldersBetween(folder: string, above: string): readonly string[] {
  return folder === above ? [] : [folder, ...foldersBetween(dirname(folder), above)];
}

/** Removes empty folders, the deepest first. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const path of folders) await rmdir(path).catch(() => undefined);
}

async function openFor(reader: string, folder: string): Promise<void> {
  const [like, now] = [await stat(reader), await stat(folder)];
  if (now.uid !== like.uid || now.gid !== like.gid) await chown(folder, like.uid, like.gid);
  const [acl] = await aclsOf(reader);
  const entries = acl
    ?.replace(/:(r[w-])-$/gm, ':$1x')
    .split('\n')
    .join(',');
  const isSet =
    entries !== undefined && (await run('setfacl', ['--set', entries, '--', folder])).exitCode === 0;
  if (isSet) return;
  if (acl?.includes('mask::') === true)
    throw new RightsLost(`the ACL of ${reader} cannot be given to the folder ${folder}`);
  await chmod(folder, entering(like.mode & 0o777));
}

/** Who may read a file may list and enter a folder. */
function entering(mode: number): number {
  return mode | ((mode & 0o444) >> 2);
}

interface Ran {
  readonly exitCode: number | undefined;
  /** What it printed, if it came to a good end. */
  readonly output: string | undefined;
  /** The last line of what it complained of. */
  readonly said: string;
}

function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(program, args, { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      const said = stderr.trim().split('\n').at(-1) ?? '';
      if (error === null) done({ exitCode: 0, output: stdout, said });
      else
        done({
          exitCode: typeof error.code === 'number' ? error.code : undefined,
          output: undefined,
          said: said || (codeOf(error) ?? error.message),
        });
    });
  });
}
