import { StateList } from './state-list.ts';
import { needsNoCheck, type StreamTarget } from './stream-target.ts';
import type { Survey } from './survey-result.ts';

/** What a survey of a blank directory would tell of users who are sound by the way they are made; else `undefined`. */
export function unsurveyed(target: StreamTarget): Survey | undefined {
  const { release, source, identities } = target;
  // Where a group says who is enabled, the names of all must be known.
  const isEnough = needsNoCheck(target) && release.layout.user.enabled.kind === 'attribute';
  if (!isEnough || source.count === undefined || identities.users.length > 0) return undefined;
  return {
    states: StateList.allAbsent(source.count),
    identities,
    known: { ids: new Map(), dns: new Map() },
    enabledUsers: [],
    remarks: source.remarks ?? [],
  };
}
