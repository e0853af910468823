import { KeystoneLdapError } from '../errors.ts';
import type { JournalWriter } from '../history/journal-writer.ts';
import { Registry, registryDn } from '../history/registry.ts';
import { DrawnIds } from '../plan/drawn-ids.ts';
import { recoverBulkMode } from '../plan/stream/bulk-mode.ts';
import { requireSamePlan, type SavedPlan } from '../plan/saved-plan.ts';
import { writeConf } from './carry-out-conf.ts';
import type { Declaration, DeclaredFlags } from './declaration.ts';
import type { ExitCode, Io } from './io.ts';
import { remark, say } from './output.ts';
import { planDeclared, withDeclaredSystem } from './plan-declared.ts';
import type { DeclaredPlan, DeclaredSystem } from './declared-system.ts';
import { declaredJson, renderDeclared, stepsOf, stepsText } from './render-declared.ts';
import { undoFailedRun } from './undo-failed-run.ts';
import { withJournal } from './with-journal.ts';
import { writeDeclared } from './write-declared.ts';

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
    const plan = await planDeclared(system, io);
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
    const left = stepsOf(await planDeclared(system, io));
    if (json) declaredJson(plan, 'apply', { file, applied: true, left }, io);
    else {
      for (const note of notes) remark(io, note);
      say(
        io,
        left === 0 ? `${file}: nothing left to do.` : `${file}: ${left} steps are left; look with "plan".`,
      );
    }
    return left === 0 ? 0 : 1;
  });
}

/** What an earlier run has left that was killed in bulk mode. */
async function recover(system: DeclaredSystem, io: Io): Promise<void> {
  const recovered = await recoverBulkMode(system, system.trees.user);
  if (recovered !== undefined) remark(io, recovered);
}

async function isConfirmed(plan: DeclaredPlan, io: Io): Promise<boolean> {
  if (io.asker === undefined)
    throw new KeystoneLdapError('USAGE', 'Nobody can be asked here: --yes is missing; nothing was changed.', {
      hint: LOOK,
    });
  return await io.asker.confirm(`Make ${stepsText(plan)}?`);
}

const LOOK = 'Look with "keystone-ldap plan" first, or keep a plan with --out FILE and apply that.';

/** One run, with one journal, and the registry of what it makes. */
async function act(
  system: DeclaredSystem,
  plan: DeclaredPlan,
  { undoOnFailure }: ApplyFlags,
  io: Io,
): Promise<readonly string[]> {
  const { account, directory, declaration, release, suffix } = system;
  await account?.keepPassword();
  const { flags, conf = { backup: true } } = declaration;
  const registry = registryDn(suffix);
  const run = { command: 'apply', release: release.name, directory, registry };
  let begun: JournalWriter | undefined;
  const written = await withJournal(run, flags, io, async (journal) => {
    begun = journal;
    const owned = new Registry(directory, registry, journal?.id ?? new Date().toISOString());
    await writeDeclared(system, plan, { journal, registry: owned }, io);
    return await writeConf(plan.conf, conf, journal);
  }).catch(async (error: unknown) => {
    if (undoOnFailure !== true || begun?.isEmpty !== false) throw error;
    throw await undoFailedRun(begun.id, error, system, io);
  });
  return [
    `Made ${stepsText(plan)}.`,
    ...written.flatMap(({ path, backup }) =>
      backup === undefined ? [] : [`${path} as it was is ${backup}.`],
    ),
  ];
}
