import { inquirerAsker } from './inquirer-asker.ts';
import { Interruption } from './interruption.ts';
import type { Io } from './io.ts';
import { ProcessOutput } from './process-output.ts';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The surroundings of a real process. The first Ctrl-C asks the command to stop, the second one kills. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  const controller = new AbortController();
  for (const name of ENDING_SIGNALS) process.once(name, () => controller.abort(new Interruption(name)));
  return {
    stdin,
    stdout: new ProcessOutput(stdout, 'standard output'),
    stderr: new ProcessOutput(stderr, 'standard error'),
    env,
    asker: stdin.isTTY && stderr.isTTY ? inquirerAsker(stdin, stderr, controller.signal) : undefined,
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
