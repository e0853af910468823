import { KeystoneLdapError } from '../errors.ts';
import type { Io } from './io.ts';
import { ProgressLine } from './progress-line.ts';

/** Runs a task that says how far it is; Ctrl-C ends it at its next word. */
export async function withProgress<T>(
  io: Io,
  verb: string,
  task: (onStep: (done: number, total: number | undefined) => void) => Promise<T>,
): Promise<T> {
  const progress = new ProgressLine(io.stderr, io.live);
  try {
    return await task((done, total) => {
      if (io.signal.aborted) throw new KeystoneLdapError('CANCELLED', 'Interrupted.');
      progress.update(verb, done, total);
    });
  } finally {
    progress.end();
  }
}
