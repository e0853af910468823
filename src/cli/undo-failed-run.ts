import { asError, KeystoneLdapError } from '../errors.ts';
import { readRun } from '../history/journal-folder.ts';
import { planUndo, type UndoPlan } from '../history/plan-undo.ts';
import type { Io } from './io.ts';
import { remark } from './output.ts';
import type { DeclaredSystem } from './declared-system.ts';
import { plural } from './plural.ts';
import { connect } from './resolve-connection.ts';
import { undoRun } from './undo-run.ts';
import { stateFolder } from './with-journal.ts';

/**
 * Takes back what a run made before it failed, over a connection of its own: the other one may be what failed.
 * @returns the error to tell, which is the cause with what has become of the changes
 */
export async function undoFailedRun(
  id: string,
  cause: unknown,
  { connection, openConfig, declaration: { flags } }: DeclaredSystem,
  io: Io,
): Promise<KeystoneLdapError> {
  // Ctrl-C ended the run, and shall not end the way back.
  const { signal } = new AbortController();
  const calm = { ...io, signal };
  try {
    await using directory = await connect({ ...connection, options: { ...connection.options, signal } });
    const ports = { openDirectory: () => Promise.resolve(directory), openConfig };
    const run = await readRun(stateFolder(flags, io), id);
    const plan = await planUndo(run, ports);
    await undoRun(run, plan, { ports, flags, io: calm });
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

const MEND = 'Mend the cause and run the same command again.';

function told(cause: unknown, whatThen: string, hint: string | undefined): KeystoneLdapError {
  const message = `${asError(cause).message} ${whatThen}`;
  if (!(cause instanceof KeystoneLdapError))
    return new KeystoneLdapError('APPLY_INCOMPLETE', message, { cause, hint });
  const { code, problems, resultCode } = cause;
  return new KeystoneLdapError(code, message, { cause, hint, problems, resultCode });
}
