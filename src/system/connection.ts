import type { Session, SessionOptions } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { ServiceAccountPorts } from '../plan/access/plan-service-account.ts';

/** How a server is reached. */
export interface Connection {
  readonly options: SessionOptions;
  /** For how long a server that does not answer yet is asked again, in milliseconds. */
  readonly waitMs: number;
}

export async function connect({ options, waitMs }: Connection): Promise<Session> {
  const { waitForSession } = await import('../directory/wait-for-session.ts');
  return await waitForSession(options, waitMs);
}

export async function withDirectory<T>(
  connection: Connection,
  task: (directory: Session) => Promise<T>,
): Promise<T> {
  await using directory = await connect(connection);
  return await task(directory);
}

/** Asks a server whether it lets others in. */
export function canBindTo({ options, waitMs }: Connection): ServiceAccountPorts['canBind'] {
  return async (dn, password) => {
    const credentials = { kind: 'simple', dn, password } as const;
    try {
      await withDirectory({ waitMs, options: { ...options, credentials } }, () => Promise.resolve());
      return true;
    } catch (error) {
      if (error instanceof KeystoneLdapError && error.code === 'AUTH_FAILED') return false;
      throw error;
    }
  };
}
