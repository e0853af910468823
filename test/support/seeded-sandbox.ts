import { expect } from 'vitest';
import type { Entry } from '../../src/directory/entry.ts';
import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { readEntries } from './read-entries.ts';
import { runCliAsAdmin } from './run-cli.ts';

/** What `seed` wrote for a release; hashing its passwords takes seconds, so it is done once for each test file. */
const sampleEntries = new Map<string, readonly Entry[]>();

/** A sandbox after `init`, with the sample data of the release unless told not to. */
export async function seededSandbox(
  release: string,
  { seed = true, ...options }: SandboxOptions & { readonly seed?: boolean } = {},
): Promise<Sandbox> {
  const server = await startSandbox(options);
  expect(await runCliAsAdmin(server, ['init', '--release', release])).toMatchObject({ exitCode: 0 });
  if (seed) await fill(server, release);
  return server;
}

async function fill(server: Sandbox, release: string): Promise<void> {
  const known = sampleEntries.get(release);
  if (known !== undefined) {
    await using session = await asManager(server);
    for (const entry of known) await session.add(entry);
    return;
  }
  const containers = await readEntries(server.ldapiUri, server.suffix, ['1.1']);
  expect(await runCliAsAdmin(server, ['seed', '--release', release])).toMatchObject({ exitCode: 0 });
  const all = Object.entries(await readEntries(server.ldapiUri, server.suffix));
  const written = all.map(([dn, attributes]) => ({ dn, attributes })).filter(({ dn }) => !(dn in containers));
  sampleEntries.set(release, written);
}

/** A session as the user of this process, who may do everything. */
export function asManager({ ldapiUri }: Sandbox): Promise<Session> {
  return openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
}
