import type { Command } from 'commander';
import { LIMITS } from '../../bounded-input.ts';
import { readBytesIfPresent } from '../../files.ts';
import { parseSavedPlan } from '../../system/saved-plan.ts';
import { strictText } from '../../strict-text.ts';
import { declare, declaredFile, giveAgain } from './declaration.ts';
import type { ExitCode, Io } from '../terminal/io.ts';
import { runApply, type ApplyFlags } from './run-apply.ts';

/** Applies a configuration file, or a plan, which names the file that it was made from. */
export async function applyFile(
  argument: string | undefined,
  flags: ApplyFlags & { readonly configFile?: string },
  command: Command,
  io: Io,
): Promise<ExitCode> {
  const file = declaredFile(argument, flags);
  // A pipe can be read once only.
  const text = file === '-' ? undefined : await readFileOrPlan(file);
  const saved = text === undefined ? undefined : parseSavedPlan(text, file);
  if (saved === undefined) return await runApply(await declare(file, command, io, text), flags, io);
  giveAgain(command, saved.flags);
  return await runApply(await declare(saved.configFile, command, io), flags, io, { file, saved });
}

/** A plan may be larger than what is declared. @throws `FILE_UNREADABLE`, `INPUT_INVALID` */
async function readFileOrPlan(file: string): Promise<string | undefined> {
  const bytes = await readBytesIfPresent(file, LIMITS.plan);
  return bytes && strictText(bytes, file);
}
