import type { Problem } from '../../errors.ts';
import type { Group, User } from '../identities.ts';

/** Takes what is wrong with one item, which is then left out. */
export type OnProblem = (problem: Problem) => void;

/**
 * How many users come at a time. As LDIF they fill a pipe (64 KiB) and not much more: what reads its other end, as slapadd
 * does, works on them while the next are made.
 */
export const BATCH = 150;

/** Users, more than shall be in memory at a time. */
export interface UserSource {
  /** What a person calls it: `users.csv`. */
  readonly subject: string;
  /** How many there are, where that is known beforehand. */
  readonly count?: number;
  /** Whether they are made so that no check can find anything wrong with them. */
  readonly isSound?: boolean;
  /**
   * All users in their order, from the start each time: they are looked at before any is written. They come many at a
   * time, since to wait for each of them costs more than to make it.
   */
  users(onProblem: OnProblem): AsyncIterable<readonly User[]>;
  /** Groups of these users, made one at a time since each may be large. */
  groups?(): Iterable<Group>;
  /** What the person should know who seeds them. */
  readonly remarks?: readonly string[];
}

/** Several sources as one, in their order. */
export function joinSources(sources: readonly UserSource[]): UserSource {
  const counts = sources.map(({ count }) => count);
  return {
    isSound: sources.length === 1 && sources[0]?.isSound === true,
    subject: sources.map(({ subject }) => subject).join(', '),
    ...(counts.includes(undefined) ? {} : { count: counts.reduce<number>((sum, one = 0) => sum + one, 0) }),
    async *users(onProblem) {
      for (const source of sources) yield* source.users(onProblem);
    },
    *groups() {
      for (const source of sources) yield* source.groups?.() ?? [];
    },
    remarks: sources.flatMap(({ remarks = [] }) => remarks),
  };
}
