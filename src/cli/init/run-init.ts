import { planInit } from '../../plan/plan-init.ts';
import { asInConf } from './as-in-conf.ts';
import { chosenRelease } from '../inputs/chosen-release.ts';
import { carryOut } from '../render/carry-out.ts';
import type { IsMeant } from '../flags/command-context.ts';
import type { ConfigConnectionFlags, ConnectionFlags } from '../flags/connection-flags.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import type { ConfFilesFlags } from '../flags/keystone-flags.ts';
import type { DryRunFlags, OutputFlags } from '../terminal/output.ts';
import { resolveTrees, type ReleaseFlags, type TreeFlags } from '../inputs/release-flags.ts';
import { canBindTo, connect, withDirectory } from '../../system/connection.ts';
import { lazyConnection, resolveConfigConnection } from '../inputs/resolve-connection.ts';
import { resolveServiceAccount, settleAccessBy } from '../inputs/resolve-service-account.ts';
import type { ServiceAccountFlags } from '../flags/service-account-flags.ts';
import type { JournalFlags } from '../flags/journal-flags.ts';

export interface InitFlags
  extends
    ConfFilesFlags,
    ReleaseFlags,
    ConnectionFlags,
    ConfigConnectionFlags,
    TreeFlags,
    ServiceAccountFlags,
    OutputFlags,
    DryRunFlags,
    JournalFlags {
  readonly configFile?: string;
  readonly schemaFile?: string;
  readonly replaceSchema?: boolean;
  readonly readOnly?: boolean;
  readonly allowOtherRelease?: boolean;
}

/** What `init` does: load the schema and create the trees and, where asked for, the account for Keystone. */
export async function runInit(given: InitFlags, io: Io, isMeant: IsMeant): Promise<ExitCode> {
  // Before the release is looked for, which may need the server: what is wrong with the flags alone needs none.
  const account = await resolveServiceAccount(given, io);
  const connecting = lazyConnection(given, io);
  const chosen = await chosenRelease(given, io, connecting);
  const { release, flags } = await asInConf(chosen, given, isMeant);
  const connection = await connecting();
  const openConfig = async () => await connect(await resolveConfigConnection(flags, connection, io));
  return await withDirectory(connection, async (directory) => {
    const trees = await resolveTrees(flags, release, io, directory);
    const { schemaFile, replaceSchema = false, allowOtherRelease } = flags;
    const remarks: string[] = [];
    const onRemark = (text: string): void => void remarks.push(text);
    const settleAccess = settleAccessBy(flags, io);
    const changes = await planInit(
      { directory, openConfig, canBind: canBindTo(connection), settleAccess, onRemark },
      { release, trees, schemaFile, replaceSchema, allowOtherRelease, serviceAccount: account?.target },
    );
    if (flags.dryRun !== true) await account?.keepPassword();
    const subject = `${account === undefined ? 'Schema and trees' : 'Schema, trees and service account'} of ${release.name}`;
    return await carryOut(
      { command: 'init', release: release.name, changes, directory, openConfig, subject, remarks, flags },
      io,
    );
  });
}
