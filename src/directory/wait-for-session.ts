import { setTimeout as delay } from 'node:timers/promises';
import { KeystoneLdapError } from '../errors.ts';
import type { Session, SessionOptions } from './session.ts';
import { openSession } from './open-session.ts';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;

/** LDAP busy and unavailable: a server that is starting or stopping. */
const NOT_YET = new Set([51, 52]);

/**
 * Opens a session, trying again for up to `waitMs` while the server cannot be reached or is not ready. A wrong password
 * is an answer, and ends the wait. The session has bound and read the root DSE when it is returned.
 * @throws the last error once the time is over
 */
export async function waitForSession(options: SessionOptions, waitMs: number): Promise<Session> {
  const deadline = Date.now() + waitMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await openAnswering(options);
    } catch (error) {
      const left = deadline - Date.now();
      if (!isPassing(error) || left <= 0 || options.signal?.aborted === true) throw error;
      await pauseFor(Math.min(pause, left), options.signal);
    }
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw new KeystoneLdapError('CANCELLED', 'Interrupted.', { cause: error });
  }
}

async function openAnswering(options: SessionOptions): Promise<Session> {
  const session = await openSession(options);
  try {
    await session.read('', ['1.1']);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof KeystoneLdapError)) return false;
  return error.code === 'CONNECT_FAILED' || error.code === 'TIMEOUT' || NOT_YET.has(error.resultCode ?? 0);
}
