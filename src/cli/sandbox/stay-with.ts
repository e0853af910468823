import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { printJson, remark } from '../terminal/output.ts';
import { renderSandbox, type Content } from './render-sandbox.ts';
import { sandboxFacts } from './sandbox-facts.ts';
import { slapdDied } from './slapd-died.ts';

/**
 * Says how to connect and stays until Ctrl-C, which ends well.
 * @throws `SLAPD_FAILED` where slapd ends first
 */
export async function stayWith(
  sandbox: Sandbox,
  { json, ...content }: Content & { readonly json: boolean },
  io: Io,
): Promise<ExitCode> {
  if (json) printJson(io, sandboxFacts(sandbox, content));
  else io.stdout.write(await renderSandbox(sandbox, content, io));
  remark(io, 'It stays until Ctrl-C.');
  const ended = sandbox.exited.then((exitCode) => ({ exitCode }));
  const died = await Promise.race([ended, aborted(io.signal)]);
  if (died !== undefined) throw slapdDied(sandbox, died.exitCode);
  await sandbox.stop();
  remark(io, 'Stopped; nothing is left of it.');
  return 0;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    if (signal.aborted) resolve(undefined);
  });
}
