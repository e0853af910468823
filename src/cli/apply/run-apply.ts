import { KeystoneLdapError } from '../../errors.ts';
import { DrawnIds } from '../../plan/identities/drawn-ids.ts';
import { recoverBulkMode } from '../../plan/stream/bulk-mode.ts';
import { applySystem } from '../../system/apply-system.ts';
import { planSystem } from '../../system/plan-system.ts';
import { requireSamePlan, type SavedPlan } from '../../system/saved-plan.ts';
import { stepsOf, type SystemPlan } from '../../system/system-plan.ts';
import type { OpenSystem } from '../../system/system-spec.ts';
import type { Declaration, DeclaredFlags } from './declaration.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { journalFolder } from '../flags/journal-flags.ts';
import { withDeclaredSystem } from './open-system.ts';
import { remark, say } from '../terminal/output.ts';
import { plural } from '../terminal/plural.ts';
import { declaredJson, renderDeclared, stepsText } from './render-declared.ts';
import { undoOnFailure } from './undo-on-failure.ts';
import { portsOf } from '../terminal/with-progress.ts';

export interface ApplyFlags extends DeclaredFlags {
  readonly yes?: boolean;
  readonly undoOnFailure?: boolean;
}

/** A plan that was made before, and the file that it is in. */
export interface PlanToKeep {
  readonly file: string;
  readonly saved: SavedPlan;
}

/** What `apply` does: show the plan, ask, act, the directory first, and look whether anything is left. */
export async function runApply(
  declaration: Declaration,
  flags: ApplyFlags,
  io: Io,
  keep?: PlanToKeep,
): Promise<ExitCode> {
  const { json = false } = flags;
  const { file } = declaration.loaded;
  if (json && flags.yes !== true) throw new KeystoneLdapError('USAGE', '--json needs --yes.', { hint: LOOK });
  return await withDeclaredSystem(declaration, new DrawnIds(keep?.saved.ids), io, async (system) => {
    await recover(system, io);
    const plan = await planSystem(system, portsOf(io));
    if (keep !== undefined && stepsOf(plan) > 0) requireSamePlan(keep.saved.made, plan.facts, keep.file);
    if (!json) renderDeclared(plan, file, io);
    if (stepsOf(plan) === 0) {
      if (json) declaredJson(plan, 'apply', { file, applied: true, left: 0 }, io);
      return 0;
    }
    if (flags.yes !== true && !(await isConfirmed(plan, io))) {
      remark(io, 'Nothing was changed.');
      return 1;
    }
    const notes = await act(system, plan, flags, io);
    const left = stepsOf(await planSystem(system, portsOf(io)));
    if (json) declaredJson(plan, 'apply', { file, applied: true, left }, io);
    else {
      for (const note of notes) remark(io, note);
      say(io, `${file}: ${leftText(left)}.`);
    }
    return left === 0 ? 0 : 1;
  });
}

function leftText(left: number): string {
  if (left === 0) return 'already up to date';
  return `${plural(left, 'change')} left; run "keystone-ldap plan" to see ${left === 1 ? 'it' : 'them'}`;
}

/** What an earlier run has left that was killed in bulk mode. */
async function recover(system: OpenSystem, io: Io): Promise<void> {
  const recovered = await recoverBulkMode(system, system.spec.trees.user);
  if (recovered !== undefined) remark(io, recovered);
}

async function isConfirmed(plan: SystemPlan, io: Io): Promise<boolean> {
  if (io.asker === undefined)
    throw new KeystoneLdapError(
      'USAGE',
      'Confirmation is needed, but this is not a terminal. Nothing was changed; add --yes to apply without asking.',
      {
        hint: LOOK,
      },
    );
  return await io.asker.confirm(`Apply these changes (${stepsText(plan, false)})?`);
}

const LOOK = 'Look with "keystone-ldap plan" first, or keep a plan with --out FILE and apply that.';

/** Carries the plan out, and says what came of it. */
async function act(
  system: OpenSystem,
  plan: SystemPlan,
  flags: ApplyFlags,
  io: Io,
): Promise<readonly string[]> {
  const onFailure = (id: string, cause: unknown): Promise<unknown> =>
    undoOnFailure(id, cause, { system, flags }, io);
  const written = await applySystem(system, plan, {
    ...portsOf(io),
    folder: journalFolder(flags, io),
    ...(flags.undoOnFailure === true && { onFailure }),
  });
  return [
    `${stepsText(plan, true)}.`,
    ...written.flatMap(({ path, backup }) =>
      backup === undefined ? [] : [`The previous version of ${path} is in ${backup}.`],
    ),
  ];
}
