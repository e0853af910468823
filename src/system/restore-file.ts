import { dirname } from 'node:path';
import type { JournalWriter } from '../history/journal-writer.ts';
import type { JournalRecord } from '../history/journal.ts';
import { recordOfFile } from '../history/record-of-file.ts';
import { existingFolder, removeAbandoned } from '../files.ts';
import type { FileUndo } from '../history/undo-file.ts';
import { OSLO_CONFIG } from '../keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../keystone-conf/document/document.ts';
import { removeFile, replaceFile } from '../keystone-conf/document/file.ts';
import { unifiedDiff } from '../keystone-conf/document/unified-diff.ts';

/** Puts a file back; the one that goes is kept as its backup, from which this can be undone too. */
export async function writeBack(file: FileUndo, journal: JournalWriter | undefined): Promise<void> {
  const { path, from, to, backupFolder, like } = file;
  await journal?.write([await recordOfFile(path, { before: from, after: to }, { folder: backupFolder })]);
  if (to !== undefined) await replaceFile(path, to, { expected: from, backup: true, backupFolder, like });
  else if (from !== undefined) await removeFile(path, { expected: from, backupFolder });
}

/** Removes the temporary files of a run that was killed: they may hold a password. */
export async function clearAfter(records: readonly JournalRecord[]): Promise<void> {
  const files = records.flatMap((record) =>
    record.kind === 'file' ? [record.path, record.backup ?? record.path] : [],
  );
  for (const folder of new Set(files.map(dirname)))
    // Where this user may not remove them, the files are back all the same.
    await removeAbandoned(await existingFolder(folder)).catch(() => undefined);
}

/** The change as a diff, passwords hidden. */
export function renderFileUndo({ path, from, to }: FileUndo): string {
  const [before, after] = [from, to].map((bytes) => parseConf(bytes ?? Buffer.alloc(0), path, OSLO_CONFIG));
  return before === undefined || after === undefined ? '' : unifiedDiff(before, after);
}
