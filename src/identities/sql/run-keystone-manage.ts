import { spawn } from 'node:child_process';
import { KeystoneLdapError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { describeCommand, reveal, type KeystoneManageCommand } from './keystone-manage-commands.ts';

export interface RunProgress {
  readonly command: KeystoneManageCommand;
  /** From 1. */
  readonly number: number;
  readonly total: number;
}

export interface RunOptions {
  /** Called before each command. */
  readonly onCommand?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
}

/** How much of what a command says is kept for an error. */
const TAIL_LENGTH = 2000;

/**
 * Runs the commands one after the other, without a shell, and stops at the first that fails.
 * keystone-manage takes tokens as arguments only, so that other users of the machine can see them while it runs.
 * @throws `COMMAND_FAILED` naming the command and how many were done before; `CANCELLED`
 */
export async function runKeystoneManage(
  commands: readonly KeystoneManageCommand[],
  { onCommand, signal }: RunOptions = {},
): Promise<void> {
  for (const [index, command] of commands.entries()) {
    const progress: RunProgress = { command, number: index + 1, total: commands.length };
    if (signal?.aborted) throw cancelled(progress);
    onCommand?.(progress);
    const { outcome, output } = await run(command, signal);
    if (outcome === 'exit status 0') continue;
    throw signal?.aborted ? cancelled(progress) : failed(progress, outcome, masked(output, command));
  }
}

interface Ending {
  readonly outcome: string;
  readonly output: string;
}

function run({ argv }: KeystoneManageCommand, signal: AbortSignal | undefined): Promise<Ending> {
  const [program = '', ...args] = argv.map(reveal);
  return new Promise((resolve) => {
    let output = '';
    const keep = (chunk: string): void => {
      output = lastLines(output + chunk);
    };
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(signal && { signal }) });
    // Its errors come on both: those of arguments on stderr, all others as "ERROR: …" on stdout.
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => {
      // A program that has started, and is being stopped, still ends by itself.
      if (child.pid === undefined) resolve({ outcome: startFault(error), output });
    });
    child.once('close', (status, killedBy) => {
      resolve({ outcome: killedBy === null ? `exit status ${status ?? ''}` : `signal ${killedBy}`, output });
    });
  });
}

/** Whole lines only: a secret that is cut in half could not be masked any more. */
function lastLines(output: string): string {
  if (output.length <= TAIL_LENGTH) return output;
  const tail = output.slice(-TAIL_LENGTH);
  return tail.slice(tail.indexOf('\n') + 1);
}

function startFault(error: NodeJS.ErrnoException): string {
  return START_FAULTS[error.code ?? ''] ?? error.message;
}

const START_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'it is not executable',
};

function masked(output: string, { argv }: KeystoneManageCommand): string {
  const secrets = argv.filter((word) => word instanceof Secret).map(reveal);
  return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), output).trim();
}

function failed({ command, number, total }: RunProgress, outcome: string, output: string): KeystoneLdapError {
  const said = output === '' ? '' : `\n${output}`;
  return new KeystoneLdapError(
    'COMMAND_FAILED',
    `Command ${number} of ${total} failed (${outcome}): ${describeCommand(command)}${said}`,
    { hint: restHint(number) },
  );
}

function cancelled({ command, number, total }: RunProgress): KeystoneLdapError {
  return new KeystoneLdapError(
    'CANCELLED',
    `Stopped at command ${number} of ${total}: ${describeCommand(command)}`,
    {
      hint: restHint(number),
    },
  );
}

function restHint(number: number): string {
  const done = number - 1;
  const rest = 'print all with --sql-commands and run those that are left';
  return done === 0
    ? 'No command was done.'
    : `${done} were done and would add their rows a second time: ${rest}.`;
}
