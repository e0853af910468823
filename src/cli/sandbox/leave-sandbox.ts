import { writeCard } from '../../sandbox/sandbox-card.ts';
import { sandboxEnvironment } from '../../sandbox/sandbox-environment.ts';
import type { Sandbox } from '../../sandbox/start-sandbox.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { printJson, remark } from '../terminal/output.ts';
import { renderSandbox, type Content } from './render-sandbox.ts';
import { sandboxFacts } from './sandbox-facts.ts';
import { startFilled, type FilledOptions } from './start-filled.ts';

/** Starts a sandbox that lives on, and says how to connect and how to end it. */
export async function leaveSandbox(
  { json, ...options }: FilledOptions & { readonly json: boolean },
  io: Io,
): Promise<ExitCode> {
  const { release, identities } = options;
  const content = { release, isSeeded: identities !== undefined };
  const sandbox = await startFilled(options, io);
  await letGo(sandbox, content);
  const facts = sandboxFacts(sandbox, content);
  if (json) printJson(io, { ...facts, detached: true });
  else io.stdout.write(await renderSandbox(sandbox, content, io));
  remark(io, `It stays until "keystone-ldap sandbox stop ${facts.id}".`);
  return 0;
}

async function letGo(sandbox: Sandbox, { release, isSeeded }: Content): Promise<void> {
  const environment = sandboxEnvironment(sandbox, release?.name);
  try {
    await writeCard(sandbox.dir, { release: release?.name, seeded: isSeeded, environment });
    sandbox.letGo();
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}
