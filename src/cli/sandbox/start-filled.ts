import { fillSandbox } from '../../plan/fill-sandbox.ts';
import type { Release } from '../../releases/release.ts';
import { requireSlapd } from '../../sandbox/require-slapd.ts';
import { startSandbox, type Sandbox } from '../../sandbox/start-sandbox.ts';
import type { Io } from '../io.ts';
import { remark } from '../output.ts';

export interface FilledOptions {
  readonly suffix: string | undefined;
  readonly port: number | undefined;
  /** The release whose schema and trees it is to have; an empty server unless told. */
  readonly release: Release | undefined;
  readonly seed: boolean;
}

/** Starts a sandbox and fills it. Ctrl-C stops that; once it is done, the sandbox is the caller's to stop. */
export async function startFilled({ suffix, port, release, seed }: FilledOptions, io: Io): Promise<Sandbox> {
  const slapd = await requireSlapd(io.env);
  const starting = new AbortController();
  const onAbort = (): void => starting.abort();
  io.signal.addEventListener('abort', onAbort);
  if (io.signal.aborted) onAbort();
  const { signal } = starting;
  try {
    const sandbox = await startSandbox({ slapd, suffix, port, signal });
    await fill(sandbox, { release, seed, signal }, io);
    return sandbox;
  } finally {
    io.signal.removeEventListener('abort', onAbort);
  }
}

async function fill(
  sandbox: Sandbox,
  { release, seed, signal }: Pick<FilledOptions, 'release' | 'seed'> & { readonly signal: AbortSignal },
  io: Io,
): Promise<void> {
  if (release === undefined) return;
  try {
    for (const text of await fillSandbox(sandbox, { release, seed, signal })) remark(io, text);
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}
