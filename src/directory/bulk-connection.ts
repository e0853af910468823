import { KeystoneLdapError } from '../errors.ts';
import { BerReader } from './ber-reader.ts';
import { BerWriter } from './ber-writer.ts';
import { ClientSession } from './client-session.ts';
import type { ClientSocket, Writer } from './client-socket.ts';
import {
  connectionError,
  foreignAnswer,
  LOST,
  TIMED_OUT,
  tooMuch,
  type ConnectionFault,
} from './connection-fault.ts';
import { encodeAdd, encodeSearch, encodeUnbind, type WholeSearch } from './encode-request.ts';
import type { NewEntry } from './entry.ts';
import { MAX_EMPTY_PAGES, MAX_MESSAGE_BYTES, unknownKind } from './message-check.ts';
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
/** SearchResultDone and AddResponse. */
const RESULTS = new Set([0x65, 0x69]);
const NO_MESSAGE = 'the server sent what is no LDAP message';
/** A server that knows no pages sends all at once. */
const MAX_ENTRIES = 10_000_000;

interface Pending {
  readonly verb: string;
  readonly subject: string;
  readonly onEntry?: (entry: RawEntry) => void;
  /** How many entries have come. */
  entries: number;
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
    let emptyPages = 0;
    const what = {
      ...{ verb: 'search', subject: request.base },
      onEntry: (entry: RawEntry): void => {
        emptyPages = 0;
        onEntry(entry);
      },
    };
    do {
      const page = { size: PAGE_SIZE, cookie };
      cookie = await this.#ask(what, (id) => encodeSearch(this.#writer, id, request, page));
      emptyPages += 1;
      if (emptyPages > MAX_EMPTY_PAGES)
        throw connectionError(
          tooMuch(`the server sent ${emptyPages} pages without an entry`),
          `Cannot search ${request.base}`,
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

  #ask(what: Pick<Pending, 'verb' | 'subject' | 'onEntry'>, encode: (id: number) => void): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { ...what, entries: 0, resolve, reject };
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
    this.#rest = [...this.#rest, chunk];
    this.#wanted -= chunk.length;
    if (this.#wanted > 0) return;
    const [only] = this.#rest;
    const bytes = this.#rest.length === 1 && only !== undefined ? only : Buffer.concat(this.#rest);
    const messages = new BerReader(bytes);
    try {
      while (messages.next()) {
        const fault = this.#message(messages.inner());
        if (fault === undefined) continue;
        this.#socket.destroy(fault);
        return;
      }
    } catch (error) {
      // What a callback throws belongs to whoever waits, not to the socket.
      this.#fail(error);
      this.#socket.destroy(LOST);
    }
    if (bytes.length > messages.at && bytes[messages.at] !== 0x30)
      this.#socket.destroy(foreignAnswer(NO_MESSAGE));
    this.#rest = messages.at === bytes.length ? [] : [bytes.subarray(messages.at)];
    this.#await(wantedBytes(bytes, messages.at));
  }

  /** How many bytes the next message still needs; `undefined` if it is not one. */
  #await(wanted: number | undefined): void {
    if (wanted === undefined) this.#socket.destroy(foreignAnswer(NO_MESSAGE));
    else if (wanted > MAX_MESSAGE_BYTES)
      this.#socket.destroy(tooMuch(`the server announced a message of ${wanted} bytes`));
    this.#wanted = wanted ?? 0;
  }

  /** Only what brings a request on counts as heard: a server could send all else without end. */
  #message(message: BerReader): ConnectionFault | undefined {
    if (!message.next()) return foreignAnswer(NO_MESSAGE);
    const id = message.integer();
    const pending = this.#pending.get(id);
    if (!message.next()) return foreignAnswer(NO_MESSAGE);
    if (pending === undefined || message.tag === SEARCH_REFERENCE) return undefined;
    if (message.tag !== SEARCH_ENTRY && !RESULTS.has(message.tag))
      return foreignAnswer(unknownKind(message.tag));
    this.#heardAt = Date.now();
    if (message.tag !== SEARCH_ENTRY) this.#result(id, pending, message);
    else if ((pending.entries += 1) > MAX_ENTRIES)
      return tooMuch(`the server sent more than ${MAX_ENTRIES} entries as one page of ${PAGE_SIZE}`);
    else pending.onEntry?.(new RawEntry(message.inner()));
    return undefined;
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

/** How many bytes of the message that starts here are to come, 0 if that is not known yet; of no other form LDAP has. */
function wantedBytes(bytes: Buffer, at: number): number | undefined {
  const there = bytes.length - at;
  const first = bytes[at + 1] ?? 0;
  if (there < 2 || first < 0x80) return 0;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  if (there < 2 + count) return 0;
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
