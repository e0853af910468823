import type { BulkConnection } from '../../directory/bulk-connection.ts';
import { asError, KeystoneLdapError } from '../../errors.ts';
import type { WaveListener } from '../apply/apply.ts';
import type { AddEntry } from '../change.ts';

export interface AddPorts {
  /** Several keep slapd's threads busy, which serves the requests of one connection in turn. */
  readonly connections: readonly BulkConnection[];
  readonly listeners?: readonly WaveListener[];
}

/** In flight on each connection; slapd ends one with more than 1000 waiting (`olcConnMaxPendingAuth`). */
const WINDOW = 250;

/** Entries that were handed over together. */
interface Wave {
  readonly changes: readonly AddEntry[];
  readonly made: AddEntry[];
  unanswered: number;
}

/** Adds entries of which none needs another one, in waves that overlap: the server never waits for the journal. */
export class AddPipeline {
  /** How many the server has made. */
  done = 0;
  /** What went wrong first; nothing is sent after it. */
  failure: Error | undefined;
  readonly #ports: AddPorts;
  readonly #most: number;
  #waves: Wave[] = [];
  #inFlight = 0;
  #turn = 0;
  #wake: (() => void) | undefined;
  #wakeAt = 0;

  constructor(ports: AddPorts) {
    this.#ports = ports;
    this.#most = WINDOW * ports.connections.length;
  }

  hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /** Returns when all are sent; the last ones may have no answer yet. */
  async send(changes: readonly AddEntry[]): Promise<void> {
    if (changes.length === 0 || this.hasFailed()) return;
    for (const listener of this.#ports.listeners ?? []) await listener.ahead?.(changes);
    const wave: Wave = { changes, made: [], unanswered: 0 };
    this.#waves.push(wave);
    for (const change of changes) {
      // Many go out in one write when half of the window is free; one by one they would cost a call each.
      if (this.#inFlight >= this.#most) await this.#answers(this.#most / 2);
      if (this.hasFailed()) break;
      this.#send(change, wave);
    }
    await this.#endWaves();
  }

  /** Waits for all answers. */
  async settle(): Promise<void> {
    if (this.#inFlight > 0) await this.#answers(0);
    await this.#endWaves();
  }

  #send(change: AddEntry, wave: Wave): void {
    const { connections } = this.#ports;
    const connection = connections[(this.#turn += 1) % connections.length];
    if (connection === undefined) throw new Error('no connection');
    this.#inFlight += 1;
    wave.unanswered += 1;
    connection.add(change).then(
      () => {
        this.done += 1;
        wave.made.push(change);
        this.#answered(wave);
      },
      (error: unknown) => {
        this.failure ??= asError(error);
        this.#answered(wave);
      },
    );
  }

  #answered(wave: Wave): void {
    wave.unanswered -= 1;
    this.#inFlight -= 1;
    if (this.#inFlight <= this.#wakeAt) this.#wake?.();
  }

  /** Waits until no more than this many are in flight. */
  #answers(atMost: number): Promise<void> {
    this.#wakeAt = atMost;
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** On a connection that is lost nobody knows what became of those without an answer: only waves made whole are told. */
  async #endWaves(): Promise<void> {
    const ended = this.#waves.filter(({ unanswered }) => unanswered === 0);
    this.#waves = this.#waves.filter(({ unanswered }) => unanswered > 0);
    const isKnown = this.#isKnown();
    for (const { made, changes } of ended.filter(
      (wave) => isKnown || wave.made.length === wave.changes.length,
    ))
      for (const listener of this.#ports.listeners ?? []) await listener.behind?.(made, changes);
  }

  #isKnown(): boolean {
    const { failure } = this;
    if (failure === undefined) return true;
    return failure instanceof KeystoneLdapError && failure.resultCode !== undefined;
  }
}
