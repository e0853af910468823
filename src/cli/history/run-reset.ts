import { equalDn } from '../../directory/dn.ts';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { listRuns, readRun } from '../../history/journal-folder.ts';
import type { RecordedRun, RunSummary } from '../../history/journal.ts';
import { planReset, type ResetPlan } from '../../history/plan-reset.ts';
import { RegistryClearing } from '../../history/registry-content.ts';
import { isServerOf, observeContexts } from '../../history/server-identity.ts';
import { withJournal } from '../../history/with-journal.ts';
import { makeChanges } from '../../system/make-changes.ts';
import { countsText } from '../render/counts-text.ts';
import { countChanges } from '../../system/count-changes.ts';
import { typed, type ConfirmFlags } from '../terminal/confirm.ts';
import type { ConfigConnectionFlags, ConnectionFlags } from '../flags/connection-flags.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { LazyDirectory } from '../inputs/lazy-directory.ts';
import { printJson, remark, say, type DryRunFlags, type OutputFlags } from '../terminal/output.ts';
import { plural } from '../terminal/plural.ts';
import { resolveSuffix } from '../inputs/release-flags.ts';
import { renderPlan } from '../render/render-plan.ts';
import { portsOf } from '../terminal/with-progress.ts';
import { journalFolder, stateFolder, type JournalFlags } from '../flags/journal-flags.ts';

export type ResetFlags = ConnectionFlags &
  ConfigConnectionFlags &
  JournalFlags &
  DryRunFlags &
  OutputFlags &
  ConfirmFlags & {
    readonly suffix?: string;
    readonly registryOnly?: boolean;
    readonly otherServer?: boolean;
  };

/** What `reset` does: show what is ours, have the suffix typed, and take it away. */
export async function runReset(flags: ResetFlags, io: Io): Promise<ExitCode> {
  await using link = new LazyDirectory(flags, io);
  const directory = await link.openDirectory();
  const suffix = await resolveSuffix(flags, io, directory);
  const { runs, elsewhere } = await runsOn(directory, suffix, flags, io);
  const plan = await planReset(directory, { suffix, runs, registryOnly: flags.registryOnly });
  const steps = plan.deletions.length + plan.strikes.length;
  if (steps === 0) requireAnyHere(elsewhere, runs, directory);
  if (flags.json !== true) show(plan, { suffix, elsewhere }, io);
  const isWanted = steps > 0 && flags.dryRun !== true;
  const question = `This takes away ${steps} entries below ${suffix}; type the suffix to go on:`;
  const goes = isWanted && (await typed(question, (answer) => equalDn(answer, suffix), flags, io));
  if (goes) await carryOut(plan, flags, link, io);
  const { deletions: changes, strikes: registry, kept } = plan;
  if (flags.json === true)
    printJson(io, { command: 'reset', suffix, applied: goes, changes, registry, kept });
  else if (steps > 0)
    remark(
      io,
      goes ? `${countsText(countChanges([...changes, ...registry]), true)}.` : 'Nothing was written.',
    );
  return isWanted && !goes ? 1 : 0;
}

function show(
  { deletions, strikes, kept }: ResetPlan,
  { suffix, elsewhere }: { readonly suffix: string; readonly elsewhere: readonly RunSummary[] },
  io: Io,
): void {
  io.stdout.write(renderPlan([...deletions, ...strikes], io.colour));
  for (const sentence of kept) remark(io, `remark: ${sentence}`);
  if (elsewhere.length > 0)
    remark(
      io,
      `remark: ${plural(elsewhere.length, 'run')} changed another directory at this address and ${elsewhere.length === 1 ? 'does' : 'do'} not count (--other-server counts ${elsewhere.length === 1 ? 'it' : 'them'}).`,
    );
  if (deletions.length + strikes.length === 0)
    say(io, `Nothing that keystone-ldap made is left below ${suffix}.`);
}

interface RunsHere {
  readonly runs: readonly RecordedRun[];
  /** Made under this URI, where another directory was then. */
  readonly elsewhere: readonly RunSummary[];
}

/** The runs that changed this server, latest first. */
async function runsOn(directory: Session, suffix: string, flags: ResetFlags, io: Io): Promise<RunsHere> {
  const folder = stateFolder(flags, io);
  const all = (await listRuns(folder)).filter(({ server }) => server !== undefined);
  const seen = { uri: directory.uri, contexts: await observeContexts(directory) };
  const isHere = (run: RunSummary): boolean =>
    isServerOf(run, all, seen, [suffix]) || (flags.otherServer === true && run.server === directory.uri);
  const runs: RecordedRun[] = [];
  for (const { id } of all.filter(isHere)) runs.push(await readRun(folder, id));
  const elsewhere = all.filter(
    (run) => !isHere(run) && run.server === directory.uri && run.state !== 'undone' && run.command !== 'undo',
  );
  return { runs, elsewhere };
}

/** @throws `OTHER_SERVER` if all that is known was made elsewhere: "nothing is left" would be no answer */
function requireAnyHere(
  elsewhere: readonly RunSummary[],
  runs: readonly RunSummary[],
  { uri }: Session,
): void {
  if (elsewhere.length === 0 || runs.length > 0) return;
  throw new KeystoneLdapError(
    'OTHER_SERVER',
    `${uri} is not the directory that ${plural(elsewhere.length, 'earlier run')} changed at this address; nothing was touched.`,
    { hint: 'If you replaced the directory on purpose, add --other-server to count these runs.' },
  );
}

async function carryOut(
  { deletions: changes, strikes }: ResetPlan,
  flags: ResetFlags,
  { openDirectory, openConfig }: LazyDirectory,
  io: Io,
): Promise<void> {
  const directory = await openDirectory();
  await withJournal(journalFolder(flags, io), { command: 'reset', directory }, async (journal) => {
    const clearing = new RegistryClearing(directory, strikes);
    await makeChanges({ changes, directory, openConfig, journal, listeners: [clearing] }, portsOf(io));
    await clearing.finish();
  });
}
