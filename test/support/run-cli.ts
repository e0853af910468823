import { main } from '../../src/cli/main.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { testIo } from './test-io.ts';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in process. */
export async function runCli(
  argv: readonly string[],
  options?: Parameters<typeof testIo>[0],
): Promise<CliResult> {
  const { io, stdout, stderr } = testIo(options);
  const exitCode = await main(argv, io);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

/** The same as the rootdn of a server over TCP, with cn=config over ldapi. */
export function runCliAsAdmin(
  server: RunningSlapd,
  argv: readonly string[],
  options: Parameters<typeof testIo>[0] = {},
): Promise<CliResult> {
  const env = {
    ...options.env,
    KEYSTONE_LDAP_URI: server.uri,
    KEYSTONE_LDAP_BIND_DN: server.bindDn,
    KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
    KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri,
  };
  return runCli(argv, { ...options, env });
}
