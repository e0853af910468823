import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type * as Testcontainers from 'testcontainers';
import { randomPassword } from '../directory/ssha-password.ts';
import { KeystoneLdapError } from '../errors.ts';
import { packageFile } from '../files.ts';
import type { Secret } from '../secret.ts';
import { CONFIG_DN } from './config-ldif.ts';
import { createPrivateCa } from './private-ca.ts';
import type { SandboxBackend } from './sandbox-backend.ts';
import { createSandboxDir } from './sandbox-registry.ts';
import { DEFAULT_SUFFIX, suffixOf } from './start-sandbox.ts';
import type { SandboxTls } from './sandbox-tls.ts';

export interface ContainerOptions {
  /** The naming context, of which no entry exists yet; `dc=example,dc=com` unless told. */
  readonly suffix?: string | undefined;
  /** The port on this machine; a free one unless told. */
  readonly port?: number | undefined;
  /** The server then also offers StartTLS and listens on ldaps://, with a certificate of a private CA made for it. */
  readonly tls?: boolean | undefined;
  /** Stops the server, also while it starts. */
  readonly signal?: AbortSignal | undefined;
}

/** Its name on this machine; each start builds it, which after the first time finds everything built. */
const IMAGE = 'keystone-ldap-slapd';
const [LDAP, LDAPS] = [1389, 1636];
const HEALTH = {
  test: ['CMD', 'ldapwhoami', '-x', '-H', `ldap://127.0.0.1:${LDAP}`] as ['CMD', ...string[]],
  interval: 100,
  timeout: 5_000,
  retries: 600,
};

/**
 * Starts a throw-away OpenLDAP server in a container, through the package testcontainers, where a container engine is.
 * The image is built from `container/Dockerfile`; `KEYSTONE_LDAP_BASE_IMAGE` names another Debian to build it on.
 * @throws `SLAPD_MISSING` without testcontainers or an engine, `SLAPD_FAILED`, `CANCELLED`, `INPUT_INVALID`
 */
export async function startContainer(options: ContainerOptions = {}): Promise<SandboxBackend> {
  const suffix = suffixOf(options.suffix ?? DEFAULT_SUFFIX);
  const [password, configPassword] = [randomPassword(), randomPassword()];
  const { signal } = options;
  const dir = options.tls === true ? await createSandboxDir() : undefined;
  const remove = async (): Promise<void> => {
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  };
  const tls = dir === undefined ? undefined : await createPrivateCa(dir);
  const wanted = { suffix, port: options.port, tls };
  const container = await run(wanted, password, configPassword).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const stop = async (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort);
    await container.stop();
    await remove();
  };
  const onAbort = (): void => void stop();
  if (signal?.aborted === true) {
    await stop();
    throw new KeystoneLdapError('CANCELLED', 'The start of the container was cancelled.');
  }
  signal?.addEventListener('abort', onAbort, { once: true });
  const at = (port: number): string => `${container.getHost()}:${container.getMappedPort(port)}`;
  return {
    uri: `ldap://${at(LDAP)}`,
    ldapsUri: tls === undefined ? undefined : `ldaps://${at(LDAPS)}`,
    ...{ suffix, bindDn: `cn=admin,${suffix}`, password, configDn: CONFIG_DN, configPassword },
    caFile: tls?.ca,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface Wanted {
  readonly suffix: string;
  readonly port: number | undefined;
  readonly tls: SandboxTls | undefined;
}

async function run(
  wanted: Wanted,
  password: Secret,
  configPassword: Secret,
): Promise<Testcontainers.StartedTestContainer> {
  const testcontainers = await loadTestcontainers();
  const { container: engine } = await testcontainers.getContainerRuntimeClient().catch((error: unknown) => {
    throw new KeystoneLdapError('SLAPD_MISSING', `There is no container engine to use: ${wordsOf(error)}`, {
      hint: 'Start Docker or set DOCKER_HOST, or use a slapd of this machine: "keystone-ldap sandbox fetch" gets one.',
      cause: error,
    });
  });
  const name = `keystone-ldap-${randomBytes(6).toString('hex')}`;
  try {
    const container = await describeContainer(testcontainers, wanted);
    const secrets = [
      secretFile('keystone_ldap_password', password),
      secretFile('keystone_ldap_config_password', configPassword),
    ];
    return await container.withName(name).withCopyContentToContainer(secrets).start();
  } catch (error) {
    // One that was made and could not be started has no handle but its name.
    await engine
      .getById(name)
      .remove({ force: true, v: true })
      .catch(() => undefined);
    const message = `OpenLDAP did not start in a container: ${wordsOf(error)}`;
    throw new KeystoneLdapError('SLAPD_FAILED', message, { cause: error });
  }
}

async function describeContainer(
  { GenericContainer, Wait }: typeof Testcontainers,
  { suffix, port, tls }: Wanted,
): Promise<Testcontainers.GenericContainer> {
  const base = process.env['KEYSTONE_LDAP_BASE_IMAGE'];
  const image = await GenericContainer.fromDockerfile(packageFile('container'))
    .withTarget('slapd')
    .withBuildArgs(base === undefined || base === '' ? {} : { BASE: base })
    .build(IMAGE, { deleteOnExit: false });
  const files =
    tls === undefined ? [] : [[tls.certificate, 'tls.crt'] as const, [tls.key, 'tls.key'] as const];
  return image
    .withEnvironment({ KEYSTONE_LDAP_SUFFIX: suffix })
    .withCopyFilesToContainer(
      files.map(([source, name]) => ({ source, target: `/run/secrets/${name}`, mode: 0o444 })),
    )
    .withExposedPorts(port === undefined ? LDAP : { container: LDAP, host: port }, LDAPS)
    .withHealthCheck(HEALTH)
    .withWaitStrategy(Wait.forHealthCheck());
}

/** In a file rather than the environment, which `docker inspect` shows. */
function secretFile(name: string, secret: Secret): { content: string; target: string; mode: number } {
  return { content: secret.reveal(), target: `/run/secrets/${name}`, mode: 0o444 };
}

async function loadTestcontainers(): Promise<typeof Testcontainers> {
  try {
    return await import('testcontainers');
  } catch (error) {
    throw new KeystoneLdapError('SLAPD_MISSING', 'The package testcontainers is not installed.', {
      hint: 'npm install --save-dev testcontainers@11, or use a slapd of this machine: "keystone-ldap sandbox fetch" gets one.',
      cause: error,
    });
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
