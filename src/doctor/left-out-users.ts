import { valuesOf, type Entry } from '../directory/entry.ts';
import type { SearchRequest, Session } from '../directory/session.ts';
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
  let [noId, noName] = [0, 0];
  for (const entry of await firstOf(session, request)) {
    if (valuesOf(entry, rdn).length === 0) noId += 1;
    else if ((valuesOf(entry, nameAttribute)[0] ?? '').trim() === '') noName += 1;
  }
  if (noId === 0 && noName === 0) return undefined;
  return noId >= noName
    ? { option: 'user_id_attribute', attribute: rdn, count: noId }
    : { option: 'user_name_attribute', attribute: nameAttribute, count: noName };
}

async function firstOf(session: Session, request: SearchRequest): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  try {
    for await (const entry of session.search(request)) if (found.push(entry) >= MOST_ENTRIES) break;
  } catch (error) {
    if (!isCut(error)) throw error;
  }
  return found;
}
