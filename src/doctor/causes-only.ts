import type { Finding } from './finding.ts';

/**
 * That all groups seem empty is said last, and only where nothing that was found explains it: a member at which Keystone
 * fails, or an id attribute in another spelling, which then is no mere matter of style.
 */
export async function* causesOnly(findings: AsyncIterable<Finding>): AsyncGenerator<Finding> {
  let spelling: Finding | undefined;
  let empty: Finding | undefined;
  let isExplained = false;
  for await (const finding of findings) {
    isExplained ||= finding.code === 'MEMBER_UNKNOWN' && finding.severity === 'error';
    if (finding.code === 'ATTRIBUTE_SPELLING') spelling = finding;
    else if (finding.code === 'GROUPS_EMPTY' || finding.code === 'MEMBERS_FAIL') empty ??= finding;
    else yield finding;
  }
  if (spelling !== undefined) yield empty === undefined ? spelling : { ...spelling, severity: 'error' };
  else if (empty !== undefined && !isExplained) yield empty;
}
