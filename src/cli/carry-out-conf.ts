import { readBytesIfPresent } from '../files.ts';
import { replaceFile, type ReplacedFile } from '../keystone-conf/file.ts';
import { unifiedDiff } from '../keystone-conf/unified-diff.ts';
import { plannedBytes, type ConfPlan } from '../plan/plan-conf.ts';
import type { ExitCode, Io } from './io.ts';
import { printJson, remark, say } from './output.ts';
import type { ConfigureFlags } from './resolve-conf-plan.ts';

/** Shows the edit of keystone.conf or makes it, and says what came of it. */
export async function carryOutConf(plan: ConfPlan, flags: ConfigureFlags, io: Io): Promise<ExitCode> {
  const { dryRun = false, json = false, output } = flags;
  if (output === '-' && !dryRun) io.stdout.write(plannedBytes(plan));
  const written = dryRun || output === '-' ? undefined : await write(plan, flags);
  for (const { message } of plan.notes) remark(io, `warning: ${message}`);
  if (json && output !== '-') {
    const { path: file, edits, notes } = plan;
    printJson(io, { command: 'configure', applied: !dryRun, file, ...written, edits, notes });
  } else if (output !== '-' || dryRun) render(plan, written, io);
  return 0;
}

async function write(plan: ConfPlan, { output, backup }: ConfigureFlags): Promise<ReplacedFile | undefined> {
  if (output === undefined)
    return plan.edits.length === 0
      ? undefined
      : await replaceFile(plan.path, plannedBytes(plan), { expected: plan.bytes, backup });
  return await replaceFile(output, plannedBytes(plan), {
    expected: await readBytesIfPresent(output),
    backup: false,
  });
}

function render(plan: ConfPlan, written: ReplacedFile | undefined, io: Io): void {
  if (plan.edits.length === 0) say(io, `${plan.path}: nothing left to do.`);
  else io.stdout.write(unifiedDiff(plan.before, plan.after));
  if (plan.notes.length === 0 && plan.edits.some(({ option }) => option === 'backend_entities'))
    remark(io, TOKEN_STAYS);
  if (written !== undefined) {
    const before = written.backup === undefined ? '' : `; the file as it was is ${written.backup}`;
    remark(io, `Wrote ${written.path}${before}.`);
  } else if (plan.edits.length > 0) remark(io, 'Nothing was written (--dry-run).');
}

const TOKEN_STAYS =
  'Token stays in SQL, because LDAP stores no tokens; --move-token takes it out where another backend does.';
