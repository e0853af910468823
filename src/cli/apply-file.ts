import type { Command } from 'commander';
import { readBytesIfPresent } from '../files.ts';
import { parseSavedPlan } from '../plan/saved-plan.ts';
import { declare, declaredFile, giveAgain } from './declaration.ts';
import type { ExitCode, Io } from './io.ts';
import { runApply, type ApplyFlags } from './run-apply.ts';

/** Applies a configuration file, or a plan, which names the file that it was made from. */
export async function applyFile(
  argument: string | undefined,
  flags: ApplyFlags & { readonly configFile?: string },
  command: Command,
  io: Io,
): Promise<ExitCode> {
  const file = declaredFile(argument, flags);
  const text = file === '-' ? '' : ((await readBytesIfPresent(file))?.toString('utf8') ?? '');
  const saved = parseSavedPlan(text);
  if (saved === undefined) return await runApply(await declare(file, command, io), flags, io);
  giveAgain(command, saved.flags);
  return await runApply(await declare(saved.configFile, command, io), flags, io, { file, saved });
}
