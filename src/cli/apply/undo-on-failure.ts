import { asError, KeystoneLdapError } from '../../errors.ts';
import type { UndoPlan } from '../../history/plan-undo.ts';
import type { OpenSystem } from '../../system/system-spec.ts';
import { undoFailedRun } from '../../system/undo-failed-run.ts';
import type { Io } from '../terminal/io.ts';
import { stateFolder, type StateFlags } from '../flags/journal-flags.ts';
import { remark } from '../terminal/output.ts';
import { plural } from '../terminal/plural.ts';
import { portsOf } from '../terminal/with-progress.ts';

/**
 * Takes back what a run made before it failed.
 * @returns the error to tell, which is the cause with what has become of the changes
 */
export async function undoOnFailure(
  id: string,
  cause: unknown,
  { system, flags }: { readonly system: OpenSystem; readonly flags: StateFlags },
  io: Io,
): Promise<KeystoneLdapError> {
  try {
    const plan = await undoFailedRun(id, stateFolder(flags, io), system, portsOf(io));
    for (const sentence of plan.remains) remark(io, `remark: ${sentence}`);
    return told(cause, outcome(plan), isInterrupted(cause) ? undefined : MEND);
  } catch (error) {
    const why = asError(error).message;
    return told(cause, `What was made before could not be taken back: ${why}`, `keystone-ldap undo ${id}`);
  }
}

function outcome({ changes, files, strikes, remains }: UndoPlan): string {
  const steps = changes.length + files.length + strikes.length;
  if (steps + remains.length === 0) return 'Nothing was changed.';
  const what = remains.length === 0 ? 'All' : 'All but what the remarks name';
  return `${what} is as it was before: ${plural(steps, 'change')} made to take it back.`;
}

function isInterrupted(cause: unknown): boolean {
  return cause instanceof KeystoneLdapError && cause.code === 'CANCELLED';
}

const MEND = 'Fix the cause and run the same command again.';

function told(cause: unknown, whatThen: string, hint: string | undefined): KeystoneLdapError {
  const message = `${asError(cause).message} ${whatThen}`;
  if (!(cause instanceof KeystoneLdapError))
    return new KeystoneLdapError('APPLY_INCOMPLETE', message, { cause, hint });
  const { code, problems, resultCode } = cause;
  return new KeystoneLdapError(code, message, { cause, hint, problems, resultCode });
}
