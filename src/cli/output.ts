import { Option, type Command } from 'commander';
import type { Io } from './io.ts';

export interface OutputFlags {
  readonly json?: boolean;
  readonly debug?: boolean;
}

export interface DryRunFlags {
  readonly dryRun?: boolean;
}

export function addDryRunFlag(command: Command): Command {
  return command.option('-n, --dry-run', 'show what would change, and change nothing');
}

/** What every command takes. */
export function addOutputFlags(command: Command): Command {
  return command
    .option('--json', 'print the result as JSON')
    .option('--no-input', 'never ask; missing values are errors')
    .addOption(new Option('--debug', 'show where an error came from'));
}

/** The JSON form of every result: one object with the version of its shape. */
export function printJson(io: Io, result: Readonly<Record<string, unknown>>): void {
  io.stdout.write(`${JSON.stringify({ version: 1, ...result }, undefined, 2)}\n`);
}

export function say(io: Io, text: string): void {
  io.stdout.write(`${text}\n`);
}

/** The talk beside the result. */
export function remark(io: Io, text: string): void {
  io.stderr.write(`${text}\n`);
}
