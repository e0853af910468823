import { inWindow } from '../../directory/in-window.ts';
import type { Edit, Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { MANY_VALUES, type Change, type ValueEdit } from '../change.ts';
import { addInPortions, addToMany, modifyInPortions } from './in-portions.ts';
import { deletionWaves, wavesOf } from './waves.ts';

export interface ApplyPorts {
  readonly directory: Session;
  /** The session for cn=config; asked for only when the plan changes schema. */
  readonly openConfig: () => Promise<Session>;
  /** Such as a journal, written ahead of each wave, and the registry of what is owned, written behind it. */
  readonly listeners?: readonly WaveListener[];
}

/** Told of the changes that are under way together; what it throws ends the run. */
export interface WaveListener {
  ahead?(wave: readonly Change[]): Promise<void>;
  /** Of those that the server has made; fewer than the wave after a failure, and not called where nobody knows. */
  behind?(made: readonly Change[], wave: readonly Change[]): Promise<void>;
}

export interface Progress {
  readonly change: Change;
  readonly done: number;
  readonly total: number;
}

/**
 * Carries out a plan in its order: schema first, one by one, then entries, of which those that do not build on each
 * other are under way together, then what goes, children before parents, then access to them. It decides nothing. RFC 5805 transactions would make a batch of entries all or nothing,
 * but slapd (2.5 and 2.6 alike) goes on using a queued operation after it has answered it: a commit, an abort or a lost
 * connection that follows at once frees it meanwhile, and now and then the server crashes.
 * @throws `APPLY_INCOMPLETE` where steps before the failing one are already done; else the step's own error
 */
export async function* apply(changes: readonly Change[], ports: ApplyPorts): AsyncGenerator<Progress> {
  const run = new Run(changes.length, ports.listeners);
  const schema = changes.filter((change) => change.kind === 'add-schema' || change.kind === 'modify-schema');
  const access = changes.filter((change) => change.kind === 'modify-config');
  const deletions = changes.filter((change) => change.kind === 'delete-entry');
  yield* run.configuration(schema, ports.openConfig);
  for (const wave of entryWaves(changes)) yield* run.wave(wave, ports.directory);
  for (const wave of deletionWaves(deletions)) yield* run.wave(wave, ports.directory);
  yield* run.configuration(access, ports.openConfig);
}

/** The entries that are added and modified, as they are under way together. */
export function entryWaves(changes: readonly Change[]): Iterable<readonly Change[]> {
  return wavesOf(
    changes.filter((change) => !LATER_OR_EARLIER.has(change.kind)),
    namingValues,
  );
}

/** Values that may name other entries: any attribute may have been chosen to hold members. */
function* namingValues(change: Change): Generator<string> {
  if (change.kind === 'modify-entry') for (const { add } of change.edits) yield* add;
  if (change.kind === 'add-entry')
    for (const values of Object.values(change.attributes))
      for (const value of values) if (typeof value === 'string') yield value;
}

const LATER_OR_EARLIER: ReadonlySet<Change['kind']> = new Set([
  'add-schema',
  'modify-schema',
  'modify-config',
  'delete-entry',
]);

class Run {
  readonly #total: number;
  readonly #listeners: readonly WaveListener[];
  #done = 0;

  constructor(total: number, listeners: readonly WaveListener[] = []) {
    this.#total = total;
    this.#listeners = listeners;
  }

  /** One by one: a later definition may need an earlier one. */
  async *configuration(changes: readonly Change[], open: ApplyPorts['openConfig']): AsyncGenerator<Progress> {
    if (changes.length === 0) return;
    await using config = await open();
    for (const change of changes) yield* this.wave([change], config);
  }

  async *wave(changes: readonly Change[], session: Session): AsyncGenerator<Progress> {
    const before = this.#done;
    const made: Change[] = [];
    try {
      for (const listener of this.#listeners) await listener.ahead?.(changes);
      await inWindow(changes, async (change) => {
        await write(session, change);
        this.#done += 1;
        made.push(change);
      });
      await this.#behind(changes, changes);
    } catch (error) {
      // On a connection that is lost nothing more can be said.
      if (
        made.length < changes.length &&
        error instanceof KeystoneLdapError &&
        error.resultCode !== undefined
      )
        await this.#behind(made, changes);
      throw this.#incomplete(error);
    }
    for (const [index, change] of changes.entries())
      yield { change, done: before + index + 1, total: this.#total };
  }

  async #behind(made: readonly Change[], wave: readonly Change[]): Promise<void> {
    for (const listener of this.#listeners) await listener.behind?.(made, wave);
  }

  #incomplete(cause: unknown): unknown {
    if (this.#done === 0 || !(cause instanceof KeystoneLdapError)) return cause;
    // Without an answer nobody knows what became of the steps under way.
    const outcome =
      cause.resultCode === undefined ? 'are known to be applied' : 'were made before; the rest was not';
    return new KeystoneLdapError(
      'APPLY_INCOMPLETE',
      `${cause.message} ${this.#done} of ${this.#total} changes ${outcome}.`,
      {
        hint: cause.hint ?? 'Fix the cause and run the same command again; it continues where it stopped.',
        cause,
        resultCode: cause.resultCode,
      },
    );
  }
}

async function write(session: Session, change: Change): Promise<void> {
  switch (change.kind) {
    case 'add-schema':
    case 'add-entry': {
      const { entry, rest } = addInPortions(change);
      await session.add(entry);
      for (const portion of rest) await session.modify(change.dn, portion);
      return;
    }
    case 'modify-schema':
    case 'modify-config':
      await modify(session, change.dn, change.edits);
      return;
    case 'modify-entry':
      await modify(session, change.dn, change.edits, change.csn);
      return;
    case 'set-password': {
      const replace: Edit = { operation: 'replace', attribute: 'userPassword', values: change.values };
      await session.modify(change.dn, [replace], change.csn);
      return;
    }
    case 'delete-entry':
      await session.delete(change.dn, change.csn);
      return;
    default:
      change satisfies never;
  }
}

/** One Modify, but for very many values. */
async function modify(
  session: Session,
  dn: string,
  edits: readonly ValueEdit[],
  csn?: string,
): Promise<void> {
  // The first portion alters the entryCSN that a second one could name.
  let expected = csn;
  const portions = edits.some(isOfMany) ? addToMany : modifyInPortions;
  for (const portion of portions(edits.flatMap(toEdits))) {
    await session.modify(dn, portion, expected);
    expected = undefined;
  }
}

/** Whoever takes away very many values has had them. */
function isOfMany({ isLarge, remove }: ValueEdit): boolean {
  return isLarge === true || remove.length >= MANY_VALUES;
}

function toEdits({ attribute, remove, add }: ValueEdit): Edit[] {
  return [
    ...(remove.length > 0 ? [{ operation: 'delete', attribute, values: remove } as const] : []),
    ...(add.length > 0 ? [{ operation: 'add', attribute, values: add } as const] : []),
  ];
}
