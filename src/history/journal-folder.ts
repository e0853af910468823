import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KeystoneLdapError } from '../errors.ts';
import { codeOf, unreadable } from '../file-faults.ts';
import {
  changesRoot,
  JOURNAL_VERSION,
  type JournalRecord,
  type NotMade,
  type RecordedRun,
  type RunEnd,
  type RunHeader,
  type RunState,
  type RunSummary,
} from './journal.ts';
import { journalLines } from './journal-lines.ts';

const SUFFIX = '.ndjson';

/** The file of a run. */
export function journalPath(folder: string, id: string): string {
  return join(folder, 'runs', `${id}${SUFFIX}`);
}

/** A run whose journal cannot be read. */
export interface DamagedRun {
  readonly id: string;
  readonly path: string;
  /** Why, and what to do. */
  readonly fault: KeystoneLdapError;
}

export interface RunSurvey {
  readonly runs: readonly RunSummary[];
  readonly damaged: readonly DamagedRun[];
}

/** The runs that left a journal, latest first; one that cannot be read hides no other. @throws `FILE_UNREADABLE` */
export async function surveyRuns(folder: string): Promise<RunSurvey> {
  const names = await fileNames(join(folder, 'runs'));
  const runs: Told[] = [];
  const damaged: DamagedRun[] = [];
  for (const id of names.toSorted().toReversed()) {
    try {
      runs.push(await tell(folder, id, () => undefined));
    } catch (error) {
      if (!(error instanceof KeystoneLdapError) || error.code !== 'FILE_UNREADABLE') throw error;
      damaged.push({ id, path: journalPath(folder, id), fault: error });
    }
  }
  const summaries = runs.map(({ header, end, changes, isRootChanged }) => ({
    ...header,
    changes,
    state: stateOf(header.id, end, runs),
    ...contextsAfter(end, isRootChanged),
  }));
  return { runs: summaries, damaged };
}

/** The runs that left a journal, latest first. @throws `FILE_UNREADABLE` also if one of them cannot be read */
export async function listRuns(folder: string): Promise<readonly RunSummary[]> {
  const { runs, damaged } = await surveyRuns(folder);
  for (const { fault } of damaged) throw fault;
  return runs;
}

/** One run with all that it recorded, by its id or the beginning of it. @throws `USAGE`, `FILE_UNREADABLE` */
export async function readRun(folder: string, id: string): Promise<RecordedRun> {
  const { runs, damaged } = await surveyRuns(folder);
  const found = [...runs, ...damaged].filter((run) => run.id.startsWith(id));
  const summary = found.find((run) => run.id === id) ?? found[0];
  if (summary === undefined || (found.length > 1 && summary.id !== id))
    throw new KeystoneLdapError(
      'USAGE',
      found.length > 1
        ? `"${id}" is the beginning of ${found.length} runs.`
        : `There is no run "${id}" in ${folder}.`,
      { hint: '"keystone-ldap history" lists them; --state-dir says where they are.' },
    );
  if ('fault' in summary) throw summary.fault;
  const records: JournalRecord[] = [];
  await tell(folder, summary.id, (line) => {
    if ('notMade' in line) withdraw(records, line);
    else records.push(line);
  });
  return { ...summary, records };
}

function withdraw(records: JournalRecord[], { notMade }: NotMade): void {
  for (const dn of notMade)
    records.splice(
      records.findLastIndex((record) => 'dn' in record && record.dn === dn),
      1,
    );
}

interface Told {
  readonly header: RunHeader;
  readonly changes: number;
  readonly end: RunEnd | undefined;
  /** Whether the entry of a naming context was to be added or deleted. */
  readonly isRootChanged: boolean;
}

async function tell(
  folder: string,
  id: string,
  onRecord: (record: JournalRecord | NotMade) => void,
): Promise<Told> {
  const path = journalPath(folder, id);
  let header: RunHeader | undefined;
  let end: RunEnd | undefined;
  let changes = 0;
  let isRootChanged = false;
  for await (const line of journalLines(path)) {
    if ('journal' in line) header = line;
    else if ('end' in line) end = line;
    else {
      changes += 'notMade' in line ? -line.notMade.length : 1;
      isRootChanged ||= header !== undefined && 'dn' in line && changesRoot(line, header);
      onRecord(line);
    }
  }
  if (header === undefined) throw new Error('a journal begins with its header');
  // What a later version writes may mean something else.
  if (header.journal !== JOURNAL_VERSION)
    throw new KeystoneLdapError(
      'FILE_UNREADABLE',
      `Cannot read the journal ${path}: it is of version ${header.journal}, and this is for ${JOURNAL_VERSION}.`,
      { hint: 'Use the keystone-ldap that wrote it, or a later one.' },
    );
  return { header, changes, end, isRootChanged };
}

function contextsAfter(end: RunEnd | undefined, isRootChanged: boolean): Pick<RunSummary, 'contextsAfter'> {
  if (end?.contexts !== undefined) return { contextsAfter: end.contexts };
  return isRootChanged ? { contextsAfter: {} } : {};
}

/** A run is undone where a run took it back that was not taken back itself. */
function stateOf(id: string, end: RunEnd | undefined, runs: readonly Told[]): RunState {
  const isUndone = runs.some(
    (run) =>
      run.header.undoes === id && run.end !== undefined && stateOf(run.header.id, run.end, runs) !== 'undone',
  );
  if (isUndone) return 'undone';
  return end === undefined ? 'incomplete' : 'complete';
}

async function fileNames(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw unreadable(`the journal ${folder}`, error);
  }
}
