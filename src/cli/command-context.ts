import type { ExitCode, Io } from './io.ts';

/** What a command is built with: its surroundings, and where its exit code goes. */
export interface CommandContext {
  readonly io: Io;
  readonly finish: (code: ExitCode) => void;
}

/**
 * The action of a command: `--no-input` takes the questions away, and the returned code becomes the exit code.
 * The flags are what commander read; each command names their shape.
 */
export function action<Flags>(
  { io, finish }: CommandContext,
  run: (flags: Flags, io: Io) => Promise<ExitCode>,
): (flags: Flags & { readonly input?: boolean }) => Promise<void> {
  return async (flags) => {
    finish(await run(flags, flags.input === false ? { ...io, asker: undefined } : io));
  };
}

/** The same for a command with one argument, which commander has seen to be there. */
export function actionOn<Flags>(
  { io, finish }: CommandContext,
  run: (argument: string, flags: Flags, io: Io) => Promise<ExitCode>,
): (argument: string, flags: Flags & { readonly input?: boolean }) => Promise<void> {
  return (argument, flags) => action<Flags>({ io, finish }, (own, ownIo) => run(argument, own, ownIo))(flags);
}
