import type { Identities } from '../../identities/identities.ts';
import { fillSandbox } from '../../plan/fill-sandbox.ts';
import type { Release } from '../../releases/release.ts';
import { requireSlapd } from '../../sandbox/require-slapd.ts';
import { startSandbox, type Sandbox } from '../../sandbox/start-sandbox.ts';
import type { Io } from '../terminal/io.ts';
import { remark } from '../terminal/output.ts';

export interface FilledOptions {
  readonly suffix: string | undefined;
  readonly port: number | undefined;
  readonly tls: boolean;
  /** The release whose schema and trees it is to have; an empty server unless told. */
  readonly release: Release | undefined;
  readonly identities: Identities | undefined;
}

/** Starts a sandbox and fills it. Ctrl-C stops that; once it is done, the sandbox is the caller's to stop. */
export async function startFilled(options: FilledOptions, io: Io): Promise<Sandbox> {
  const { suffix, port, tls } = options;
  const slapd = await requireSlapd(io.env);
  const starting = new AbortController();
  const onAbort = (): void => starting.abort();
  io.signal.addEventListener('abort', onAbort);
  if (io.signal.aborted) onAbort();
  const { signal } = starting;
  try {
    const sandbox = await startSandbox({ slapd, suffix, port, tls, signal });
    await fill(sandbox, { ...options, signal }, io);
    return sandbox;
  } finally {
    io.signal.removeEventListener('abort', onAbort);
  }
}

async function fill(
  sandbox: Sandbox,
  { release, identities, signal }: FilledOptions & { readonly signal: AbortSignal },
  io: Io,
): Promise<void> {
  if (release === undefined) return;
  try {
    const filling = { release, seed: identities ?? false, signal };
    for (const text of await fillSandbox(sandbox, filling)) remark(io, text);
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}
