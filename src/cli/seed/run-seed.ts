import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { Identities } from '../../identities/identities.ts';
import { planIdentities } from '../../plan/identities/plan-identities.ts';
import { refuseOtherGeneration } from '../../plan/refuse-other-generation.ts';
import { refuseSampleAmongPeople } from '../../plan/refuse-sample-among-people.ts';
import { inBulkMode, recoverBulkMode } from '../../plan/stream/bulk-mode.ts';
import type { Release, Trees } from '../../releases/release.ts';
import { carryOut } from '../render/carry-out.ts';
import { chosenRelease } from '../inputs/chosen-release.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { remark } from '../terminal/output.ts';
import { planWithNameFaults } from '../../system/plan-with-name-faults.ts';
import { resolveTrees } from '../inputs/release-flags.ts';
import { connect, withDirectory, type Connection } from '../../system/connection.ts';
import { lazyConnection, resolveConfigConnection, whileWritten } from '../inputs/resolve-connection.ts';
import { resolveSource, type Resolved } from '../inputs/resolve-source.ts';
import type { RunSeedFlags } from './run-seed-flags.ts';
import type { SeedFlags, StreamFlags } from '../flags/seed-flags.ts';
import { seedTarget, streamTarget } from '../../system/identity-target.ts';
import { requireOneOutput, requireSqlFlags } from '../flags/sql-flags.ts';
import { portsOf } from '../terminal/with-progress.ts';
import { writeSqlPart, type InSql } from './write-sql-part.ts';

/** What `seed` does: refuse what Keystone cannot live with, write what is missing, then see to the part in SQL. */
export async function runSeed(flags: RunSeedFlags, io: Io): Promise<ExitCode> {
  requireOneOutput(flags);
  requireNamedPasswords(flags);
  const connecting = lazyConnection(flags, io);
  const release = await chosenRelease(flags, io, connecting);
  requireSqlFlags(flags, release);
  const resolved = await resolveSource(flags, release, io);
  const connection = whileWritten(await connecting(), resolved.source);
  const configConnection = await resolveConfigConnection(flags, connection, io);
  const openConfig = (): Promise<Session> => connect(configConnection);
  // A script on stdout is the whole result.
  const talk = flags.sqlCommands === '-' ? { ...io, stdout: io.stderr } : io;
  return await withDirectory(connection, async (directory) => {
    const trees = await resolveTrees(flags, release, io, directory);
    if (flags.allowOtherRelease !== true) await refuseOtherGeneration(directory, { release, trees });
    if (!namesIdentities(flags))
      await refuseSampleAmongPeople(directory, { release, trees }, resolved.identities);
    const recovered = await recoverBulkMode({ directory, openConfig }, trees.user);
    if (recovered !== undefined) remark(io, recovered);
    const job = { release, trees, directory, openConfig, flags };
    const inSql = await (resolved.source === undefined
      ? seedAll({ ...job, ...resolved }, talk)
      : seedStream({ ...job, ...resolved, source: resolved.source, connection }, talk));
    await writeSqlPart(release, { ...inSql, sql: resolved.identities.sql }, flags, io);
    return 0;
  });
}

/** Sample data have people's names and published passwords: nobody gets those unasked. @throws `USAGE` */
export function requireNamedPasswords(flags: SeedFlags & StreamFlags): void {
  if (flags.resetPasswords !== true || namesIdentities(flags)) return;
  throw new KeystoneLdapError(
    'USAGE',
    '--reset-passwords would overwrite the passwords of users that have names of the sample data with published ones.',
    {
      hint: 'Name the file with your users and their passwords (--file FILE), or, if the sample data are meant, add --sample release.',
    },
  );
}

function namesIdentities({ file, declared, generate, sample }: SeedFlags & StreamFlags): boolean {
  return [file, declared, generate, sample].some((source) => source !== undefined);
}

interface Job {
  readonly release: Release;
  readonly trees: Trees;
  readonly identities: Identities;
  readonly subject: string | undefined;
  readonly directory: Session;
  readonly openConfig: () => Promise<Session>;
  readonly flags: RunSeedFlags;
}

async function seedAll({ flags, directory, openConfig, ...job }: Job, io: Io): Promise<Omit<InSql, 'sql'>> {
  const { target, left, remarks } = seedTarget(job, flags);
  const { changes, warnings } = await planWithNameFaults(
    (asked) => planIdentities(directory, { ...target, ...asked }),
    flags,
    portsOf(io),
  );
  const sample =
    flags.sample === undefined || flags.sample === 'release'
      ? `sample data of ${job.release.name}`
      : `${flags.sample} sample`;
  const subject = job.subject ?? `The ${sample}`;
  const plan = {
    command: 'seed',
    release: job.release.name,
    changes,
    directory,
    openConfig,
    subject,
    flags,
    remarks: [...remarks, ...warnings],
  };
  const write = (): Promise<ExitCode> => carryOut(plan, io);
  const isBulk = flags.bulk === true && flags.dryRun !== true && changes.length > 0;
  await (isBulk ? inBulkMode({ directory, openConfig }, target.trees.user, write) : write());
  return { left, users: target.identities.users };
}

async function seedStream(
  {
    subject = '',
    ...job
  }: Job & { readonly source: NonNullable<Resolved['source']>; readonly connection: Connection },
  io: Io,
): Promise<Omit<InSql, 'sql'>> {
  const { runStreamSeed } = await import('./run-stream-seed.ts');
  const { left, held } = await runStreamSeed({ ...job, ...streamTarget(job, job.flags), subject }, io);
  return { left, users: held.users };
}
