import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { runCliAsAdmin } from './run-cli.ts';

export interface InitialisedOptions extends SandboxOptions {
  readonly slapd: SlapdInstallation;
  readonly release: string;
}

/** A throw-away server with the schema and the default trees of a release, by `init`. */
export async function startInitialised({ release, ...options }: InitialisedOptions): Promise<Sandbox> {
  const server = await startSandbox(options);
  const { exitCode, stderr } = await runCliAsAdmin(server, ['init', '--release', release]);
  if (exitCode === 0) return server;
  await server.stop();
  throw new Error(`init failed: ${stderr}`);
}

/** The same with its sample data. */
export async function startSeeded(options: InitialisedOptions): Promise<Sandbox> {
  const server = await startInitialised(options);
  const { exitCode, stderr } = await runCliAsAdmin(server, ['seed', '--release', options.release]);
  if (exitCode === 0) return server;
  await server.stop();
  throw new Error(`seed failed: ${stderr}`);
}
