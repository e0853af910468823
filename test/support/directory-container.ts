import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { runToSuccess } from '../../src/sandbox/run-command.ts';
import { Secret } from '../../src/secret.ts';

/** The image of this checkout, as ensure-docker.ts builds it. */
export const IMAGE = 'keystone-ldap:test';
export const SUFFIX = 'dc=example,dc=com';
export const ADMIN = `cn=admin,${SUFFIX}`;
export const KEYSTONE = `cn=keystone,${SUFFIX}`;
export const PASSWORDS = { admin: 'the admin one', config: 'the config one', keystone: 'the keystone one' };

/** A file in a container; owners of mounted secrets may be any, so it is for all to read. */
export function file(target: string, content: string): { target: string; content: string; mode: number } {
  return { target, content, mode: 0o444 };
}

/** The image with all secrets mounted and its own health check waited for. */
export function directoryContainer(): GenericContainer {
  return new GenericContainer(IMAGE)
    .withHostname('directory')
    .withExposedPorts(1389, 1636)
    .withCopyContentToContainer([
      file('/run/secrets/keystone_ldap_password', `${PASSWORDS.admin}\n`),
      file('/run/secrets/keystone_ldap_config_password', PASSWORDS.config),
      file('/run/secrets/keystone_ldap_service_password', PASSWORDS.keystone),
    ])
    .withWaitStrategy(Wait.forHealthCheck());
}

function ldapUri(container: StartedTestContainer): string {
  return `ldap://${container.getHost()}:${container.getMappedPort(1389)}`;
}

/** A session over the published port. */
export function bindTo(container: StartedTestContainer, dn: string, password: string): Promise<Session> {
  return openSession({
    uri: ldapUri(container),
    credentials: { kind: 'simple', dn, password: new Secret(password) },
  });
}

/** All that a container has said, over all its starts. */
export async function logsOf(container: StartedTestContainer): Promise<string> {
  const { stdout, stderr } = await runToSuccess('docker', ['logs', container.getId()]);
  return stdout + stderr;
}
