import { planIdentities } from '../plan/plan-identities.ts';
import { DEFAULT_RELEASE, findRelease } from '../releases/find-release.ts';
import { carryOut } from './carry-out.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { ExitCode, Io } from './io.ts';
import type { DryRunFlags, OutputFlags } from './output.ts';
import { resolveTrees, type TreeFlags } from './release-flags.ts';
import { connect, resolveConnection, withDirectory } from './resolve-connection.ts';
import { resolveIdentities } from './resolve-identities.ts';
import type { SeedFlags } from './seed-flags.ts';
import { seedTarget } from './seed-target.ts';
import { requireSqlFlags, type SqlFlags } from './sql-flags.ts';
import { writeSqlPart } from './write-sql-part.ts';

export interface RunSeedFlags
  extends ConnectionFlags, TreeFlags, SeedFlags, SqlFlags, OutputFlags, DryRunFlags {
  readonly release?: string;
}

/** What `seed` does: refuse what Keystone cannot live with, write what is missing, then see to the part in SQL. */
export async function runSeed(flags: RunSeedFlags, io: Io): Promise<ExitCode> {
  requireSqlFlags(flags);
  const release = findRelease(flags.release ?? DEFAULT_RELEASE);
  const identities = await resolveIdentities(flags.file, { name: flags.sample ?? release.name }, io);
  const connection = await resolveConnection(flags, io);
  // A script on stdout is the whole result.
  const talk = flags.sqlCommands === '-' ? { ...io, stdout: io.stderr } : io;
  return await withDirectory(connection, async (directory) => {
    const trees = await resolveTrees(flags, release, io, directory);
    const { target, remarks } = seedTarget({ release, trees, identities }, flags);
    const changes = await planIdentities(directory, target);
    const sample = flags.sample === undefined ? `sample data of ${release.name}` : `${flags.sample} sample`;
    const subject = flags.file?.join(', ') ?? `The ${sample}`;
    const code = await carryOut(
      { command: 'seed', changes, directory, openConfig: () => connect(connection), subject, flags, remarks },
      talk,
    );
    await writeSqlPart(identities.sql, flags, io);
    return code;
  });
}
