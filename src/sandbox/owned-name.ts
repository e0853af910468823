import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { runCommand } from './run-command.ts';

/**
 * A new name for a folder that belongs to this process: `PID-START-RANDOM`. The owner is in the name, so that
 * no folder ever exists without one, and the start time in it tells the owner from a later process of its PID.
 */
export async function ownedName(): Promise<string> {
  const start = (await processStart(process.pid)) ?? UNKNOWN_START;
  return [process.pid, start, randomBytes(3).toString('hex')].join('-');
}

/** The PID in an owned name; `undefined` for any other name. */
export function ownerOf(name: string): number | undefined {
  const pid = OWNED_NAME.exec(name)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** Whether the very process that took the name still runs. */
export async function isOwnerAlive(name: string): Promise<boolean> {
  const [, pid, start] = OWNED_NAME.exec(name) ?? [];
  if (pid === undefined) return false;
  if (start === UNKNOWN_START) return isTaken(Number(pid));
  return (await processStart(Number(pid))) === start;
}

/** Where neither /proc nor ps tells; a PID that is in use then counts as its owner. */
const UNKNOWN_START = '0';

const OWNED_NAME = /^(\d+)-([0-9a-z]+)-[0-9a-f]{6}$/;

function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** When a process started, as a token to compare; `undefined` when there is none, or only its zombie. */
async function processStart(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat !== undefined) return startInStat(stat);
  return process.platform === 'linux' ? undefined : startFromPs(pid);
}

/** proc(5): the name in parentheses may hold anything; state is field 3, the start in clock ticks field 22. */
function startInStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' ? undefined : Number(start).toString(36);
}

async function startFromPs(pid: number): Promise<string | undefined> {
  const ask = ['-o', 'lstart=', '-p', String(pid)];
  const { stdout } = await runCommand('ps', ask, { env: { LC_ALL: 'C' } }).catch(() => ({ stdout: '' }));
  const started = Date.parse(stdout.trim());
  return Number.isNaN(started) ? undefined : (started / 1000).toString(36);
}
