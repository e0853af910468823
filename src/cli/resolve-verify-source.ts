import type { Session } from '../directory/session.ts';
import type { Finding } from '../doctor/finding.ts';
import { verifyConf } from '../doctor/verify-conf.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { LegacyConf } from '../keystone-conf/read-legacy-conf.ts';
import { observeConf } from '../plan/plan-conf.ts';
import { DEFAULT_RELEASE, findRelease } from '../releases/find-release.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { IsGiven } from './command-context.ts';
import type { Io } from './io.ts';
import { resolveTrees } from './release-flags.ts';
import { resolveConfRelease } from './resolve-conf-release.ts';
import { connectionTo, resolveConnection, withDirectory, type Connection } from './resolve-connection.ts';
import type { VerifyFlags } from './run-verify.ts';

/** Where `verify` looks, and what it found on the way there. */
export interface VerifySource {
  readonly release: Release;
  /** Absent where keystone.conf tells none that works; the findings say why. */
  readonly connection: Connection | undefined;
  readonly findings: readonly Finding[];
  readonly treesIn: (directory: Session) => Promise<Trees>;
}

/** Server, identity and trees from keystone.conf where one is named, else from flags and environment. */
export async function resolveVerifySource(
  flags: VerifyFlags,
  io: Io,
  isGiven: IsGiven,
): Promise<VerifySource> {
  const { keystoneConf } = flags;
  if (keystoneConf !== undefined) return await fromConf(keystoneConf, flags, io, isGiven);
  const release = findRelease(flags.release ?? DEFAULT_RELEASE);
  return {
    release,
    connection: await resolveConnection(flags, io),
    findings: [],
    treesIn: (directory) => resolveTrees(flags, release, io, directory),
  };
}

async function fromConf(path: string, flags: VerifyFlags, io: Io, isGiven: IsGiven): Promise<VerifySource> {
  const twice = SAID_BY_CONF.filter(isGiven);
  if (twice.length > 0)
    throw new KeystoneLdapError(
      'USAGE',
      `--keystone-conf says what ${twice.map(flagName).join(', ')} would say.`,
      {
        hint: 'Leave these flags out to see what Keystone sees, or leave out --keystone-conf.',
      },
    );
  const { before } = await observeConf(path);
  const release = resolveConfRelease(flags.release, before, io);
  if (release.conf.kind !== 'legacy') throw new Error('not yet');
  const { conf, findings } = verifyConf(before, release.name, release.conf);
  if (conf === undefined)
    return { release, connection: undefined, findings, treesIn: () => Promise.reject(new Error('no trees')) };
  const connection = await connectionOf(conf, flags, io);
  const refusal = await bindRefusal(connection, path, conf);
  return {
    release,
    connection: refusal === undefined ? connection : undefined,
    findings: refusal === undefined ? findings : [...findings, refusal],
    treesIn: () => Promise.resolve(conf.trees),
  };
}

const SAID_BY_CONF = [
  'uri',
  'bindDn',
  'passwordFile',
  'promptPassword',
  'mechanism',
  'suffix',
  'userTreeDn',
  'tenantTreeDn',
  'roleTreeDn',
];

function flagName(property: string): string {
  return `--${property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

async function connectionOf(
  { url, user: dn, password }: LegacyConf,
  flags: VerifyFlags,
  io: Io,
): Promise<Connection> {
  return await connectionTo(url, { kind: 'simple', dn, password }, flags, io);
}

/** A bind that fails is an answer about this file; a server that cannot be reached is not. */
async function bindRefusal(
  connection: Connection,
  file: string,
  { user }: LegacyConf,
): Promise<Finding | undefined> {
  try {
    await withDirectory(connection, () => Promise.resolve());
    return undefined;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.code !== 'AUTH_FAILED') throw error;
    return {
      code: 'BIND_FAILS',
      severity: 'error',
      subject: `${file}: ldap_user ${user}`,
      message: `${error.message} Keystone can read nothing`,
      remedy:
        'Correct ldap_user and ldap_password with "keystone-ldap configure", or set the password of that entry.',
    };
  }
}
