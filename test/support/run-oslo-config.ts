import { spawnSync } from 'node:child_process';
import { PYTHON } from './keystone/find-keystone.ts';

/** What the script prints as JSON; `input` is given to it as JSON. */
export function runPython(script: string, input: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${PYTHON} failed: ${stderr}`);
  return JSON.parse(stdout);
}
