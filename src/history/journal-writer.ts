import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unwritable } from '../file-faults.ts';
import { removeAbandoned, temporaryPath } from '../files.ts';
import type { Change } from '../plan/change.ts';
import type { WaveListener } from '../plan/apply/apply.ts';
import {
  changesRoot,
  JOURNAL_VERSION,
  type JournalRecord,
  type NotMade,
  type RunEnd,
  type RunHeader,
  type Contexts,
} from './journal.ts';
import { journalPath } from './journal-folder.ts';
import { recordOfChange } from './record-of-change.ts';

/** What a run says of itself before it begins. */
export type RunFacts = Omit<RunHeader, 'journal' | 'id' | 'at'>;

/**
 * Writes the journal of one run, ahead of what it tells. The file is made with the first record, so that a run with
 * nothing to do leaves none, and for its owner only.
 */
export class JournalWriter implements WaveListener, AsyncDisposable {
  readonly #folder: string;
  readonly #facts: RunFacts;
  readonly #at: string;
  readonly id: string;
  #file: FileHandle | undefined;
  #changes = 0;
  #isRootChanged = false;

  constructor(folder: string, facts: RunFacts) {
    this.#folder = folder;
    this.#facts = facts;
    this.#at = new Date().toISOString();
    this.id = `${this.#at.replace(/[-:.]/g, '')}-${randomBytes(2).toString('hex')}`;
  }

  /** Whether the entry of a naming context was to be added or deleted. */
  get isRootChanged(): boolean {
    return this.#isRootChanged;
  }

  /** Whether nothing was about to be changed yet. */
  get isEmpty(): boolean {
    return this.#changes === 0;
  }

  async ahead(wave: readonly Change[]): Promise<void> {
    await this.write(wave.map(recordOfChange));
  }

  /** What is known not to have happened must not be taken for ours. */
  async behind(made: readonly Change[], wave: readonly Change[]): Promise<void> {
    if (made.length === wave.length) return;
    const known = new Set(made);
    const notMade = wave.filter((change) => !known.has(change)).map(({ dn }) => dn);
    if (notMade.length > 0) await this.#append([{ notMade } satisfies NotMade]);
  }

  /** On the disk when it returns. @throws `FILE_UNWRITABLE` */
  async write(records: readonly JournalRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#changes += records.length;
    this.#isRootChanged ||= records.some((record) => changesRoot(record, this.#facts));
    await this.#append(records);
  }

  /** Says that all was done that was to be done; with `always` also where that was nothing. */
  async complete({
    always = false,
    contexts,
  }: { always?: boolean; contexts?: Contexts } = {}): Promise<void> {
    if (this.#file === undefined && !always) return;
    const at = new Date().toISOString();
    const end: RunEnd = { end: 'complete', at, changes: this.#changes, contexts };
    await this.#append([end]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #append(lines: readonly unknown[]): Promise<void> {
    const path = journalPath(this.#folder, this.id);
    try {
      this.#file ??= await this.#create(path);
      await this.#file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await this.#file.datasync();
    } catch (error) {
      throw unwritable(`write the journal ${path}`, error, UNWRITABLE);
    }
  }

  /** The file appears with its header, so that one without is known to be damaged. */
  async #create(path: string): Promise<FileHandle> {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeAbandoned(folder);
    const temporary = temporaryPath(folder);
    const file = await open(temporary, 'ax', 0o600);
    try {
      const header: RunHeader = { journal: JOURNAL_VERSION, id: this.id, at: this.#at, ...this.#facts };
      await file.appendFile(`${JSON.stringify(header)}\n`);
      await file.datasync();
      await rename(temporary, path);
      return file;
    } catch (error) {
      await Promise.allSettled([file.close(), rm(temporary)]);
      throw error;
    }
  }
}

const UNWRITABLE = {
  hint: 'Name another folder with --state-dir (or KEYSTONE_LDAP_STATE_DIR), or go without undo by --no-journal.',
  faults: { EEXIST: 'a file is in the way' },
};
