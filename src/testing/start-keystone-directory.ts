import { KeystoneLdapError } from '../errors.ts';
import { NO_IDENTITIES, type Identities } from '../identities/identities.ts';
import { fillSandbox } from '../plan/fill-sandbox.ts';
import { DEFAULT_RELEASE, findRelease, treesBelow } from '../releases/find-release.ts';
import type { Release } from '../releases/release.ts';
import type { SandboxBackend } from '../sandbox/sandbox-backend.ts';
import { sandboxEnvironment } from '../sandbox/sandbox-environment.ts';
import { startBackend, type BackendOptions } from '../sandbox/start-backend.ts';
import { chooseIdentities, type IdentityChoice } from './choose-identities.ts';
import type { KeystoneDirectory } from './keystone-directory.ts';
import { rememberState } from './remember-state.ts';
import { seededUsers } from './seeded-users.ts';
import { writeKeystoneConf } from './write-keystone-conf.ts';

export interface KeystoneDirectoryOptions extends BackendOptions, IdentityChoice {
  /** `2011.3` unless told; codenames, numbers and tags are understood. */
  readonly release?: string | undefined;
}

/**
 * Starts a throw-away OpenLDAP that is what `init` and `seed` make of it:
 * `await using directory = await startKeystoneDirectory({ release: 'zed', sample: 'modern' })`.
 * @throws `USAGE`, `INPUT_INVALID`, `FILE_UNREADABLE`, `UNSAFE_NAME`, `SLAPD_MISSING`, `SLAPD_FAILED`, `CANCELLED`
 */
export async function startKeystoneDirectory(
  options: KeystoneDirectoryOptions = {},
): Promise<KeystoneDirectory> {
  const release = findRelease(options.release ?? DEFAULT_RELEASE);
  const identities = await chooseIdentities(options, release);
  const server = await startBackend(options);
  try {
    return await fill(server, { release, identities, signal: options.signal });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

interface Content {
  readonly release: Release;
  readonly identities: Identities | undefined;
  readonly signal: AbortSignal | undefined;
}

async function fill(
  server: SandboxBackend,
  { release, identities, signal }: Content,
): Promise<KeystoneDirectory> {
  const { uri, ldapiUri, ldapsUri, caFile, suffix, bindDn, password, configDn, configPassword } = server;
  const blank =
    ldapiUri === undefined
      ? { uri, suffix, bindDn, password, configDn, configPassword }
      : { ldapiUri, suffix };
  const remarks = await fillSandbox(blank, { release, seed: identities ?? false, ...(signal && { signal }) });
  const trees = treesBelow(release, suffix);
  const conf = { url: ldapsUri ?? uri, user: bindDn, password, suffix, trees, caFile };
  const [state, keystoneConf] = await Promise.all([rememberState(server), writeKeystoneConf(conf, release)]);
  let hasStopped = false;
  const stop = (): Promise<void> => {
    hasStopped = true;
    return server.stop();
  };
  const reset = (): Promise<void> =>
    hasStopped || signal?.aborted === true ? Promise.reject(stopped()) : state.restore();
  let resetting = Promise.resolve();
  return {
    ...{ uri, ldapiUri, ldapsUri, caFile, suffix, bindDn, password, configDn, configPassword },
    ...{ release: release.name, trees, remarks },
    users: seededUsers(identities ?? NO_IDENTITIES, state.data, release, trees),
    keystoneConf,
    environment: sandboxEnvironment(server, release.name),
    // One after the other: two at once would undo each other's steps.
    reset: () => (resetting = resetting.catch(() => undefined).then(reset)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function stopped(): KeystoneLdapError {
  return new KeystoneLdapError('USAGE', 'The directory has been stopped; nothing can be reset.');
}
