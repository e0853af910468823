import { withJournal } from '../../history/with-journal.ts';
import type { ReplacedFile } from '../../keystone-conf/document/file.ts';
import { keptText } from '../../keystone-conf/kept-setting.ts';
import { unifiedDiff } from '../../keystone-conf/document/unified-diff.ts';
import { isChanged } from '../../plan/conf/is-changed.ts';
import { plannedBytes } from '../../plan/conf/plan-conf.ts';
import type { ConfNote, ConfPlan } from '../../plan/conf/conf-plan.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { printJson, remark, say } from '../terminal/output.ts';
import type { ConfigureFlags, ResolvedConf } from './resolve-conf-plan.ts';
import { writeConfs } from '../../system/write-confs.ts';
import { journalFolder } from '../flags/journal-flags.ts';

/** A plan, and what is to be known before it is carried out. */
type AskedPlan = ConfPlan & Partial<Pick<ResolvedConf, 'findings' | 'replaced'>>;

/** Shows the edit of keystone.conf or makes it, and says what came of it. */
export async function carryOutConf(plan: AskedPlan, flags: ConfigureFlags, io: Io): Promise<ExitCode> {
  const { dryRun = false, output } = flags;
  const [main] = plan.files.slice(-1);
  const isText = output === '-' && !dryRun && main !== undefined;
  if (isText) io.stdout.write(plannedBytes(main));
  remarkOn(plan, io);
  if (!(await mayReplace(plan, flags, io))) {
    remark(io, 'Nothing was changed.');
    return 1;
  }
  const run = { command: 'configure', release: flags.release };
  const written =
    dryRun || isText
      ? []
      : await withJournal(journalFolder(flags, io), run, (journal) => writeConfs(plan, flags, journal));
  if (!isText) show(plan, written, flags, io);
  return plan.findings === undefined || plan.findings.length === 0 ? 0 : 1;
}

/** On a terminal somebody is shown the edit and asked, before Keystone gets another account, tree or rule of enabled. */
async function mayReplace(
  { files, replaced = [] }: AskedPlan,
  { dryRun, output, yes, json }: ConfigureFlags,
  io: Io,
): Promise<boolean> {
  if (io.asker === undefined || yes === true || dryRun === true || output !== undefined) return true;
  if (replaced.length === 0) return true;
  const shown = json === true ? io.stderr : io.stdout;
  for (const file of files) if (isChanged(file)) shown.write(unifiedDiff(file.before, file.after));
  const options = [...new Set(replaced.map(({ option, newName }) => newName ?? option))].join(', ');
  return await io.asker.confirm(`This changes ${options}, which Keystone uses now. Write it?`);
}

function remarkOn(plan: ConfPlan, io: Io): void {
  for (const text of keptTexts(plan)) remark(io, text);
  for (const note of plan.notes) remark(io, noteText(note));
}

/** What stays although the environment or a default differs, a line each. */
export function keptTexts({ files }: ConfPlan): readonly string[] {
  return files.flatMap(({ path, kept = [] }) => kept.map((one) => `${path}: ${keptText(one)}`));
}

export function noteText({ message, file, line, isRemark = false }: ConfNote): string {
  const text = file === undefined || line === undefined ? message : `${file}:${line}: ${message}`;
  return isRemark ? text : `warning: ${text}`;
}

function show(
  plan: ConfPlan,
  written: readonly ReplacedFile[],
  { json, dryRun }: ConfigureFlags,
  io: Io,
): void {
  if (json !== true) {
    render(plan, written, io);
    return;
  }
  const files = filesJson(plan, written);
  printJson(io, { command: 'configure', applied: dryRun !== true, files, notes: plan.notes });
}

function filesJson({ files }: ConfPlan, written: readonly ReplacedFile[]): readonly unknown[] {
  return files.map(({ path, edits, kept = [] }, index) => ({ file: path, edits, kept, ...written[index] }));
}

function render({ files, notes }: ConfPlan, written: readonly ReplacedFile[], io: Io): void {
  for (const file of files)
    if (!isChanged(file)) say(io, `${file.path}: already up to date.`);
    else io.stdout.write(unifiedDiff(file.before, file.after));
  const edits = files.flatMap((file) => file.edits);
  if (
    notes.every(({ isRemark }) => isRemark === true) &&
    edits.some(({ option }) => option === 'backend_entities')
  )
    remark(io, TOKEN_STAYS);
  for (const { path, backup } of written)
    remark(io, `Wrote ${path}${backup === undefined ? '' : `; the previous version is in ${backup}`}.`);
  if (written.length === 0 && files.some(isChanged)) remark(io, 'Nothing was written (--dry-run).');
}

const TOKEN_STAYS =
  'Token stays in SQL, because LDAP stores no tokens; --move-token takes it out where another backend does.';
