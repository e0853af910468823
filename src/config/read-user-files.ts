import { KeystoneLdapError, type Problem } from '../errors.ts';
import type { OpenFile } from '../identities/users/csv-users.ts';
import { FaultList } from '../identities/check/fault-list.ts';
import { FEW } from '../identities/users/gather-users.ts';
import type { User } from '../identities/identities.ts';
import { problemAt, type Position } from '../identities/read/source.ts';
import { userFile } from '../identities/users/user-file.ts';
import { joinSources, type UserSource } from '../identities/users/user-source.ts';

/** A file, and where it is named. */
export interface NamedFile {
  readonly path: string;
  readonly at: Position | undefined;
}

/** What CSV and LDIF files say. */
export interface UserFilesReading {
  /** Of all files, unless they are more than few. */
  readonly users: readonly User[];
  /** All of them, where they are more than few; each file can be read, and its rest is still to be checked. */
  readonly source?: UserSource;
  readonly problems: readonly Problem[];
}

/**
 * Reads users while they are few. Where they are more and something is wrong, here or, as `hasProblems` says, elsewhere, all
 * files are read to their ends for the problems that they have.
 */
export async function readUserFiles(
  files: readonly NamedFile[],
  open: OpenFile,
  hasProblems: boolean,
): Promise<UserFilesReading> {
  const looks: Look[] = [];
  for (const file of files)
    looks.push(await lookInto(file, open, FEW - looks.reduce((sum, { users }) => sum + users.length, 0)));
  const isFew = looks.every(({ isWhole }) => isWhole);
  if (!isFew && (hasProblems || looks.some(({ problems }) => problems.length > 0)))
    for (const [index, file] of files.entries())
      if (looks[index]?.isWhole === false) looks[index] = await lookInto(file, open, Infinity);
  const problems = looks.flatMap((look) => look.problems);
  if (isFew) return { users: looks.flatMap(({ users }) => users), problems };
  const sources = files.flatMap(({ path }) => userFile(path, open) ?? []);
  return { users: [], source: joinSources(sources), problems };
}

interface Look {
  readonly users: readonly User[];
  readonly problems: readonly Problem[];
  readonly isWhole: boolean;
}

/** Reads one user more than is asked for, so that a file that cannot be read is found in any case. */
async function lookInto({ path, at }: NamedFile, open: OpenFile, most: number): Promise<Look> {
  const users: User[] = [];
  const faults = new FaultList(false);
  let seen = 0;
  try {
    for await (const some of userFile(path, open)?.users(faults.onProblem) ?? []) {
      seen += some.length;
      if (seen > most) return { users, problems: faults.problems, isWhole: false };
      users.push(...some.slice(0, FEW - users.length));
    }
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    const itself = problemAt(at, error.message.replace(/\.$/, ''));
    (error.problems.length > 0 ? error.problems : [itself]).forEach(faults.onProblem);
  }
  return { users, problems: faults.problems, isWhole: true };
}
