import type { ExitCode, Io } from '../terminal/io.ts';
import { holdSignals } from './hold-signals.ts';
import { leaveSandbox } from './leave-sandbox.ts';
import { runInSandbox } from './run-in-sandbox.ts';
import { startFilled, type FilledOptions } from './start-filled.ts';
import { stayWith } from './stay-with.ts';

export interface SandboxJob extends FilledOptions {
  /** The command to run in it; without one it stays. */
  readonly words: readonly string[] | undefined;
  /** Whether it stays without us. */
  readonly detach: boolean;
  readonly json: boolean;
}

/** Starts a sandbox, runs a command in it or stays with it, and stops it in every case but one: where it is let go. */
export async function runSandbox(job: SandboxJob, io: Io): Promise<ExitCode> {
  const letGo = holdSignals();
  try {
    return job.detach ? await leaveSandbox(job, io) : await run(job, io);
  } finally {
    letGo();
  }
}

async function run({ words, json, ...options }: SandboxJob, io: Io): Promise<ExitCode> {
  const { release, identities } = options;
  await using sandbox = await startFilled(options, io);
  return words === undefined
    ? await stayWith(sandbox, { release, isSeeded: identities !== undefined, json }, io)
    : await runInSandbox(sandbox, { release, words }, io);
}
