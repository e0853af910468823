import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Whether a process runs; one that has ended and that its parent has not yet asked about does not. */
export function isRunning(pid: number): boolean {
  const state = existsSync('/proc/self/stat') ? stateInProc(pid) : stateFromPs(pid);
  return state !== undefined && state !== 'Z';
}

/** proc(5): the state follows the name in parentheses. */
function stateInProc(pid: number): string | undefined {
  try {
    return /.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function stateFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim().charAt(0) || undefined;
}
