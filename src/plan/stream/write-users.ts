import type { Session } from '../../directory/session.ts';
import { asError, KeystoneLdapError } from '../../errors.ts';
import type { User } from '../../identities/identities.ts';
import { apply } from '../apply/apply.ts';
import type { AddEntry } from '../change.ts';
import { newEntry } from '../identities/diff-entry.ts';
import { planIdentities } from '../identities/plan-identities.ts';
import { AddPipeline, type AddPorts } from './add-pipeline.ts';
import { UserState, type StateList } from './state-list.ts';
import type { OnStep, StreamTarget } from './stream-target.ts';
import { DIFFERENT_AT_ONCE, usersAlone } from './survey.ts';
import { UserForm } from './user-form.ts';

export interface WritePorts extends AddPorts {
  readonly session: Session;
}

/** Users that are journaled together, ahead of them: so many that syncing the journal costs little. */
const WAVE = 1000;

/** The sizes of the waves in which so many users are added. */
export function* userWaves(users: number): Generator<number> {
  for (let left = users; left > 0; left -= WAVE) yield Math.min(left, WAVE);
}

/**
 * Reads the users a second time and writes what the survey has found to be missing.
 * @throws `APPLY_INCOMPLETE` naming the entry that failed, once what was under way has its answers
 */
export async function writeUsers(
  ports: WritePorts,
  target: StreamTarget,
  states: StateList,
  onStep: OnStep,
): Promise<void> {
  const total = states.count(UserState.absent) + states.count(UserState.different);
  if (total === 0) return;
  const run = new Run(ports, target, total);
  let index = -1;
  try {
    for await (const users of target.source.users(() => undefined)) {
      onStep(run.done, total);
      for (const user of users) run.take(user, states.at((index += 1)));
      await run.flush({ isEnd: false });
      if (run.hasFailed()) break;
    }
    await run.flush({ isEnd: true });
  } catch (error) {
    await run.settle();
    throw run.interrupted(error);
  }
  await run.settle();
  run.check();
}

class Run {
  readonly #ports: WritePorts;
  readonly #target: StreamTarget;
  readonly #total: number;
  readonly #form: UserForm;
  readonly #pipeline: AddPipeline;
  readonly #wave: AddEntry[] = [];
  readonly #different: User[] = [];
  #changed = 0;
  #failure: Error | undefined;

  constructor(ports: WritePorts, target: StreamTarget, total: number) {
    this.#ports = ports;
    this.#target = target;
    this.#total = total;
    this.#form = new UserForm(target.release.layout, target.trees);
    this.#pipeline = new AddPipeline(ports);
  }

  get done(): number {
    return this.#pipeline.done + this.#changed;
  }

  hasFailed(): boolean {
    return this.#cause() !== undefined;
  }

  take(user: User, state: UserState): void {
    if (state === UserState.absent)
      this.#wave.push(newEntry(this.#form.desired(user), this.#target.passwords));
    if (state === UserState.different) this.#different.push(user);
  }

  /** Writes what has come together: whole waves, or at the end the rest of them too. */
  async flush({ isEnd }: { readonly isEnd: boolean }): Promise<void> {
    while (this.#wave.length >= (isEnd ? 1 : WAVE)) await this.#pipeline.send(this.#wave.splice(0, WAVE));
    while (this.#different.length >= (isEnd ? 1 : DIFFERENT_AT_ONCE) && !this.hasFailed())
      await this.#change(this.#different.splice(0, DIFFERENT_AT_ONCE));
  }

  async #change(users: readonly User[]): Promise<void> {
    const { session } = this.#ports;
    const changes = await planIdentities(session, usersAlone(this.#target, users));
    try {
      const steps = apply(changes, {
        directory: session,
        listeners: this.#ports.listeners ?? [],
        openConfig: () => Promise.reject(new Error('no schema')),
      });
      while ((await steps.next()).done !== true);
      this.#changed += users.length;
    } catch (error) {
      this.#failure ??= asError(error);
    }
  }

  async settle(): Promise<void> {
    await this.#pipeline.settle();
  }

  /** Where an interrupted run stands; any other error as it is. */
  interrupted(error: unknown): unknown {
    if (!(error instanceof KeystoneLdapError) || error.code !== 'CANCELLED') return error;
    return new KeystoneLdapError(
      'CANCELLED',
      `Interrupted: ${this.done} of ${this.#total} users are written.`,
      {
        hint: 'Run the same command again: it goes on where it stopped.',
        cause: error,
      },
    );
  }

  check(): void {
    const cause = this.#cause();
    if (cause === undefined) return;
    if (!(cause instanceof KeystoneLdapError) || this.done === 0) throw cause;
    throw new KeystoneLdapError(
      'APPLY_INCOMPLETE',
      `${cause.message} ${this.done} of ${this.#total} users were written before.`,
      {
        hint: cause.hint ?? 'Fix the cause and run the same command again; it continues where it stopped.',
        cause,
        resultCode: cause.resultCode,
      },
    );
  }

  #cause(): Error | undefined {
    return this.#failure ?? this.#pipeline.failure;
  }
}
