import { inquirerAsker } from './inquirer-asker.ts';
import { Interruption } from './interruption.ts';
import type { Io } from './io.ts';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a terminal or a pipe answers whose other end is gone. */
const READER_GONE = new Set(['EPIPE', 'EIO']);

/** The surroundings of a real process. The first Ctrl-C asks the command to stop, the second one kills. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  const controller = new AbortController();
  for (const name of ENDING_SIGNALS) process.once(name, () => controller.abort(new Interruption(name)));
  // A reader such as `head` may close stdout early, and a terminal be closed; that is no fault of ours.
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!READER_GONE.has(error.code ?? '')) throw error;
    });
  return {
    stdin,
    stdout,
    stderr,
    env,
    asker: stdin.isTTY && stderr.isTTY ? inquirerAsker(stdin, stderr) : undefined,
    colour: wantsColour(stdout, env),
    live: stderr.isTTY,
    signal: controller.signal,
  };
}

/** https://no-color.org, and FORCE_COLOR for CI logs that show colours. */
function wantsColour(stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stdout.isTTY && env['TERM'] !== 'dumb';
}
