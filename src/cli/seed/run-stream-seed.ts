import type { Session } from '../../directory/session.ts';
import type { JournalWriter } from '../../history/journal-writer.ts';
import type { Change } from '../../plan/change.ts';
import { inBulkMode } from '../../plan/stream/bulk-mode.ts';
import { checkBeside, type Beside } from '../../plan/stream/check-beside.ts';
import { planBeside, planGroups } from '../../plan/stream/plan-beside.ts';
import type { StreamTarget } from '../../plan/stream/stream-target.ts';
import type { Survey } from '../../plan/stream/survey-result.ts';
import { withJournal } from '../../history/with-journal.ts';
import { makeChanges } from '../../system/make-changes.ts';
import type { Io } from '../terminal/io.ts';
import { printJson, remark, say, type DryRunFlags, type OutputFlags } from '../terminal/output.ts';
import { plural } from '../terminal/plural.ts';
import { renderPlan } from '../render/render-plan.ts';
import { countUsers } from '../../system/count-users.ts';
import { planWithNameFaults } from '../../system/plan-with-name-faults.ts';
import type { SeedFlags, StreamFlags } from '../flags/seed-flags.ts';
import { surveyManyUsers, type StreamServer } from '../../system/survey-many-users.ts';
import { journalFolder, type JournalFlags } from '../flags/journal-flags.ts';
import { portsOf, withProgress } from '../terminal/with-progress.ts';
import { writeManyUsers } from '../../system/write-many-users.ts';

export interface StreamSeed extends StreamServer {
  readonly target: StreamTarget;
  readonly subject: string;
  readonly openConfig: () => Promise<Session>;
  readonly flags: SeedFlags & StreamFlags & DryRunFlags & OutputFlags & JournalFlags;
  readonly remarks: readonly string[];
}

interface Work extends StreamSeed {
  readonly survey: Survey;
  readonly beside: Beside;
  readonly changes: readonly Change[];
  /** Of the groups that come with the users. */
  readonly groupChanges: number;
}

/** Seeds users that do not fit into memory: looks at all of them, then writes what is missing. */
export async function runStreamSeed(job: StreamSeed, io: Io): Promise<Beside> {
  const { target, directory, flags } = job;
  const survey = await surveyManyUsers(job, target, portsOf(io));
  const beside = checkBeside(target, survey);
  const { changes, warnings } = await planWithNameFaults(
    (asked) => planBeside(directory, target, { ...asked, survey, held: beside.held }),
    flags,
    portsOf(io),
  );
  const groupChanges = await countGroupChanges(job, survey, io);
  const remarks = [...job.remarks, ...warnings];
  const work: Work = { ...job, remarks, survey, beside, changes, groupChanges };
  for (const text of remarksOf(work)) remark(io, text);
  if (flags.dryRun !== true) await write(work, io);
  tell(work, io);
  return beside;
}

async function countGroupChanges(
  { directory, target }: StreamSeed,
  { known }: Survey,
  io: Io,
): Promise<number> {
  let changed = 0;
  await withProgress(io, 'comparing groups', async (onStep) => {
    for await (const changes of planGroups(directory, target, known))
      onStep((changed += changes.length), undefined);
  });
  return changed;
}

async function write(work: Work, io: Io): Promise<void> {
  const { target, directory, openConfig, survey, changes, flags } = work;
  const ports = { directory, openConfig };
  const all = async (journal: JournalWriter | undefined): Promise<void> => {
    await writeManyUsers(work, work, journal === undefined ? [] : [journal], portsOf(io));
    await makeChanges({ ...ports, changes, journal }, portsOf(io));
    if (work.groupChanges === 0) return;
    for await (const ofGroup of planGroups(directory, target, survey.known))
      await makeChanges({ ...ports, changes: ofGroup, journal }, portsOf(io));
  };
  const run = { command: 'seed', release: target.release.name, directory };
  const isBulk = flags.bulk === true && countAll(work) > 0;
  await withJournal(journalFolder(flags, io), run, (journal) =>
    isBulk ? inBulkMode(ports, target.trees.user, () => all(journal)) : all(journal),
  );
}

function remarksOf({ remarks, survey, beside, flags, ...work }: Work): readonly string[] {
  const isWritten = flags.dryRun !== true && countAll({ ...work, survey }) > 0;
  const way = flags.bulk === true ? BULK : IN_WINDOW;
  return [...remarks, ...survey.remarks, ...beside.remarks, ...(isWritten ? [way] : [])];
}

const BULK =
  'Writing in bulk: olcDbEnvFlags has nosync and writemap until the end, when all is flushed to the disk at once.';
const IN_WINDOW =
  'Writing over two connections with 250 requests in flight on each; --bulk does not wait for the disk.';

function countAll({
  survey,
  changes,
  groupChanges,
}: Pick<Work, 'survey' | 'changes' | 'groupChanges'>): number {
  const { added, changed } = countUsers({ survey });
  return added + changed + changes.length + groupChanges;
}

function tell(work: Work, io: Io): void {
  const { survey, changes, groupChanges, subject, flags } = work;
  const { dryRun = false, json = false } = flags;
  const users = countUsers({ survey });
  if (json) {
    printJson(io, {
      command: 'seed',
      applied: !dryRun,
      users,
      changes,
      groupChanges,
      remarks: remarksOf(work),
    });
    return;
  }
  if (countAll(work) === 0) {
    say(io, `${subject}: already up to date.`);
    return;
  }
  const [added, changed] = dryRun ? ['to add', 'to change'] : ['added', 'changed'];
  say(io, `${subject}: ${users.added} of ${users.total} users ${added}, ${users.changed} ${changed}.`);
  if (changes.length > 0) io.stdout.write(renderPlan(changes, io.colour));
  const beside = changes.length + groupChanges;
  if (beside > 0)
    remark(
      io,
      dryRun ? `${plural(beside, 'other change')} to apply.` : `Also made ${plural(beside, 'other change')}.`,
    );
  if (dryRun) remark(io, 'Nothing was written (--dry-run).');
}
