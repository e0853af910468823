import type { Session } from '../../directory/session.ts';
import type { KeystoneServer } from '../../doctor/backend.ts';
import { sessionOptions } from '../../doctor/connect-as-keystone.ts';
import { goesOn } from '../../doctor/fail-over.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { Io } from '../terminal/io.ts';
import { remark } from '../terminal/output.ts';
import { connect } from '../../system/connection.ts';

/**
 * Connects as Keystone would, to the first of its servers that answers.
 * @param patience seconds for an answer, if no flag says it
 */
export async function openAsKeystone(
  server: KeystoneServer,
  { timeout, wait = 0 }: ConnectionFlags,
  patience: number,
  io: Io,
): Promise<Session> {
  const limits = { signal: io.signal, timeoutMs: (timeout ?? patience) * 1000 };
  const all = await sessionOptions(server, limits);
  let failure: unknown;
  for (const options of all) {
    const onRemark = (text: string): void => remark(io, `warning: ${text}`);
    try {
      return await connect({ options: { ...options, onRemark }, waitMs: wait * 1000 });
    } catch (error) {
      if (!goesOn(error, server, options)) throw error;
      failure = error;
    }
  }
  throw failure;
}
