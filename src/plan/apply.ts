import { hasTransactions, runTransaction, type TransactionStep } from '../directory/transaction.ts';
import type { Control, Edit, Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { AddEntry, AddSchema, Change, ModifyConfig, ModifyEntry } from './change.ts';
import type { ModifySchema, SetPassword, ValueEdit } from './change.ts';

export interface ApplyPorts {
  readonly directory: Session;
  /** The session for cn=config; asked for only when the plan changes something there. */
  readonly openConfig: () => Promise<Session>;
}

/** `how` says whether the step was part of a transaction (all or nothing) or stands by itself. */
export interface Progress {
  readonly change: Change;
  readonly done: number;
  readonly total: number;
  readonly how: 'transaction' | 'single';
}

type ConfigChange = AddSchema | ModifySchema | ModifyConfig;
type EntryChange = AddEntry | ModifyEntry | SetPassword;

/** A transaction holds its operations in the server's memory until the commit. */
const BATCH = 1000;

/**
 * Carries out a plan in its order: cn=config first (schema, then access), then entries in transactions (RFC 5805) where the server has them for
 * this database, else one by one. It decides nothing.
 * @throws `APPLY_INCOMPLETE` where steps before the failing one are already done; else the step's own error
 */
export async function* apply(changes: readonly Change[], ports: ApplyPorts): AsyncGenerator<Progress> {
  const run = new Run(changes.length);
  const configuration = changes.filter(isInConfig);
  const entries = changes.filter((change) => !isInConfig(change));
  if (configuration.length > 0) {
    await using config = await ports.openConfig();
    for (const change of configuration) yield await run.single(change, () => write(config, change));
  }
  yield* run.entries(entries, ports.directory);
}

function isInConfig(change: Change): change is ConfigChange {
  return ['add-schema', 'modify-schema', 'modify-config'].includes(change.kind);
}

class Run {
  readonly #total: number;
  #done = 0;

  constructor(total: number) {
    this.#total = total;
  }

  async single(change: Change, action: () => Promise<void>): Promise<Progress> {
    await this.#guard(action);
    return this.#progress(change, 'single');
  }

  async *entries(changes: readonly EntryChange[], directory: Session): AsyncGenerator<Progress> {
    let transactions = changes.length > 1 && (await hasTransactions(directory));
    for (let start = 0; start < changes.length; start += BATCH) {
      const batch = changes.slice(start, start + BATCH);
      transactions = transactions && (await this.#transaction(batch, directory));
      for (const change of batch)
        yield transactions
          ? this.#progress(change, 'transaction')
          : await this.single(change, () => write(directory, change));
    }
  }

  async #transaction(batch: readonly EntryChange[], directory: Session): Promise<boolean> {
    const steps = batch.map((change): TransactionStep => ({
      dn: change.dn,
      run: (control) => write(directory, change, control),
    }));
    try {
      return await runTransaction(directory, steps);
    } catch (error) {
      throw this.#incomplete(error);
    }
  }

  async #guard(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      throw this.#incomplete(error);
    }
  }

  #progress(change: Change, how: Progress['how']): Progress {
    this.#done += 1;
    return { change, done: this.#done, total: this.#total, how };
  }

  #incomplete(cause: unknown): unknown {
    if (this.#done === 0 || !(cause instanceof KeystoneLdapError)) return cause;
    return new KeystoneLdapError(
      'APPLY_INCOMPLETE',
      `${cause.message} ${this.#done} of ${this.#total} changes were made before; the rest was not.`,
      {
        hint: cause.hint ?? 'Mend the cause and run the same command again: it goes on where it stopped.',
        cause,
        ...(cause.resultCode === undefined ? {} : { resultCode: cause.resultCode }),
      },
    );
  }
}

async function write(session: Session, change: Change, control?: Control): Promise<void> {
  switch (change.kind) {
    case 'add-schema':
    case 'add-entry':
      await session.add({ dn: change.dn, attributes: change.attributes }, control);
      return;
    case 'modify-schema':
    case 'modify-config':
    case 'modify-entry':
      await session.modify(change.dn, change.edits.flatMap(toEdits), control);
      return;
    case 'set-password': {
      const replace: Edit = { operation: 'replace', attribute: 'userPassword', values: change.values };
      await session.modify(change.dn, [replace], control);
      return;
    }
    default:
      change satisfies never;
  }
}

function toEdits({ attribute, remove, add }: ValueEdit): Edit[] {
  return [
    ...(remove.length > 0 ? [{ operation: 'delete', attribute, values: remove } as const] : []),
    ...(add.length > 0 ? [{ operation: 'add', attribute, values: add } as const] : []),
  ];
}
