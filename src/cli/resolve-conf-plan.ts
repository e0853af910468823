import { KeystoneLdapError } from '../errors.ts';
import { requireMeaning } from '../keystone-conf/document.ts';
import { observeConf, planConf, type ConfPlan, type ConfSettings } from '../plan/plan-conf.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Io } from './io.ts';
import type { DryRunFlags, OutputFlags } from './output.ts';
import {
  hasAllTrees,
  resolveSuffix,
  resolveTrees,
  type ReleaseFlags,
  type TreeFlags,
} from './release-flags.ts';
import { resolveConfRelease } from './resolve-conf-release.ts';
import {
  ask,
  connectionTo,
  resolveKeystoneAccount,
  withDirectory,
  type KeystoneAccount,
} from './resolve-connection.ts';
import { resolveRelease } from './resolve-release.ts';
import type { JournalFlags } from './with-journal.ts';

export interface ConfigureFlags
  extends ConnectionFlags, ReleaseFlags, TreeFlags, OutputFlags, DryRunFlags, JournalFlags {
  readonly keystoneConf?: string;
  readonly domain?: string;
  readonly domainConfigDir?: string;
  readonly moveToken?: boolean;
  readonly upgradeFrom?: string;
  readonly output?: string;
  readonly backup: boolean;
}

/** The edit of keystone.conf that the flags describe, and as whom Keystone is to bind unless that is known. */
export async function resolveConfPlan(
  flags: ConfigureFlags,
  io: Io,
  known?: KeystoneAccount,
): Promise<ConfPlan> {
  requireOneFile(flags);
  const path = flags.keystoneConf ?? (await askForConf(io));
  const { before } = await observeConf(path);
  const release = resolveRelease(flags, (await resolveConfRelease(flags.release, before, io)).name);
  const main = await observeConf(path, release);
  requireMeaning(main.before); // before anybody is asked for a password
  const account = known ?? (await resolveKeystoneAccount(flags, io));
  const place = await placeOf(flags, release, account, io);
  return await planConf(main, settings(flags, account, place), release);
}

export async function askForConf(io: Io): Promise<string> {
  return await ask(io, 'Which keystone.conf?', '--keystone-conf PATH', '/etc/keystone/keystone.conf');
}

function requireOneFile({ domain, output, domainConfigDir }: ConfigureFlags): void {
  if (domain !== undefined && output !== undefined)
    throw new KeystoneLdapError('USAGE', '--domain edits two files, and -o names one.', {
      hint: 'Use --dry-run to see both edits, or copies of the files.',
    });
  if (domain === undefined && domainConfigDir !== undefined)
    throw new KeystoneLdapError('USAGE', '--domain-config-dir needs --domain.');
}

interface Place {
  readonly suffix: string | undefined;
  readonly trees: Trees;
}

function settings(flags: ConfigureFlags, account: KeystoneAccount, place: Place): ConfSettings {
  const { moveToken = false, startTls = 0, caFile, domain, domainConfigDir: configDir } = flags;
  const { uri: url, dn: user, password } = account;
  return {
    ...{ url, user, password, moveToken, caFile },
    ...place,
    startTls: startTls > 0,
    domain: domain === undefined ? undefined : { name: domain, configDir },
  };
}

/** Only where no flag tells the suffix must the server. */
async function placeOf(
  flags: ConfigureFlags,
  release: Release,
  account: KeystoneAccount,
  io: Io,
): Promise<Place> {
  const { suffix } = flags;
  const wantsSuffix = release.conf.kind === 'oslo' || !hasAllTrees(flags, release);
  if (suffix !== undefined || !wantsSuffix) return { suffix, trees: await resolveTrees(flags, release, io) };
  const credentials = { kind: 'simple', dn: account.dn, password: account.password } as const;
  const connection = await connectionTo(account.uri, credentials, flags, io);
  return await withDirectory(connection, async (directory) => {
    const found = await resolveSuffix(flags, io, directory);
    return { suffix: found, trees: await resolveTrees({ ...flags, suffix: found }, release, io) };
  });
}
