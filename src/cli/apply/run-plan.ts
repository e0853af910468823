import { resolve } from 'node:path';
import { KeystoneLdapError } from '../../errors.ts';
import { LIMITS } from '../../bounded-input.ts';
import { readReplaceable } from '../../files.ts';
import { replaceFile } from '../../keystone-conf/document/file.ts';
import { DrawnIds } from '../../plan/identities/drawn-ids.ts';
import type { SavedPlan } from '../../system/saved-plan.ts';
import type { Declaration, DeclaredFlags } from './declaration.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { remark } from '../terminal/output.ts';
import { withDeclaredSystem } from './open-system.ts';
import { planSystem } from '../../system/plan-system.ts';
import { stepsOf, type SystemPlan } from '../../system/system-plan.ts';
import { declaredJson, renderDeclared, stepsText } from './render-declared.ts';
import { portsOf } from '../terminal/with-progress.ts';

export interface PlanFlags extends DeclaredFlags {
  readonly out?: string;
  readonly exitCode?: boolean;
}

/** What `plan` does: show what makes the server and keystone.conf as they are declared, and change nothing. */
export async function runPlan(declaration: Declaration, flags: PlanFlags, io: Io): Promise<ExitCode> {
  const { file } = declaration.loaded;
  const { out, json = false } = flags;
  if (out !== undefined && file === '-')
    throw new KeystoneLdapError('USAGE', '--out needs a file: standard input cannot be read again.');
  const ids = new DrawnIds();
  return await withDeclaredSystem(declaration, ids, io, async (system) => {
    const plan = await planSystem(system, portsOf(io));
    if (json) declaredJson(plan, 'plan', { file, applied: false }, io);
    else renderDeclared(plan, file, io);
    if (stepsOf(plan) > 0 && !json) remark(io, `${stepsText(plan, false)}.`);
    if (out !== undefined) await writePlan(out, savedPlan(declaration, plan, ids), io);
    return flags.exitCode === true && stepsOf(plan) > 0 ? 1 : 0;
  });
}

function savedPlan({ loaded, given }: Declaration, { facts }: SystemPlan, ids: DrawnIds): SavedPlan {
  return {
    keystoneLdapPlan: 1,
    configFile: resolve(loaded.file),
    flags: given,
    ids: ids.toJSON(),
    made: facts,
  };
}

/** It holds no password, but tells who is in the directory. */
async function writePlan(path: string, plan: SavedPlan, io: Io): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(plan, undefined, 2)}\n`);
  const expected = await readReplaceable(path, LIMITS.plan);
  await replaceFile(path, bytes, { expected, backup: false, ownerOnly: true });
  remark(io, `Wrote ${path}; "keystone-ldap apply ${path}" makes just this.`);
}
