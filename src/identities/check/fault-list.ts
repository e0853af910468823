import type { Problem } from '../../errors.ts';
import { refuseUnsafeNames, type NameFault } from './name-fault.ts';
import { problemAt } from '../read/source.ts';

/** As many as a person reads. */
const MOST_PROBLEMS = 100;
const MOST_OF_A_KIND = 5;

/** Gathers what is wrong with identities: problems up to a bound, and of each kind of remark the first few. */
export class FaultList {
  readonly #allowUnsafe: boolean;
  readonly #problems: Problem[] = [];
  readonly #unsafe: NameFault[] = [];
  readonly #texts = new Map<string, string[]>();
  readonly #more = new Map<string, number>();

  constructor(allowUnsafe: boolean) {
    this.#allowUnsafe = allowUnsafe;
  }

  /** Whether there are enough to stop looking. */
  get isFull(): boolean {
    return this.#problems.length + this.#unsafe.length >= MOST_PROBLEMS;
  }

  /** What no release could live with. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get remarks(): readonly string[] {
    return [...this.#texts].flatMap(([kind, texts]) => {
      const more = this.#more.get(kind) ?? 0;
      return more === 0 ? texts : [...texts, `remark: and ${more} more like the last one`];
    });
  }

  readonly onProblem = (problem: Problem): void => {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem);
  };

  problem(at: Parameters<typeof problemAt>[0], message: string): void {
    this.onProblem(problemAt(at, message));
  }

  /** @throws `UNSAFE_NAME` with all that this release cannot live with */
  refuseUnsafe(): void {
    refuseUnsafeNames(this.#unsafe, this.#allowUnsafe);
  }

  names(faults: Iterable<NameFault>): void {
    for (const fault of faults) this.#name(fault);
  }

  #name(fault: NameFault): void {
    const { severity, code, message } = fault;
    if (severity === 'impossible' || (severity === 'unsafe' && !this.#allowUnsafe)) {
      this.#unsafe.push(fault);
      return;
    }
    const texts = this.#texts.get(code) ?? [];
    this.#texts.set(code, texts);
    const text = `${severity === 'unsafe' ? 'warning' : 'remark'}: ${message}`;
    if (texts.includes(text)) return;
    if (texts.length < MOST_OF_A_KIND) texts.push(text);
    else this.#more.set(code, (this.#more.get(code) ?? 0) + 1);
  }
}
