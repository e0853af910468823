import type { ExitCode, Io } from '../io.ts';
import { holdSignals } from './hold-signals.ts';
import { runInSandbox } from './run-in-sandbox.ts';
import { startFilled, type FilledOptions } from './start-filled.ts';
import { stayWith } from './stay-with.ts';

export interface SandboxJob extends FilledOptions {
  /** The command to run in it; without one it stays. */
  readonly words: readonly string[] | undefined;
  readonly json: boolean;
}

/** Starts a sandbox, runs a command in it or stays with it, and stops it in every case. */
export async function runSandbox(job: SandboxJob, io: Io): Promise<ExitCode> {
  const letGo = holdSignals();
  try {
    return await run(job, io);
  } finally {
    letGo();
  }
}

async function run({ words, json, ...options }: SandboxJob, io: Io): Promise<ExitCode> {
  const { release, seed } = options;
  await using sandbox = await startFilled(options, io);
  return words === undefined
    ? await stayWith(sandbox, { release, seed, json }, io)
    : await runInSandbox(sandbox, { release, words }, io);
}
