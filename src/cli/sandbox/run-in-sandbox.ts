import { KeystoneLdapError } from '../../errors.ts';
import type { Release } from '../../releases/release.ts';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { renderError } from '../terminal/render-error.ts';
import { commandEnvironment } from './command-environment.ts';
import { runCommandIn } from './run-command-in.ts';
import { pathWithClientTools } from '../../sandbox/client-tools.ts';
import { sandboxEnvironment } from '../../sandbox/sandbox-environment.ts';
import { slapdDied } from './slapd-died.ts';

interface Job {
  readonly release: Release | undefined;
  readonly words: readonly string[];
}

/** Runs a command that finds the sandbox in its environment; says so where slapd dies under it. */
export async function runInSandbox(sandbox: Sandbox, { release, words }: Job, io: Io): Promise<ExitCode> {
  if (io.signal.aborted) throw new KeystoneLdapError('CANCELLED', 'Interrupted.');
  let isOver = false;
  void sandbox.exited.then((exitCode) => {
    if (isOver) return;
    io.stderr.write(renderError(slapdDied(sandbox, exitCode), { colour: io.colour, debug: false }));
  });
  const own = { ...io.env, PATH: pathWithClientTools(io.env['PATH'], sandbox.clientTools) };
  const environment = commandEnvironment(own, sandboxEnvironment(sandbox, release?.name));
  const exitCode = await runCommandIn(environment, words, io);
  isOver = true;
  return exitCode;
}
