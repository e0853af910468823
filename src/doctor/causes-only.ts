import type { Finding, FindingCode } from './finding.ts';

/** By what it is found that Keystone shows nobody, and what that may come of. */
const CAUSE_OF: Partial<Readonly<Record<FindingCode, FindingCode>>> = {
  EVERYBODY_DISABLED: 'ENABLED_DEFAULT',
  GROUPS_EMPTY: 'ATTRIBUTE_SPELLING',
  MEMBERS_FAIL: 'ATTRIBUTE_SPELLING',
};

/**
 * Of a cause and its consequence the cause is left, which then is an error itself. That groups seem empty is said last, and
 * not where a member was named at which Keystone fails.
 */
export async function* causesOnly(findings: AsyncIterable<Finding>): AsyncGenerator<Finding> {
  const causes: Finding[] = [];
  const ofGroups: Finding[] = [];
  let isMemberNamed = false;
  for await (const finding of findings) {
    isMemberNamed ||= finding.code === 'MEMBER_UNKNOWN' && finding.severity === 'error';
    const at = causes.findLastIndex(({ code }) => code === CAUSE_OF[finding.code]);
    const cause = causes[at];
    if (Object.values(CAUSE_OF).includes(finding.code)) causes.push(finding);
    else if (cause !== undefined) causes[at] = { ...cause, severity: 'error' };
    else if (finding.code === 'GROUPS_EMPTY' || finding.code === 'MEMBERS_FAIL') ofGroups.push(finding);
    else yield finding;
  }
  yield* causes;
  if (!isMemberNamed) yield* ofGroups;
}
