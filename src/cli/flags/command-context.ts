import type { Command } from 'commander';
import type { ExitCode, Io } from '../terminal/io.ts';

/** What a command is built with: its surroundings, where its exit code goes, and how it runs another command line. */
export interface CommandContext {
  readonly io: Io;
  readonly finish: (code: ExitCode) => void;
  readonly run: (argv: readonly string[], io: Io) => Promise<ExitCode>;
  /** Of all commands. */
  readonly names: readonly string[];
}

/** Whether a flag stands on the command line itself, and not only in the environment. */
export type IsGiven = (flag: string) => boolean;

/** Whether somebody means a value: by a flag or by a configuration file, and not by the environment. */
export type IsMeant = IsGiven;

/** A flag as it is typed. */
export function flagName(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * The action of a command: `--no-input` takes the questions away, and the returned code becomes the exit code.
 * The flags are what commander read; each command names their shape.
 */
export function action<Flags>(
  { io, finish }: Pick<CommandContext, 'io' | 'finish'>,
  run: (flags: Flags, io: Io, isGiven: IsGiven, isMeant: IsMeant) => Promise<ExitCode>,
): (flags: Flags & { readonly input?: boolean }, command: Command) => Promise<void> {
  return async (flags, command) => {
    const isGiven: IsGiven = (flag) => command.getOptionValueSource(flag) === 'cli';
    const own = flags.input === false ? { ...io, asker: undefined } : io;
    finish(await run(flags, own, isGiven, meantBy(command)));
  };
}

export function meantBy(command: Command): IsMeant {
  return (flag) => ['cli', 'config'].includes(command.getOptionValueSource(flag) ?? '');
}

/** The same for a command with one argument, which commander has seen to be there. */
export function actionOn<Flags>(
  { io, finish }: CommandContext,
  run: (argument: string, flags: Flags, io: Io) => Promise<ExitCode>,
): (argument: string, flags: Flags & { readonly input?: boolean }, command: Command) => Promise<void> {
  return (argument, flags, command) =>
    action<Flags>({ io, finish }, (own, ownIo) => run(argument, own, ownIo))(flags, command);
}
