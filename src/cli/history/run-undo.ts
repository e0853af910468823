import { KeystoneLdapError } from '../../errors.ts';
import { readRun, surveyRuns, type DamagedRun } from '../../history/journal-folder.ts';
import type { RecordedRun, RunSummary } from '../../history/journal.ts';
import { planUndo, type UndoPlan } from '../../history/plan-undo.ts';
import { observeContexts, requireServerOf } from '../../history/server-identity.ts';
import { countsText } from '../render/counts-text.ts';
import { countChanges, sumOf } from '../../system/count-changes.ts';
import { confirmed, type ConfirmFlags } from '../terminal/confirm.ts';
import type { ConfigConnectionFlags, ConnectionFlags } from '../flags/connection-flags.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { LazyDirectory } from '../inputs/lazy-directory.ts';
import { printJson, remark, type DryRunFlags, type OutputFlags } from '../terminal/output.ts';
import { renderPlan } from '../render/render-plan.ts';
import { undoRun, type UndoRunPorts } from '../../system/undo-run.ts';
import { journalFolder, stateFolder, type JournalFlags } from '../flags/journal-flags.ts';
import { portsOf } from '../terminal/with-progress.ts';
import { renderFileUndo } from '../../system/restore-file.ts';

export type UndoFlags = ConnectionFlags &
  ConfigConnectionFlags &
  JournalFlags &
  DryRunFlags &
  OutputFlags &
  ConfirmFlags & { readonly keepChanged?: boolean; readonly otherServer?: boolean };

/** What `undo` does: plan the way back, show it, ask, and go. */
export async function runUndo(id: string | undefined, flags: UndoFlags, io: Io): Promise<ExitCode> {
  const folder = stateFolder(flags, io);
  const run = await chosenRun(folder, id);
  const uri = flags.uri ?? run.server;
  await using link = new LazyDirectory({ ...flags, ...(uri !== undefined && { uri }) }, io);
  if (flags.otherServer !== true) await requireServer(run, folder, link);
  const plan = await planUndo(run, link, flags);
  if (flags.json !== true) show(run, plan, io);
  const isEmpty = stepsOf(plan) === 0;
  const goes = flags.dryRun !== true && (isEmpty || (await confirmed(`Undo ${run.id}?`, flags, io)));
  if (goes) await undoRun(run, plan, undoPorts(link, flags, io));
  if (flags.json === true)
    printJson(io, {
      command: 'undo',
      undoes: run.id,
      applied: goes,
      files: plan.files.map(fileJson),
      changes: plan.changes,
      registry: plan.strikes,
      remains: plan.remains,
    });
  else remark(io, outcome(run, plan, { goes, isEmpty }));
  return goes || flags.dryRun === true ? 0 : 1;
}

function undoPorts({ openDirectory, openConfig }: LazyDirectory, flags: UndoFlags, io: Io): UndoRunPorts {
  return { ...portsOf(io), openDirectory, openConfig, folder: journalFolder(flags, io) };
}

async function chosenRun(folder: string, id: string | undefined): Promise<RecordedRun> {
  const run = await readRun(folder, id ?? (await latest(folder)));
  if (run.state === 'undone') throw new KeystoneLdapError('USAGE', `Run ${run.id} is undone already.`);
  return run;
}

/** A run may have changed files alone, and needs no server then. */
async function requireServer(run: RecordedRun, folder: string, link: LazyDirectory): Promise<void> {
  if (run.records.every(({ kind }) => kind === 'file')) return;
  const directory = await link.openDirectory();
  const seen = { uri: directory.uri, contexts: await observeContexts(directory) };
  requireServerOf(run, (await surveyRuns(folder)).runs, seen);
}

/** An undo is taken back by its id only: undo after undo goes further back. */
async function latest(folder: string): Promise<string> {
  const { runs, damaged } = await surveyRuns(folder);
  const found = runs.find(({ command, state }) => command !== 'undo' && state !== 'undone');
  const [later] = damaged.filter(({ id }) => found === undefined || id > found.id);
  if (later !== undefined) throw mayBeLatest(later, found);
  if (found !== undefined) return found.id;
  if (runs.length > 0)
    throw new KeystoneLdapError('USAGE', 'There is nothing to undo: every run is undone already.', {
      hint: 'An undo is taken back by its ID: "keystone-ldap history" lists them.',
    });
  throw new KeystoneLdapError('USAGE', `There is nothing to undo: no run has left a journal in ${folder}.`, {
    hint: '--state-dir (or KEYSTONE_LDAP_STATE_DIR) says where the journals are.',
  });
}

/** What an unreadable run changed is unknown: to undo an earlier one instead is not what was asked for. */
function mayBeLatest({ id, fault }: DamagedRun, earlier: RunSummary | undefined): KeystoneLdapError {
  const instead =
    earlier === undefined ? undefined : `To undo an earlier run, name it: keystone-ldap undo ${earlier.id}`;
  const hints = [fault.hint, instead].filter((hint) => hint !== undefined);
  return new KeystoneLdapError(
    'FILE_UNREADABLE',
    `Run ${id} may be the one to undo, but its journal is damaged; nothing was changed. ${fault.message}`,
    { hint: hints.join(' '), cause: fault },
  );
}

function stepsOf({ changes, files, strikes }: UndoPlan): number {
  return changes.length + files.length + strikes.length;
}

function show(
  { id, command, at }: RecordedRun,
  { changes, files, strikes, remains }: UndoPlan,
  io: Io,
): void {
  remark(io, `The way back from "${command}" of ${at} (${id}):`);
  for (const file of files) io.stdout.write(renderFileUndo(file));
  io.stdout.write(renderPlan([...changes, ...strikes], io.colour));
  for (const sentence of remains) remark(io, `remark: ${sentence}`);
}

function outcome(
  { id }: RecordedRun,
  plan: UndoPlan,
  { goes, isEmpty }: { readonly goes: boolean; readonly isEmpty: boolean },
): string {
  if (isEmpty) return `Run ${id}: nothing left to take back.`;
  const { changes, strikes, files } = plan;
  const edited = { added: 0, changed: files.length, removed: 0 };
  const counts = countsText(sumOf([countChanges([...changes, ...strikes]), edited]), goes);
  return goes ? `Run ${id} is undone: ${counts}.` : `${counts}; nothing was written.`;
}

function fileJson({ path, to }: UndoPlan['files'][number]): unknown {
  return { file: path, becomes: to === undefined ? 'absent' : 'the file before' };
}
