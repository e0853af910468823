import { valuesOf } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { listRequest } from './list-request.ts';
import { isCut, type TreeTarget } from './verify-trees.ts';

/** An attribute without which Keystone leaves a user out. */
export interface LeftOut {
  readonly option: 'user_id_attribute' | 'user_name_attribute';
  readonly attribute: string;
  /** Entries that fit otherwise and lack it. */
  readonly count: number;
}

/** These are enough to see what they lack. */
const MOST_ENTRIES = 1000;

/** Why Keystone lists no user although entries have the class and fit the filter; `undefined` if that is not the cause. */
export async function leftOutUsers(
  session: Session,
  { release, trees }: TreeTarget,
): Promise<LeftOut | undefined> {
  const { layout } = release;
  const { rdn, nameAttribute = rdn } = layout.user;
  if (release.legacy !== undefined || layout.entryWithoutId !== 'left out') return undefined;
  const request = listRequest('user', { layout, trees }, [rdn, nameAttribute]);
  const counts = { user_id_attribute: 0, user_name_attribute: 0 };
  let all = 0;
  try {
    for await (const entry of session.search(request)) {
      all += 1;
      if (valuesOf(entry, rdn).length === 0) counts.user_id_attribute += 1;
      else if ((valuesOf(entry, nameAttribute)[0] ?? '').trim() === '') counts.user_name_attribute += 1;
      if (all >= MOST_ENTRIES) break;
    }
  } catch (error) {
    if (!isCut(error)) throw error;
  }
  const option =
    counts.user_id_attribute >= counts.user_name_attribute ? 'user_id_attribute' : 'user_name_attribute';
  const attribute = option === 'user_id_attribute' ? rdn : nameAttribute;
  return counts[option] === 0 ? undefined : { option, attribute, count: counts[option] };
}
