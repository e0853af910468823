import type { JournalWriter } from '../history/journal-writer.ts';
import { recordOfFile } from '../history/record-of-file.ts';
import { readReplaceable } from '../files.ts';
import { replaceFile, type ReplacedFile } from '../keystone-conf/document/file.ts';
import type { ConfPlan, FilePlan } from '../plan/conf/conf-plan.ts';
import { isChanged } from '../plan/conf/is-changed.ts';
import { plannedBytes } from '../plan/conf/plan-conf.ts';

export interface ConfWriting {
  /** Where the file goes instead; it is written even if nothing is edited. */
  readonly output?: string | undefined;
  /** Whether the file as it was is kept. */
  readonly backup: boolean;
}

/** Replaces the files that the plan edits. */
export async function writeConfs(
  { files }: ConfPlan,
  writing: ConfWriting,
  journal: JournalWriter | undefined,
): Promise<readonly ReplacedFile[]> {
  const written: ReplacedFile[] = [];
  for (const file of files) {
    const replaced = await writeConf(file, writing, journal);
    if (replaced !== undefined) written.push(replaced);
  }
  return written;
}

async function writeConf(
  file: FilePlan,
  { output, backup }: ConfWriting,
  journal: JournalWriter | undefined,
): Promise<ReplacedFile | undefined> {
  const after = plannedBytes(file);
  if (output !== undefined) {
    const before = await readReplaceable(output);
    if (before?.equals(after) !== true) await journal?.write([await recordOfFile(output, { before, after })]);
    return await replaceFile(output, after, { expected: before, backup: false });
  }
  if (!isChanged(file)) return undefined;
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
