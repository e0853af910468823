import type { SessionOptions } from '../directory/session.ts';
import { DrawnIds } from '../plan/identities/drawn-ids.ts';
import { connect, withDirectory, type Connection } from './connection.ts';
import type { OpenSystem, SystemSpec } from './system-spec.ts';

/** Where a declared system is, and how it is reached. */
export interface SystemServer {
  readonly server: SessionOptions;
  /** For `cn=config`, where schema, bulk mode and access rules are changed; as `server` if absent. */
  readonly config?: SessionOptions | undefined;
  /** For how long a server that does not answer yet is asked again, in milliseconds (default: 0). */
  readonly waitMs?: number | undefined;
  /** Ids that earlier plans have drawn, if a plan is to be made again. */
  readonly ids?: Readonly<Record<string, string>> | undefined;
}

/**
 * Connects, runs a task with the system, and closes the connection whatever comes of it. Rules of the server that refuse
 * what a service account needs are an error (`ACCESS_CONFLICT`), unless `settleAccess` decides.
 * @throws `CONNECT_FAILED`, `TLS_FAILED`, `AUTH_FAILED`, `TIMEOUT`, and what the task throws
 */
export async function withSystem<T>(
  spec: SystemSpec,
  { server, config = server, waitMs = 0, ids }: SystemServer,
  task: (system: OpenSystem) => Promise<T>,
  settleAccess?: OpenSystem['settleAccess'],
): Promise<T> {
  const connection: Connection = { options: server, waitMs };
  return await withDirectory(connection, (directory) =>
    task({
      ...{ spec, directory, connection, ids: new DrawnIds(ids) },
      openConfig: () => connect({ options: config, waitMs }),
      ...(settleAccess && { settleAccess }),
    }),
  );
}
