import { ClientSession } from './client-session.ts';
import type { Session, SessionOptions } from './session.ts';

/**
 * Connects and binds. The client may only be used in parallel after its first answer (it would open one socket
 * for each early call and hang), which the bind, or a read of the root DSE, is.
 * @throws `CONNECT_FAILED`, `TLS_FAILED`, `TIMEOUT`, `AUTH_FAILED`, `USAGE` for a bad URI
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const session = new ClientSession(options);
  try {
    await session.open();
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}
