import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { processStart } from './process-start.ts';
import type { SandboxRecord } from './sandbox-registry.ts';

/** Between two looks at a process that is no child of ours, of whose end nobody tells. */
const LOOK_EVERY_MS = 2;
const GONE_WITHIN_MS = 5_000;

/** Ends a sandbox that outlived its owner, and removes its folder; its port is free afterwards. */
export async function stopSandbox({ dir, slapdPid }: Pick<SandboxRecord, 'dir' | 'slapdPid'>): Promise<void> {
  if (slapdPid !== undefined) await kill(slapdPid);
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

async function kill(pid: number): Promise<void> {
  const start = await processStart(pid);
  if (start === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return; // It ended by itself meanwhile.
  }
  const deadline = Date.now() + GONE_WITHIN_MS;
  while ((await processStart(pid)) === start && Date.now() < deadline) await delay(LOOK_EVERY_MS);
}
