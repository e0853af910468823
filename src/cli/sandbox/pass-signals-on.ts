import type { ChildProcess } from 'node:child_process';
import { isatty } from 'node:tty';
import { Interruption } from '../terminal/interruption.ts';

/**
 * While a command runs, signals are its business, and this process lives on until the command has ended. A Ctrl-C in the
 * terminal reaches both by itself, however often it comes (in a shell it is a key like others); all else is passed on.
 * @returns what ends that
 */
export function passSignalsOn(child: ChildProcess, abort: AbortSignal): () => void {
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => {
    const listener = (): void => {
      if (name !== 'SIGINT' || !hasTerminal()) child.kill(name);
    };
    process.on(name, listener);
    return { name, listener };
  });
  // A signal of the process has just come through its own listener.
  const onAbort = (): void => {
    if (!(abort.reason instanceof Interruption)) child.kill('SIGTERM');
  };
  abort.addEventListener('abort', onAbort, { once: true });
  return () => {
    for (const { name, listener } of listeners) process.off(name, listener);
    abort.removeEventListener('abort', onAbort);
  };
}

function hasTerminal(): boolean {
  return [0, 1, 2].some((fd) => isatty(fd));
}
