import type { Session } from '../../directory/session.ts';
import { withJournal } from '../../history/with-journal.ts';
import type { Change } from '../../plan/change.ts';
import { makeChanges } from '../../system/make-changes.ts';
import { countsText } from './counts-text.ts';
import { countChanges } from '../../system/count-changes.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { printJson, remark, say, type DryRunFlags, type OutputFlags } from '../terminal/output.ts';
import { journalFolder, type JournalFlags } from '../flags/journal-flags.ts';
import { portsOf } from '../terminal/with-progress.ts';
import { renderPlan } from './render-plan.ts';

export interface CarryOut {
  readonly command: string;
  readonly changes: readonly Change[];
  readonly directory: Session;
  readonly openConfig: () => Promise<Session>;
  readonly flags: DryRunFlags & OutputFlags & JournalFlags;
  /** What the journal says of the run. */
  readonly release?: string | undefined;
  /** What a finished system is called: "The sample data of 2011.3". */
  readonly subject: string;
  /** What the person should know beside the changes. */
  readonly remarks?: readonly string[];
}

/** Shows a plan or carries it out, and says what came of it. */
export async function carryOut(job: CarryOut, io: Io): Promise<ExitCode> {
  const { changes, command, remarks = [] } = job;
  const { dryRun = false, json = false } = job.flags;
  for (const text of remarks) remark(io, text);
  if (!dryRun) await applyAll(job, io);
  if (json) printJson(io, { command, applied: !dryRun, changes, remarks });
  else render(job, io);
  return 0;
}

function render({ changes, subject, flags }: CarryOut, io: Io): void {
  if (changes.length === 0) {
    say(io, `${subject}: already up to date.`);
    return;
  }
  io.stdout.write(renderPlan(changes, io.colour));
  const isDone = flags.dryRun !== true;
  const counts = countsText(countChanges(changes), isDone);
  remark(io, isDone ? `${counts}.` : `${counts}; nothing was written (--dry-run).`);
}

async function applyAll(job: CarryOut, io: Io): Promise<void> {
  const { command, release, directory, flags } = job;
  if (job.changes.length === 0) return;
  await withJournal(journalFolder(flags, io), { command, release, directory }, (journal) =>
    makeChanges({ ...job, journal }, portsOf(io)),
  );
}
