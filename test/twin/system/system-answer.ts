/** What comes of one question, for Keystone by the HTTP status. */
export type Outcome =
  | { readonly is: 'fails' }
  | { readonly is: 'refused' }
  /** With the id that Keystone shows. */
  | { readonly is: 'in'; readonly id: string }
  | { readonly is: 'list'; readonly list: readonly unknown[]; readonly truncated: boolean };

export interface SystemAnswer {
  /** For each question, in its order; or Keystone does not start, or cannot answer anything. */
  readonly outcomes: readonly Outcome[] | 'nothing works';
  /** What was said of those that fail, for people. */
  readonly said: readonly string[];
}

export interface SystemDifference {
  /** Its number; of the files as a whole there is none. */
  readonly question: number | undefined;
  readonly keystone: unknown;
  readonly ours: unknown;
}

/** Where the answers differ; what is said of a fault is not compared. */
export function systemDifferences(keystone: SystemAnswer, ours: SystemAnswer): readonly SystemDifference[] {
  if (keystone.outcomes === 'nothing works' || ours.outcomes === 'nothing works') {
    const fail = ({ outcomes }: SystemAnswer): boolean =>
      outcomes === 'nothing works' || outcomes.every(({ is }) => is === 'fails');
    return fail(keystone) && fail(ours) ? [] : [{ question: undefined, keystone, ours }];
  }
  const mine = ours.outcomes;
  return keystone.outcomes.flatMap((theirs, question) => {
    const answer = mine[question];
    const isSame = JSON.stringify(sorted(theirs)) === JSON.stringify(answer && sorted(answer));
    return isSame ? [] : [{ question, keystone: theirs, ours: answer }];
  });
}

/** Keystone may sort them, and nobody promises an order. */
function sorted(outcome: Outcome): Outcome {
  return outcome.is === 'list'
    ? { ...outcome, list: outcome.list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }
    : outcome;
}
