import { constants } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunningSlapd } from './running-slapd.ts';

/** The folders of the configuration and of the databases, as `start-sandbox.ts` names them. */
const FOLDERS = /^(?:slapd\.d|data\d+)$/;

/**
 * Copies configuration and databases of a server that nobody writes to now: LMDB's file is then complete while slapd
 * runs. What it returns puts the copies back while slapd is down for it, some 50 ms.
 */
export async function takeSnapshot(server: RunningSlapd): Promise<() => Promise<void>> {
  const { dir } = server;
  const folders = (await readdir(dir)).filter((name) => FOLDERS.test(name));
  const kept = await mkdtemp(join(dir, 'kept-'));
  await copyAll(folders, dir, kept);
  return () =>
    server.restart(async () => {
      await Promise.all(folders.map((name) => rm(join(dir, name), { recursive: true, force: true })));
      await copyAll(folders, kept, dir);
    });
}

async function copyAll(folders: readonly string[], from: string, to: string): Promise<void> {
  await Promise.all(
    folders.map((name) =>
      cp(join(from, name), join(to, name), {
        recursive: true,
        mode: constants.COPYFILE_FICLONE,
        // The table of readers is of the processes that have the file open.
        filter: (path) => basename(path) !== 'lock.mdb',
      }),
    ),
  );
}
