import type { Finding, FindingCode } from './finding.ts';
import { IS_HASHED } from './stored-password-fault.ts';

/** By what it is found that Keystone shows or lets in nobody, and what that may come of. */
const CAUSE_OF: Partial<Readonly<Record<FindingCode, FindingCode>>> = {
  EVERYBODY_DISABLED: 'ENABLED_DEFAULT',
  GROUPS_EMPTY: 'ATTRIBUTE_SPELLING',
  MEMBERS_FAIL: 'ATTRIBUTE_SPELLING',
  PASSWORD_FORM: 'HASH_PASSWORD_OFF',
};

/** A number fits no password whether passwords are hashed or not. */
function causeOf({ code, message }: Finding): FindingCode | undefined {
  return code === 'PASSWORD_FORM' && !IS_HASHED.test(message) ? undefined : CAUSE_OF[code];
}

const SCHEMA_SUBJECT = /^(?:attribute type|object class) (\S+)/;

/** A warning is about what Keystone works without, so that nothing follows from it. */
function noteUnknown({ code, severity, subject }: Finding, unknown: Set<string>): void {
  const isCause = code === 'SCHEMA_MISSING' && severity === 'error';
  const [, name] = isCause ? (SCHEMA_SUBJECT.exec(subject) ?? []) : [];
  if (name !== undefined) unknown.add(name);
}

/** Whether it only follows from what the server's schema lacks. */
function isOfSchema({ code, count, message }: Finding, unknown: ReadonlySet<string>): boolean {
  if (code === 'TOO_FEW_USERS') return count === 0 && unknown.size > 0;
  if (code === 'GROUPS_EMPTY') return [...unknown].some((name) => message.startsWith(`none has ${name},`));
  return (
    ['ENTRY_NO_ID', 'ENTRY_NO_NAME'].includes(code) &&
    [...unknown].some((name) => message.startsWith(`without ${name} `))
  );
}

/**
 * Of a cause and its consequence the cause is left, which then is an error itself. That groups seem empty is said last, and
 * not where a member was named at which Keystone fails.
 */
export async function* causesOnly(
  findings: AsyncIterable<Finding> | Iterable<Finding>,
): AsyncGenerator<Finding> {
  const causes: Finding[] = [];
  const advice: Finding[] = [];
  let hasOtherForm = false;
  const ofGroups: Finding[] = [];
  let isMemberNamed = false;
  const unknown = new Set<string>();
  for await (const finding of findings) {
    noteUnknown(finding, unknown);
    if (isOfSchema(finding, unknown)) continue;
    hasOtherForm ||= finding.code === 'MEMBERS_FORM';
    isMemberNamed ||= finding.code === 'MEMBER_UNKNOWN' && finding.severity === 'error';
    const at = causes.findLastIndex(({ code }) => code === causeOf(finding));
    const cause = causes[at];
    if (Object.values(CAUSE_OF).includes(finding.code)) causes.push(finding);
    else if (cause !== undefined) causes[at] = asError(cause, finding);
    else if (isOfMembersForm(finding)) advice.push(finding);
    else if (isOfOneGroup(finding)) ofGroups.push(finding);
    else yield finding;
  }
  yield* causes;
  if (!hasOtherForm) yield* advice;
  if (!isMemberNamed) yield* ofGroups;
}

/** What is missing beside the attribute of members, which the members themselves show. */
function isOfMembersForm({ code, remedy }: Finding): boolean {
  return code === 'CONF_OPTION' && remedy.startsWith('Set group_members_are_ids');
}

/** The other finding of members that fail names the option that is the cause. */
function isOfOneGroup({ code, subject }: Finding): boolean {
  return code === 'GROUPS_EMPTY' || (code === 'MEMBERS_FAIL' && subject.startsWith('members of '));
}

/** Of how many entries it is found counts for the cause, too. */
function asError(cause: Finding, { count }: Finding): Finding {
  return { ...cause, severity: 'error', ...(count !== undefined && { count }) };
}
