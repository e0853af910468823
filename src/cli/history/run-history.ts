import { readRun, surveyRuns, type DamagedRun } from '../../history/journal-folder.ts';
import type { JournalRecord, RunSummary } from '../../history/journal.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { type OutputFlags, printJson, remark, say } from '../terminal/output.ts';
import { type StateFlags, stateFolder } from '../flags/journal-flags.ts';

export type HistoryFlags = StateFlags & OutputFlags;

/** What `history` does. */
export async function runHistory(flags: HistoryFlags, io: Io): Promise<ExitCode> {
  const folder = stateFolder(flags, io);
  const { runs, damaged } = await surveyRuns(folder);
  if (flags.json === true)
    printJson(io, { command: 'history', folder, runs, damaged: damaged.map(damagedJson) });
  else if (runs.length + damaged.length === 0) remark(io, `No run has left a journal in ${folder}.`);
  else for (const line of table(runs, damaged)) say(io, line);
  warnOf(damaged, io);
  return damaged.length === 0 ? 0 : 1;
}

function damagedJson({ id, path, fault: { message, hint } }: DamagedRun): unknown {
  return { id, file: path, message, hint };
}

/** Names the journals that cannot be read, and what to do. */
function warnOf(damaged: readonly DamagedRun[], io: Io): void {
  for (const { fault } of damaged) remark(io, `warning: ${[fault.message, fault.hint].join(' ').trim()}`);
}

/** What `history show` does. */
export async function showRun(id: string, flags: HistoryFlags, io: Io): Promise<ExitCode> {
  const { records, ...run } = await readRun(stateFolder(flags, io), id);
  if (flags.json === true) printJson(io, { command: 'history', run, records: records.map(withoutPasswords) });
  else for (const line of [...table([run]), '', ...records.flatMap(lines)]) say(io, line);
  return 0;
}

function table(runs: readonly RunSummary[], damaged: readonly DamagedRun[] = []): readonly string[] {
  const readable = runs.map(({ id, at, command, undoes, release = '-', server = '-', changes, state }) => [
    id,
    at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    undoes === undefined ? command : `${command} ${undoes}`,
    release,
    server,
    String(changes),
    state,
  ]);
  const rows = [...readable, ...damaged.map(({ id }) => [id, '-', '-', '-', '-', '-', 'damaged'])];
  // Ids begin with the time.
  rows.sort(([a = ''], [b = '']) => (a < b ? 1 : -1));
  const all = [['ID', 'WHEN', 'COMMAND', 'RELEASE', 'SERVER', 'CHANGES', 'STATE'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function lines(record: JournalRecord): readonly string[] {
  switch (record.kind) {
    case 'add-entry':
    case 'add-schema':
      return [`+ ${record.dn}  (${record.label})`];
    case 'modify-schema':
    case 'set-password':
      return [`~ ${record.dn}  (${record.label})`];
    case 'modify-entry':
    case 'modify-config':
      return [
        `~ ${record.dn}  (${record.label})`,
        ...record.edits.flatMap(({ attribute, remove, add }) => [
          ...remove.map((value) => `    - ${attribute}: ${value}`),
          ...add.map((value) => `    + ${attribute}: ${value}`),
        ]),
      ];
    case 'delete-entry':
      return [`- ${record.dn}  (${record.label})`];
    case 'file':
      return [`${record.before === undefined ? '+' : record.after === undefined ? '-' : '~'} ${record.path}`];
    default:
      return record satisfies never;
  }
}

/** The journal may hold hashes; what is shown does not. */
function withoutPasswords(record: JournalRecord): JournalRecord {
  if (record.kind === 'set-password') {
    const { from, ...rest } = record;
    return from === undefined ? rest : { ...rest, from: from.map(() => '***') };
  }
  if (record.kind !== 'delete-entry') return record;
  const attributes = Object.entries(record.attributes).map(([name, values]) => [
    name,
    name.toLowerCase() === 'userpassword' ? values.map(() => '***') : values,
  ]);
  return { ...record, attributes: Object.fromEntries(attributes) as typeof record.attributes };
}
