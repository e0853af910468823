import { UserState, type StateList } from './state-list.ts';
import type { StreamTarget } from './stream-target.ts';

/** A few of the users that are written, by name. */
export interface UserExamples {
  readonly added: readonly string[];
  readonly changed: readonly string[];
}

/** How many are named. */
const NAMED = 3;

/** Reads the users once more, as far as the first of them that the survey has found to be missing or different. */
export async function userExamples(
  { source }: Pick<StreamTarget, 'source'>,
  states: StateList,
): Promise<UserExamples> {
  const most = (state: UserState): number => Math.min(states.count(state), NAMED);
  const [toAdd, toChange] = [most(UserState.absent), most(UserState.different)];
  const added: string[] = [];
  const changed: string[] = [];
  if (toAdd + toChange === 0) return { added, changed };
  let index = -1;
  for await (const users of source.users(() => undefined)) {
    for (const { name } of users) {
      const state = states.at((index += 1));
      if (state === UserState.absent && added.length < toAdd) added.push(name);
      if (state === UserState.different && changed.length < toChange) changed.push(name);
    }
    if (added.length === toAdd && changed.length === toChange) break;
  }
  return { added, changed };
}
