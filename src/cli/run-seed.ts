import type { Problem } from '../errors.ts';
import { planIdentities } from '../plan/plan-identities.ts';
import { carryOut } from './carry-out.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { ExitCode, Io } from './io.ts';
import type { DryRunFlags, OutputFlags } from './output.ts';
import { resolveTrees, type ReleaseFlags, type TreeFlags } from './release-flags.ts';
import { connect, resolveConnection, withDirectory } from './resolve-connection.ts';
import { resolveRelease } from './resolve-release.ts';
import { resolveIdentities } from './resolve-identities.ts';
import type { SeedFlags } from './seed-flags.ts';
import { seedTarget } from './seed-target.ts';
import { requireSqlFlags, type SqlFlags } from './sql-flags.ts';
import type { JournalFlags } from './with-journal.ts';
import { withProgress } from './with-progress.ts';
import { writeSqlPart } from './write-sql-part.ts';

export type RunSeedFlags = ConnectionFlags &
  ReleaseFlags &
  TreeFlags &
  SeedFlags &
  SqlFlags &
  OutputFlags &
  DryRunFlags &
  JournalFlags;

/** What `seed` does: refuse what Keystone cannot live with, write what is missing, then see to the part in SQL. */
export async function runSeed(flags: RunSeedFlags, io: Io): Promise<ExitCode> {
  const release = resolveRelease(flags);
  requireSqlFlags(flags, release);
  const identities = await resolveIdentities(flags.file, { name: flags.sample ?? release.name }, io);
  const connection = await resolveConnection(flags, io);
  // A script on stdout is the whole result.
  const talk = flags.sqlCommands === '-' ? { ...io, stdout: io.stderr } : io;
  return await withDirectory(connection, async (directory) => {
    const trees = await resolveTrees(flags, release, io, directory);
    const { target, left, remarks } = seedTarget({ release, trees, identities }, flags);
    const warnings: string[] = [];
    const onUnsafe = ({ message }: Problem): void => void warnings.push(`warning: ${message}`);
    const changes = await withProgress(io, 'planning', (onEntry) =>
      planIdentities(directory, {
        ...target,
        onEntry,
        ...(flags.allowUnsafeNames === true && { onUnsafe }),
      }),
    );
    const sample = flags.sample === undefined ? `sample data of ${release.name}` : `${flags.sample} sample`;
    const subject = flags.file?.join(', ') ?? `The ${sample}`;
    const code = await carryOut(
      {
        command: 'seed',
        release: release.name,
        changes,
        directory,
        openConfig: () => connect(connection),
        subject,
        flags,
        remarks: [...remarks, ...warnings],
      },
      talk,
    );
    const inSql = { left, users: target.identities.users, sql: identities.sql };
    await writeSqlPart(release, inSql, flags, io);
    return code;
  });
}
