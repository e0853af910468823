import { LIMITS, readPath, sizeText } from '../bounded-input.ts';
import { isDn } from '../directory/dn.ts';
import { KeystoneLdapError } from '../errors.ts';
import { unreadable } from '../file-faults.ts';
import { strictChunks } from '../strict-text.ts';
import { JOURNAL_VERSION, type JournalRecord, type NotMade, type RunEnd, type RunHeader } from './journal.ts';

export type JournalLine = RunHeader | RunEnd | NotMade | JournalRecord;

/**
 * The lines of a journal. A last one that a kill or a full disk has cut off is left out: its change had not begun.
 * @throws `FILE_UNREADABLE` for any other line that we did not write: who skips it would undo a part. A file without its
 * first line is damaged, too, because a journal appears with it
 */
export async function* journalLines(path: string): AsyncGenerator<JournalLine> {
  let number = 0;
  for await (const { text, isWhole } of linesOf(path)) {
    number += 1;
    const line = parseLine(text);
    if (line === undefined && (isWhole || number === 1))
      throw damaged(path, `line ${number} is not one of a journal`);
    if (line !== undefined && number === 1 && !('journal' in line))
      throw damaged(path, 'it does not begin with the first line of a journal');
    if (line !== undefined) yield line;
  }
  if (number === 0) throw damaged(path, 'it is empty');
}

async function* linesOf(path: string): AsyncGenerator<{ readonly text: string; readonly isWhole: boolean }> {
  let rest = '';
  try {
    for await (const chunk of strictChunks(readPath(path), path)) {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LIMITS.record)
        throw damaged(path, `a line is longer than ${sizeText(LIMITS.record)}`);
      for (const text of lines) yield { text, isWhole: true };
    }
  } catch (error) {
    if (error instanceof KeystoneLdapError && error.code === 'INPUT_INVALID')
      throw damaged(path, `line ${error.problems[0]?.line ?? 1} is not text`);
    throw error instanceof KeystoneLdapError ? error : unreadable(`the journal ${path}`, error);
  }
  if (rest !== '') yield { text: rest, isWhole: false };
}

function damaged(path: string, why: string): KeystoneLdapError {
  return new KeystoneLdapError('FILE_UNREADABLE', `Cannot read the journal ${path}: ${why}.`, {
    hint: 'Restore the file from a backup, or move it away: then the run it records cannot be undone.',
  });
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && isLine(value) ? (value as unknown as JournalLine) : undefined;
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isLine(line: Fields): boolean {
  // What a later version writes may look otherwise, and is refused by its number.
  if (typeof line['journal'] === 'number') return line['journal'] !== JOURNAL_VERSION || isHeader(line);
  if ('end' in line) return line['end'] === 'complete';
  if ('notMade' in line) return Array.isArray(line['notMade']) && line['notMade'].every(isText);
  return RECORDS[String(line['kind'])]?.(line) ?? false;
}

function isHeader(line: Fields): boolean {
  return (
    ['id', 'at', 'command'].every((name) => isText(line[name])) &&
    ['release', 'server', 'registry', 'undoes'].every((name) => isOptionalText(line[name]))
  );
}

/** Whether a record of this kind has what an undo reads of it. */
const RECORDS: Readonly<Record<string, (record: Fields) => boolean>> = {
  'add-entry': (record) => isOfEntry(record) && isText(record['sha256']),
  'modify-entry': isEdited,
  'modify-config': isEdited,
  'set-password': (record) =>
    isOfEntry(record) &&
    isText(record['sha256']) &&
    isText(record['before']) &&
    isOptionalList(record['from']),
  'delete-entry': (record) =>
    isOfEntry(record) &&
    isObject(record['attributes']) &&
    Object.values(record['attributes']).every((values) => Array.isArray(values)),
  'add-schema': isOfEntry,
  'modify-schema': isOfEntry,
  file: (record) =>
    isText(record['path']) && ['before', 'after', 'backup'].every((name) => isOptionalText(record[name])),
};

function isOfEntry(record: Fields): boolean {
  const { dn, label } = record;
  return typeof dn === 'string' && isDn(dn) && isText(label);
}

function isEdited(record: Fields): boolean {
  const { edits } = record;
  const isEdit = (edit: unknown): boolean =>
    isObject(edit) &&
    isText(edit['attribute']) &&
    Array.isArray(edit['remove']) &&
    Array.isArray(edit['add']);
  return isOfEntry(record) && Array.isArray(edits) && edits.every(isEdit);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isOptionalList(value: unknown): boolean {
  return value === undefined || Array.isArray(value);
}
