import { unifiedDiff } from '../../keystone-conf/document/unified-diff.ts';
import { countsText } from '../render/counts-text.ts';
import { keptTexts, noteText } from '../configure/carry-out-conf.ts';
import type { Io } from '../terminal/io.ts';
import { printJson, remark, say } from '../terminal/output.ts';
import { countsOf, stepsOf, type SystemPlan } from '../../system/system-plan.ts';
import { renderPlan } from '../render/render-plan.ts';
import { countUsers } from '../../system/count-users.ts';
import { renderUsers } from '../render/render-users.ts';

/** The plan as a diff that a person can read, with what to know beside it. */
export function renderDeclared(plan: SystemPlan, file: string, io: Io): void {
  for (const text of plan.remarks) remark(io, text);
  for (const text of keptTexts(plan.conf)) remark(io, text);
  for (const note of plan.conf.notes) remark(io, noteText(note));
  if (stepsOf(plan) === 0) {
    say(io, `${file}: already up to date.`);
    return;
  }
  const { ahead, changes, users } = plan;
  io.stdout.write(renderPlan(changes.slice(0, ahead), io.colour));
  if (users !== undefined) io.stdout.write(renderUsers(users, io.colour));
  io.stdout.write(renderPlan(changes.slice(ahead), io.colour));
  for (const { before, after } of plan.conf.files) io.stdout.write(unifiedDiff(before, after));
  if (plan.adopted.length > 0) remark(io, adoptedText(plan.adopted.map(({ label }) => label)));
}

export function declaredJson(
  plan: SystemPlan,
  command: string,
  rest: Readonly<Record<string, unknown>>,
  io: Io,
): void {
  const { changes, conf, adopted, remarks, strikes, listings } = plan;
  const files = conf.files.map(({ path, edits, kept = [] }) => ({ file: path, edits, kept }));
  const { users } = plan;
  const counts = users && { users: { ...countUsers(users), examples: users.examples } };
  printJson(io, {
    command,
    ...rest,
    changes,
    ...counts,
    registry: { strikes, listings },
    files,
    adopted,
    remarks,
    notes: conf.notes,
  });
}

/** How much there is to do, or was done. */
export function stepsText(plan: SystemPlan, isDone: boolean): string {
  return `${countsText(countsOf(plan), isDone)}${registryText(plan)}`;
}

function registryText({ strikes, listings }: SystemPlan): string {
  const count = strikes.length + listings;
  return count === 0 ? '' : ` (${count} of them in the registry of what keystone-ldap owns)`;
}

/** How many entries are named. */
const NAMED = 5;

function adoptedText(labels: readonly string[]): string {
  const more = labels.length - NAMED;
  const named = labels.slice(0, NAMED).join(', ');
  const were = labels.length === 1 ? '1 entry that was' : `${labels.length} entries that were`;
  return `adopted: ${were} there already: ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
