import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToSuccess } from '../../../src/sandbox/run-command.ts';
import { createSandboxDir } from '../../../src/sandbox/sandbox-registry.ts';
import { PYTHON } from './find-keystone.ts';
import type { Resource } from './keystone-client.ts';

/** The name of a Python exception and its text. */
export interface DriverFault {
  readonly error: string;
  readonly message: string;
}

/** What the LDAP driver of Keystone finds; ids are the local ones. */
export interface DriverAnswer {
  readonly users: readonly Resource[];
  readonly groups: readonly Resource[];
  readonly groupsOf: Readonly<Record<string, readonly string[] | DriverFault>>;
  readonly usersOf: Readonly<Record<string, readonly string[] | DriverFault>>;
  /** The id of who logged in, for each attempt. The driver lets disabled users in; it is Keystone that does not. */
  readonly logins: readonly (string | DriverFault)[];
}

export interface DriverRequest {
  /** The text of one configuration each. */
  readonly confs: readonly string[];
  /** Login name and password. */
  readonly logins?: readonly (readonly [name: string, password: string])[];
  readonly signal?: AbortSignal;
}

const SCRIPT = fileURLToPath(new URL('probe_driver.py', import.meta.url));

/**
 * Loads Keystone's LDAP driver with each configuration, in one second for all of them, and says what it finds or why it
 * does not. python-ldap keeps TLS settings for its whole process: ask about differing ones one at a time.
 */
export async function probeDriver(request: DriverRequest): Promise<readonly (DriverAnswer | DriverFault)[]> {
  const { confs, logins = [], signal } = request;
  const dir = await createSandboxDir();
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(dir, name), text, { mode: 0o600 });
    return join(dir, name);
  };
  try {
    const files = await Promise.all(confs.map((text, at) => write(`${at}.conf`, text)));
    const confFiles = files.map((file) => [file]);
    const path = await write('request.json', JSON.stringify({ confFiles, logins }));
    const { stdout } = await runToSuccess(PYTHON, [SCRIPT, path], { signal });
    return JSON.parse(stdout) as readonly (DriverAnswer | DriverFault)[];
  } finally {
    await rm(dir, { recursive: true });
  }
}
