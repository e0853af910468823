import { KeystoneLdapError } from '../errors.ts';

export type Activity = 'planning' | 'reading' | 'comparing' | 'comparing groups' | 'verifying' | 'writing';

/** How far one activity is. */
export interface ActivityProgress {
  readonly activity: Activity;
  readonly done: number;
  /** Absent if it is not known. */
  readonly total: number | undefined;
}

/** How a program follows a run, and ends it. */
export interface RunPorts {
  /** Once aborted, the run stops at its next step with `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  /** Called when an activity begins; what it returns is told of each step, and that the activity is over. */
  readonly onActivity?: ((activity: Activity) => ActivityListener) | undefined;
}

export interface ActivityListener {
  readonly onStep: (progress: ActivityProgress) => void;
  readonly onEnd?: (() => void) | undefined;
}

export type OnStep = (done: number, total: number | undefined) => void;

/** Runs a task that reports its steps. @throws `CANCELLED` at the first step after an abort */
export async function reportSteps<T>(
  { signal, onActivity }: RunPorts,
  activity: Activity,
  task: (onStep: OnStep) => Promise<T>,
): Promise<T> {
  const listener = onActivity?.(activity);
  try {
    return await task((done, total) => {
      if (signal?.aborted === true) throw new KeystoneLdapError('CANCELLED', 'Interrupted.');
      listener?.onStep({ activity, done, total });
    });
  } finally {
    listener?.onEnd?.();
  }
}
