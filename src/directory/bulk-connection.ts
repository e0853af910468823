import { KeystoneLdapError } from '../errors.ts';
import { BerReader } from './ber-reader.ts';
import { BerWriter } from './ber-writer.ts';
import { ClientSession } from './client-session.ts';
import type { ClientSocket, Writer } from './client-socket.ts';
import { connectionError, foreignAnswer, LOST, TIMED_OUT } from './connection-fault.ts';
import { encodeAdd, encodeSearch, encodeUnbind, type WholeSearch } from './encode-request.ts';
import type { NewEntry } from './entry.ts';
import { ldapFailure } from './ldap-failure.ts';
import { RawEntry } from './raw-entry.ts';
import type { SessionOptions } from './session.ts';

/** slapd resumes a page by walking its list of candidates again, so that few large pages cost least. */
const PAGE_SIZE = 20_000;
const FLUSH_BYTES = 32 * 1024;
const NO_COOKIE = new Uint8Array();
const SEARCH_ENTRY = 0x64;
const SEARCH_REFERENCE = 0x73;
const CONTROLS = 0xa0;

interface Pending {
  readonly verb: string;
  readonly subject: string;
  readonly onEntry?: (entry: RawEntry) => void;
  readonly resolve: (cookie: Buffer) => void;
  readonly reject: (error: KeystoneLdapError) => void;
}

/**
 * Connects and binds as a session does, then speaks the protocol itself, in the two requests of which a large
 * directory needs very many: an add is written, and an entry found is looked at, without an object for each element.
 */
export async function openBulkConnection(options: SessionOptions): Promise<BulkConnection> {
  const session = new ClientSession(options);
  try {
    await session.open();
    const { socket, timeoutMs } = session.takeOver();
    return new BulkConnection(socket, timeoutMs, options.signal);
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

export class BulkConnection implements AsyncDisposable {
  readonly #socket: ClientSocket;
  readonly #write: Writer;
  readonly #writer = new BerWriter();
  readonly #pending = new Map<number, Pending>();
  readonly #signal: AbortSignal | undefined;
  readonly #watch: NodeJS.Timeout;
  /** What has arrived of a message that is not complete. */
  #rest: readonly Buffer[] = [];
  /** How many bytes it takes before it is worth looking again. */
  #wanted = 0;
  #lastId = 0x10000; // above those that the client has used
  #heardAt = Date.now();

  constructor(socket: ClientSocket, timeoutMs: number, signal?: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    this.#write = socket.takeOver(
      (chunk) => this.#take(chunk),
      () => this.#fail(),
    );
    this.#watch = setInterval(() => {
      if (this.#pending.size > 0 && Date.now() - this.#heardAt > timeoutMs) socket.destroy(TIMED_OUT);
    }, timeoutMs / 4).unref();
  }

  add(entry: NewEntry): Promise<void> {
    return this.#ask({ verb: 'add', subject: entry.dn }, (id) => encodeAdd(this.#writer, id, entry)).then(
      () => undefined,
    );
  }

  /** Hands over every entry found; a base that does not exist has none. */
  async search(request: WholeSearch, onEntry: (entry: RawEntry) => void): Promise<void> {
    let cookie: Uint8Array = NO_COOKIE;
    do {
      const page = { size: PAGE_SIZE, cookie };
      cookie = await this.#ask({ verb: 'search', subject: request.base, onEntry }, (id) =>
        encodeSearch(this.#writer, id, request, page),
      );
    } while (cookie.length > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    if (!this.#socket.isGone) {
      encodeUnbind(this.#writer, (this.#lastId += 1));
      this.#flush();
      await new Promise(setImmediate);
    }
    this.#socket.destroy(LOST);
  }

  #ask(what: Omit<Pending, 'resolve' | 'reject'>, encode: (id: number) => void): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { ...what, resolve, reject };
      if (this.#socket.isGone) {
        reject(this.#lost(pending));
        return;
      }
      if (this.#pending.size === 0) this.#heardAt = Date.now();
      this.#lastId += 1;
      this.#pending.set(this.#lastId, pending);
      if (this.#writer.length === 0) setImmediate(() => this.#flush());
      encode(this.#lastId);
      if (this.#writer.length > FLUSH_BYTES) this.#flush();
    });
  }

  #flush(): void {
    if (this.#writer.length > 0) this.#write(this.#writer.take());
  }

  #take(chunk: Buffer): void {
    this.#heardAt = Date.now();
    this.#rest = [...this.#rest, chunk];
    this.#wanted -= chunk.length;
    if (this.#wanted > 0) return;
    const [only] = this.#rest;
    const bytes = this.#rest.length === 1 && only !== undefined ? only : Buffer.concat(this.#rest);
    const messages = new BerReader(bytes);
    try {
      while (messages.next()) this.#message(messages.inner());
    } catch (error) {
      // What a callback throws belongs to whoever waits, not to the socket.
      this.#fail(error);
      this.#socket.destroy(LOST);
    }
    if (bytes.length > messages.at && bytes[messages.at] !== 0x30)
      this.#socket.destroy(foreignAnswer('the server sent what is no LDAP message'));
    this.#rest = messages.at === bytes.length ? [] : [bytes.subarray(messages.at)];
    this.#wanted = wantedBytes(bytes, messages.at);
  }

  #message(message: BerReader): void {
    message.next();
    const id = message.integer();
    const pending = this.#pending.get(id);
    message.next();
    if (pending === undefined || message.tag === SEARCH_REFERENCE) return;
    if (message.tag === SEARCH_ENTRY) pending.onEntry?.(new RawEntry(message.inner()));
    else this.#result(id, pending, message);
  }

  /** An LDAPResult (RFC 4511 section 4.1.9), and the cookie of a page beside it. */
  #result(id: number, pending: Pending, message: BerReader): void {
    this.#pending.delete(id);
    const result = message.inner();
    result.next();
    const code = result.integer();
    result.next();
    result.next();
    const isEmptySearch = code === NO_SUCH_OBJECT && pending.onEntry !== undefined;
    if (code === 0 || isEmptySearch) pending.resolve(cookieIn(message));
    else pending.reject(ldapFailure(Object.assign(new Error(result.text()), { code }), whatOf(pending)));
  }

  #fail(cause?: unknown): void {
    clearInterval(this.#watch);
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting)
      pending.reject(cause instanceof KeystoneLdapError ? cause : this.#lost(pending, cause));
  }

  #lost(pending: Pending, cause?: unknown): KeystoneLdapError {
    if (this.#signal?.aborted === true) return new KeystoneLdapError('CANCELLED', 'Interrupted.');
    return connectionError(this.#socket.fault ?? LOST, whatOf(pending), cause);
  }
}

const NO_SUCH_OBJECT = 32;

function whatOf({ verb, subject }: Pending): string {
  return `Cannot ${verb} ${subject}`;
}

/** The length of the message that starts here, or the least that tells it. */
function wantedBytes(bytes: Buffer, at: number): number {
  const there = bytes.length - at;
  const count = there < 2 || (bytes[at + 1] ?? 0) < 0x80 ? 0 : (bytes[at + 1] ?? 0) & 0x7f;
  if (count === 0 || count > 4 || there < 2 + count) return 0;
  return bytes.readUIntBE(at + 2, count) + 2 + count - there;
}

function cookieIn(message: BerReader): Buffer {
  if (!message.next() || message.tag !== CONTROLS) return Buffer.alloc(0);
  const control = message.inner();
  control.next();
  const parts = control.inner();
  parts.next();
  // The criticality may stand between the OID and the value.
  while (parts.next() && parts.tag !== 0x04);
  const value = parts.inner();
  value.next();
  const content = value.inner();
  content.next();
  content.next();
  return Buffer.from(content.slice());
}
