import { LIMITS, readStream, readWhole } from '../../bounded-input.ts';
import * as files from '../../files.ts';
import { strictSecret, strictText } from '../../strict-text.ts';
import type { Io } from './io.ts';

/** What errors call it. */
export const STDIN = 'standard input';

/** The text of a file, "-" being standard input. @throws `FILE_UNREADABLE`, `INPUT_INVALID` */
export async function readInput(path: string, { stdin }: Pick<Io, 'stdin'>): Promise<string> {
  if (path !== '-') return await files.readText(path);
  return strictText(await readWhole(readStream(stdin, STDIN), STDIN, LIMITS.whole), STDIN);
}

/** The text of a file with a password. @throws `FILE_UNREADABLE`, `INPUT_INVALID` */
export async function readSecretText(path: string, { stdin }: Pick<Io, 'stdin'>): Promise<string> {
  if (path !== '-') return await files.readSecretText(path);
  return strictSecret(await readWhole(readStream(stdin, STDIN), STDIN, LIMITS.secret), STDIN);
}

/** Both for several files: standard input can be read once only. */
export function inputReaders(io: Pick<Io, 'stdin'>) {
  let input: Promise<string> | undefined;
  return {
    readText: (path: string): Promise<string> =>
      path === '-' ? (input ??= readInput(path, io)) : readInput(path, io),
    readSecretText: files.readSecretText,
  };
}
