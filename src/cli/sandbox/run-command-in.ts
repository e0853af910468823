import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KeystoneLdapError } from '../../errors.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { renderError } from '../terminal/render-error.ts';
import { passSignalsOn } from './pass-signals-on.ts';

/**
 * Runs a command with our own input and output and the given environment until it ends.
 * @returns what a shell would say of it: its exit code, 128 + N after signal N, 127 where there is no such program, 126
 *   where it cannot be run
 */
export async function runCommandIn(
  env: Io['env'],
  [program = '', ...args]: readonly string[],
  io: Io,
): Promise<ExitCode> {
  const child = spawn(program, args, {
    env,
    stdio: [inherited(io.stdin), inherited(io.stdout), inherited(io.stderr)],
  });
  connectStreams(child, io);
  const letGo = passSignalsOn(child, io.signal);
  try {
    return await exitCodeOf(child, program, io);
  } finally {
    letGo();
  }
}

function exitCodeOf(child: ChildProcess, program: string, io: Io): Promise<ExitCode> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      // One that has started still ends by itself.
      if (child.pid === undefined) resolve(cannotRun(program, error, io));
    });
    child.once('close', (exitCode, signal) =>
      resolve(signal === null ? (exitCode ?? 0) : 128 + constants.signals[signal]),
    );
  });
}

/** A stream of this process is handed on as it is, so that the command sees the terminal. */
function inherited(stream: Readable | Writable): number | 'pipe' {
  return 'fd' in stream && typeof stream.fd === 'number' ? stream.fd : 'pipe';
}

function connectStreams({ stdin, stdout, stderr }: ChildProcess, io: Io): void {
  // A command need not read its input to the end.
  if (stdin !== null) pipeline(io.stdin, stdin).catch(() => undefined);
  stdout?.pipe(io.stdout, { end: false });
  stderr?.pipe(io.stderr, { end: false });
}

function cannotRun(program: string, error: NodeJS.ErrnoException, io: Io): ExitCode {
  const why = START_FAULTS[error.code ?? ''] ?? error.message;
  const failure = new KeystoneLdapError('COMMAND_FAILED', `Cannot run ${program}: ${why}.`, { cause: error });
  io.stderr.write(renderError(failure, { colour: io.colour, debug: false }));
  return error.code === 'ENOENT' ? 127 : 126;
}

const START_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'it is not executable',
  ENOTDIR: 'a part of the path is not a directory',
};
