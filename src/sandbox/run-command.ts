import { spawn } from 'node:child_process';
import { KeystoneLdapError } from '../errors.ts';

export interface CommandOptions {
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface CommandResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end; a bad exit code is an answer.
 * @throws `COMMAND_FAILED` when it cannot be started, `CANCELLED` when the signal ended it
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { signal, env, cwd } = options;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    ...(signal !== undefined && { signal }),
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }),
  ]).catch((error: unknown) => {
    throw startFailure(command, error, signal);
  });
  return { exitCode, stdout, stderr };
}

/** As {@link runCommand}, and a bad exit code is `COMMAND_FAILED` with the end of what the program said. */
export async function runToSuccess(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await runCommand(command, args, options);
  if (result.exitCode === 0) return result;
  const said = lastLines(result.stderr || result.stdout);
  const ending = result.exitCode === null ? 'was stopped' : `ended with exit code ${result.exitCode}`;
  throw new KeystoneLdapError('COMMAND_FAILED', `${command} ${args.join(' ')} ${ending}: ${said}`);
}

/** The end of a program's output, in one piece: where programs say why they stopped. */
export function lastLines(text: string, count = 4): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n').trim() || 'it said nothing';
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function startFailure(command: string, error: unknown, signal: AbortSignal | undefined): KeystoneLdapError {
  if (signal?.aborted === true)
    return new KeystoneLdapError('CANCELLED', `${command} was stopped.`, { cause: error });
  const why = error instanceof Error ? error.message : String(error);
  return new KeystoneLdapError('COMMAND_FAILED', `Cannot run ${command}: ${why}.`, { cause: error });
}
