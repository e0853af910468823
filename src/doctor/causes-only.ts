import type { Finding } from './finding.ts';

/**
 * That all groups seem empty is said last, and only where nothing that was found explains it: a member at which Keystone
 * fails, or an id attribute in another spelling, which then is no mere matter of style.
 */
export async function* causesOnly(findings: AsyncIterable<Finding>): AsyncGenerator<Finding> {
  const held: Finding[] = [];
  let isExplained = false;
  for await (const finding of findings) {
    isExplained ||= finding.code === 'MEMBER_UNKNOWN' && finding.severity === 'error';
    if (finding.code === 'GROUPS_EMPTY' || finding.code === 'ATTRIBUTE_SPELLING') held.push(finding);
    else yield finding;
  }
  const spelling = held.find(({ code }) => code === 'ATTRIBUTE_SPELLING');
  const empty = held.find(({ code }) => code === 'GROUPS_EMPTY');
  if (spelling !== undefined) yield empty === undefined ? spelling : { ...spelling, severity: 'error' };
  else if (empty !== undefined && !isExplained) yield empty;
}
