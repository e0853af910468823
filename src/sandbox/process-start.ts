import { readFile } from 'node:fs/promises';
import { runCommand } from './run-command.ts';

/** When a process started, as a token to compare; `undefined` when there is none, or only its zombie. */
export async function processStart(pid: number): Promise<string | undefined> {
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
