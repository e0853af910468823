import { inquirerAsker } from './inquirer-asker.ts';
import type { Io } from './io.ts';

/** The surroundings of a real process. The first Ctrl-C asks the command to stop, the second one kills. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  // A reader such as `head` may close stdout early; that is no fault of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
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
