import { reportSteps, type Activity, type OnStep, type RunPorts } from '../../system/ports.ts';
import type { Io } from './io.ts';
import { ProgressLine } from './progress-line.ts';

/** A run that shows how far it is on stderr, and ends with Ctrl-C. */
export function portsOf({ signal, stderr, live }: Pick<Io, 'signal' | 'stderr' | 'live'>): RunPorts {
  return {
    signal,
    onActivity: (activity) => {
      const line = new ProgressLine(stderr, live);
      return {
        onStep: ({ done, total }) => line.update(activity, done, total),
        onEnd: () => line.end(),
      };
    },
  };
}

/** Runs a task that reports its steps; Ctrl-C ends it at its next step. */
export async function withProgress<T>(
  io: Io,
  activity: Activity,
  task: (onStep: OnStep) => Promise<T>,
): Promise<T> {
  return await reportSteps(portsOf(io), activity, task);
}
