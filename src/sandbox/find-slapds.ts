import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { listenPlaceIn, type ListenPlace } from './listen-urls.ts';
import { runCommand } from './run-command.ts';

/** A running slapd of a sandbox. */
export interface FoundSlapd extends ListenPlace {
  readonly pid: number;
}

/**
 * The slapds of all sandboxes in a registry, also of those whose folder is gone. A slapd is known by its arguments,
 * which name its folder: a reused PID can never be taken for one.
 */
export async function findSlapds(registry: string): Promise<readonly FoundSlapd[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = pids.length === 0 ? await findWithPs() : await findInProc(pids);
  return found.filter(({ dir }) => dirname(dir) === registry);
}

async function findInProc(pids: readonly string[]): Promise<readonly FoundSlapd[]> {
  const all = await Promise.all(
    pids.map(async (pid) => {
      const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const place = listenPlaceIn(args.replaceAll('\0', ' '));
      return place === undefined ? [] : [{ ...place, pid: Number(pid) }];
    }),
  );
  return all.flat();
}

async function findWithPs(): Promise<readonly FoundSlapd[]> {
  const { stdout } = await runCommand('ps', ['-axww', '-o', 'pid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const place = listenPlaceIn(line);
    return place === undefined ? [] : [{ ...place, pid: Number.parseInt(line, 10) }];
  });
}
