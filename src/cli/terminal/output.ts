import { Option, type Command } from 'commander';
import { inGroup } from '../flags/help-groups.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { Io } from './io.ts';

export interface OutputFlags {
  readonly json?: boolean;
  readonly debug?: boolean;
}

export interface DryRunFlags {
  readonly dryRun?: boolean;
}

export function addDryRunFlag(command: Command): Command {
  return command.option('-n, --dry-run', 'show what would change; change nothing');
}

/** What every command takes. */
export function addOutputFlags(command: Command): Command {
  return inGroup(command, 'output', () =>
    command
      .option('--json', 'print the result as JSON')
      .option('--no-input', 'never ask; fail if a value is missing')
      .addOption(new Option('--debug', 'print a stack trace with each error')),
  );
}

/** The JSON form of every result: one object with the version of its shape. */
export function printJson(io: Io, result: Readonly<Record<string, unknown>>): void {
  io.stdout.write(`${JSON.stringify({ version: 1, ...result }, undefined, 2)}\n`);
}

export function say(io: Io, text: string): void {
  io.stdout.write(`${text}\n`);
}

/** Writes a long result, as fast as its reader takes it. @throws `FILE_UNWRITABLE`, and what the pieces throw */
export async function sayAll(
  { stdout, signal }: Io,
  pieces: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  for await (const piece of pieces) {
    if (signal.aborted) throw new KeystoneLdapError('CANCELLED', 'Interrupted.');
    await new Promise<void>((resolve, reject) => {
      stdout.write(piece, (error) => (error == null ? resolve() : reject(stdout.errored ?? error)));
    });
  }
}

/** The talk beside the result. */
export function remark(io: Io, text: string): void {
  io.stderr.write(`${text}\n`);
}
