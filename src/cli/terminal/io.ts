import type { Readable, Writable } from 'node:stream';
import type { Asker } from './asker.ts';

/** All that a command knows of its surroundings, so that tests can be the terminal. */
export interface Io {
  readonly stdin: Readable;
  /** The result. */
  readonly stdout: Writable;
  /** The talk: progress, remarks, errors. */
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Set where somebody can answer, which is a terminal at both ends. */
  readonly asker: Asker | undefined;
  readonly colour: boolean;
  /** Whether stderr is a terminal, on which a progress line may be rewritten. */
  readonly live: boolean;
  /** Aborted by Ctrl-C and its like; the reason is an {@link Interruption} where a process signal did it. */
  readonly signal: AbortSignal;
}

/**
 * 0 yes or done · 1 no: drift, findings · 2 could not · 128 + N interrupted by signal N. `sandbox` returns its command's own, and 0 when
 * Ctrl-C ends a stay without one, because that is how it is meant to end.
 */
export type ExitCode = number;
