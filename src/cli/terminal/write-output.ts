import { randomUUID } from 'node:crypto';
import { createWriteStream, type Stats } from 'node:fs';
import { link, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KeystoneLdapError } from '../../errors.ts';
import { descriptorOf } from '../../files.ts';
import { codeOf, unwritable, type Unwritable } from '../../file-faults.ts';
import { copyRights, RightsLost } from '../../keystone-conf/document/file-rights.ts';

export interface OutputOptions extends Unwritable {
  /** The mode of a new file; one that exists keeps its rights. */
  readonly mode?: number;
  /** Refuses to replace a file. */
  readonly isNew?: boolean;
  readonly signal?: AbortSignal;
}

type Pieces = AsyncIterable<string> | Iterable<string>;

/**
 * Writes the file that an option names. It appears whole or not at all; a pipe or a device gets the text as it comes.
 * @throws `FILE_UNWRITABLE`, and what the pieces throw
 */
export async function writeOutput(path: string, pieces: Pieces, options: OutputOptions = {}): Promise<void> {
  const { signal } = options;
  try {
    const fd = descriptorOf(path);
    const existing = await stat(path).catch(absence);
    // Opened anew, a file behind a descriptor would be written from its start.
    if (fd !== undefined)
      await pipeline(Readable.from(pieces), createWriteStream(path, { fd, autoClose: false }));
    else if (existing === undefined || existing.isFile())
      await writeFileWhole(path, existing, pieces, options);
    else await pipeline(Readable.from(pieces), createWriteStream(path), { ...(signal && { signal }) });
  } catch (error) {
    if (signal?.aborted === true) throw new KeystoneLdapError('CANCELLED', 'Interrupted.', { cause: error });
    if (error instanceof RightsLost)
      throw unwritable(`write ${path}`, `its owner, mode and ACL cannot be kept: ${error.message}`);
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw unwritable(`write ${path}`, error, options);
  }
}

async function writeFileWhole(
  path: string,
  existing: Stats | undefined,
  pieces: Pieces,
  { mode = 0o666, isNew = false, signal }: OutputOptions,
): Promise<void> {
  const target =
    existing === undefined
      ? join(await realpath(dirname(resolve(path))), basename(path))
      : await realpath(path);
  const temporary = join(dirname(target), `.keystone-ldap.${randomUUID()}.tmp`);
  try {
    const out = createWriteStream(temporary, {
      flags: 'wx',
      mode: existing === undefined ? mode : 0o600,
      flush: true,
    });
    await pipeline(Readable.from(pieces), out, { ...(signal && { signal }) });
    if (existing !== undefined && !isNew) await copyRights(target, temporary);
    // Unlike a rename, a link fails if the name is taken.
    await (isNew ? link(temporary, target) : rename(temporary, target));
  } finally {
    await rm(temporary, { force: true });
  }
}

function absence(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
