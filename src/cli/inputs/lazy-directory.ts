import type { Session } from '../../directory/session.ts';
import type { ConfigConnectionFlags, ConnectionFlags } from '../flags/connection-flags.ts';
import type { Io } from '../terminal/io.ts';
import { connect, type Connection } from '../../system/connection.ts';
import { resolveConfigConnection, resolveConnection } from './resolve-connection.ts';

/** A directory that is connected to when it is first needed: some runs changed files only. */
export class LazyDirectory implements AsyncDisposable {
  readonly #flags: ConnectionFlags & ConfigConnectionFlags;
  readonly #io: Io;
  #connection: Promise<Connection> | undefined;
  #session: Promise<Session> | undefined;

  constructor(flags: ConnectionFlags & ConfigConnectionFlags, io: Io) {
    this.#flags = flags;
    this.#io = io;
  }

  readonly openDirectory = (): Promise<Session> => (this.#session ??= this.#resolve().then(connect));

  readonly openConfig = async (): Promise<Session> =>
    await connect(await resolveConfigConnection(this.#flags, await this.#resolve(), this.#io));

  async [Symbol.asyncDispose](): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    await session?.[Symbol.asyncDispose]();
  }

  #resolve(): Promise<Connection> {
    return (this.#connection ??= resolveConnection(this.#flags, this.#io));
  }
}
