import { requireMeaning } from '../keystone-conf/document.ts';
import type { LegacyConfSettings } from '../keystone-conf/legacy-settings.ts';
import { observeConf, planConf, type ConfPlan } from '../plan/plan-conf.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Io } from './io.ts';
import type { DryRunFlags, OutputFlags } from './output.ts';
import { hasAllTrees, resolveTrees, type TreeFlags } from './release-flags.ts';
import { resolveConfRelease } from './resolve-conf-release.ts';
import {
  ask,
  connectionTo,
  resolveKeystoneAccount,
  withDirectory,
  type KeystoneAccount,
} from './resolve-connection.ts';

export interface ConfigureFlags extends ConnectionFlags, TreeFlags, OutputFlags, DryRunFlags {
  readonly release?: string;
  readonly keystoneConf?: string;
  readonly moveToken?: boolean;
  readonly output?: string;
  readonly backup: boolean;
}

/** The edit of keystone.conf that the flags describe. */
export async function resolveConfPlan(flags: ConfigureFlags, io: Io): Promise<ConfPlan> {
  const observed = await observeConf(flags.keystoneConf ?? (await askForConf(io)));
  requireMeaning(observed.before); // before anybody is asked for a password
  const release = resolveConfRelease(flags.release, observed.before, io);
  const account = await resolveKeystoneAccount(flags, io);
  const trees = await treesOf(flags, release, account, io);
  return planConf(observed, settings(flags, account, trees), release);
}

async function askForConf(io: Io): Promise<string> {
  return await ask(io, 'Which keystone.conf?', '--keystone-conf PATH', '/etc/keystone/keystone.conf');
}

function settings(
  { moveToken = false }: ConfigureFlags,
  account: KeystoneAccount,
  trees: Trees,
): LegacyConfSettings {
  return {
    url: account.uri,
    user: account.dn,
    password: account.password,
    userTreeDn: trees.user,
    tenantTreeDn: trees.tenant,
    roleTreeDn: trees.role,
    moveToken,
  };
}

/** Only the default trees need a suffix, and only where none is given must the server tell it. */
async function treesOf(
  flags: ConfigureFlags,
  release: Release,
  account: KeystoneAccount,
  io: Io,
): Promise<Trees> {
  if (flags.suffix !== undefined || hasAllTrees(flags)) return await resolveTrees(flags, release, io);
  const credentials = { kind: 'simple', dn: account.dn, password: account.password } as const;
  const connection = await connectionTo(account.uri, credentials, flags, io);
  return await withDirectory(connection, (directory) => resolveTrees(flags, release, io, directory));
}
