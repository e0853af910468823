import type { JournalWriter } from '../history/journal-writer.ts';
import { recordOfFile } from '../history/record-of-file.ts';
import { readBytesIfPresent } from '../files.ts';
import { replaceFile, type ReplacedFile } from '../keystone-conf/file.ts';
import { unifiedDiff } from '../keystone-conf/unified-diff.ts';
import { plannedBytes, type ConfNote, type ConfPlan, type FilePlan } from '../plan/plan-conf.ts';
import type { ExitCode, Io } from './io.ts';
import { printJson, remark, say } from './output.ts';
import type { ConfigureFlags } from './resolve-conf-plan.ts';
import { withJournal } from './with-journal.ts';

type WriteFlags = Pick<ConfigureFlags, 'output' | 'backup'>;

/** Shows the edit of keystone.conf or makes it, and says what came of it. */
export async function carryOutConf(plan: ConfPlan, flags: ConfigureFlags, io: Io): Promise<ExitCode> {
  const { dryRun = false, json = false, output } = flags;
  const [main] = plan.files.slice(-1);
  const isText = output === '-' && !dryRun && main !== undefined;
  if (isText) io.stdout.write(plannedBytes(main));
  const run = { command: 'configure', release: flags.release };
  const written =
    dryRun || isText ? [] : await withJournal(run, flags, io, (journal) => writeConf(plan, flags, journal));
  for (const note of plan.notes) remark(io, `warning: ${noteText(note)}`);
  if (isText) return 0;
  if (json)
    printJson(io, {
      command: 'configure',
      applied: !dryRun,
      files: filesJson(plan, written),
      notes: plan.notes,
    });
  else render(plan, written, io);
  return 0;
}

/** Replaces the files that the plan edits. */
export async function writeConf(
  { files }: ConfPlan,
  flags: WriteFlags,
  journal: JournalWriter | undefined,
): Promise<readonly ReplacedFile[]> {
  const written: ReplacedFile[] = [];
  for (const file of files) {
    const replaced = await write(file, flags, journal);
    if (replaced !== undefined) written.push(replaced);
  }
  return written;
}

async function write(
  file: FilePlan,
  { output, backup }: WriteFlags,
  journal: JournalWriter | undefined,
): Promise<ReplacedFile | undefined> {
  const after = plannedBytes(file);
  if (output !== undefined) {
    const before = await readBytesIfPresent(output);
    if (before?.equals(after) !== true) await journal?.write([await recordOfFile(output, { before, after })]);
    return await replaceFile(output, after, { expected: before, backup: false });
  }
  if (file.edits.length === 0) return undefined;
  const { path, bytes: expected, backupFolder, like } = file;
  const kept = backup ? { folder: backupFolder } : undefined;
  await journal?.write([await recordOfFile(path, { before: expected, after }, kept)]);
  return await replaceFile(path, after, {
    expected,
    backup,
    like,
    ...(backupFolder && { backupFolder }),
  });
}

export function noteText({ message, file, line }: ConfNote): string {
  return file === undefined || line === undefined ? message : `${file}:${line}: ${message}`;
}

function filesJson({ files }: ConfPlan, written: readonly ReplacedFile[]): readonly unknown[] {
  return files.map(({ path, edits }, index) => ({ file: path, edits, ...written[index] }));
}

function render({ files, notes }: ConfPlan, written: readonly ReplacedFile[], io: Io): void {
  for (const file of files)
    if (file.edits.length === 0) say(io, `${file.path}: nothing left to do.`);
    else io.stdout.write(unifiedDiff(file.before, file.after));
  const edits = files.flatMap((file) => file.edits);
  if (notes.length === 0 && edits.some(({ option }) => option === 'backend_entities'))
    remark(io, TOKEN_STAYS);
  for (const { path, backup } of written)
    remark(io, `Wrote ${path}${backup === undefined ? '' : `; the file as it was is ${backup}`}.`);
  if (written.length === 0 && edits.length > 0) remark(io, 'Nothing was written (--dry-run).');
}

const TOKEN_STAYS =
  'Token stays in SQL, because LDAP stores no tokens; --move-token takes it out where another backend does.';
