import { randomBytes } from 'node:crypto';
import { processStart } from './process-start.ts';

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

/** What is random in an owned name, by which people call what bears it. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf('-') + 1);
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
