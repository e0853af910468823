import { randomUUID } from 'node:crypto';
import { Attribute, Change, Client, type SearchResult } from 'ldapts';
import { KeystoneLdapError } from '../errors.ts';
import { revealed, type Secret } from '../secret.ts';
import { AssertionControl } from './assertion-control.ts';
import { clientFilter } from './client-filter.ts';
import { ClientSocket } from './client-socket.ts';
import { connectionError, foreignAnswer, LOST, TIMED_OUT, tooMuch } from './connection-fault.ts';
import type { Entry, NewAttributes, NewEntry } from './entry.ts';
import { followAliases } from './follow-aliases.ts';
import { isConnectionEnd, ldapFailure } from './ldap-failure.ts';
import { MAX_EMPTY_PAGES } from './message-check.ts';
import { octetsOf, textOf } from './octets.ts';
import { PasswordPolicyControl } from './password-policy-control.ts';
import type {
  Edit,
  SearchRequest,
  ServerCertificate,
  Session,
  SessionOptions,
  WriteRight,
} from './session.ts';

const DEFAULT_PAGE_SIZE = 1000;
const DEFAULT_TIMEOUT_MS = 30_000;

/** A {@link Session} over the LDAP client; this file alone knows the client. */
export class ClientSession implements Session {
  readonly uri: string;
  readonly #options: SessionOptions;
  readonly #timeoutMs: number;
  readonly #socket: ClientSocket;
  readonly #client: Client;
  #hasAnswered = false;
  #canAssert: Promise<boolean> | undefined;

  constructor(options: SessionOptions) {
    this.uri = options.uri;
    this.#options = options;
    this.#socket = new ClientSocket(options);
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#client = new Client({
      url: this.#socket.clientUrl,
      timeout: this.#timeoutMs,
      connectTimeout: this.#timeoutMs,
      createConnection: () => this.#socket.connect(),
      createSecureConnection: (...args: unknown[]) => this.#socket.secure(args),
      tlsOptions: this.#socket.tlsOptions,
    });
    if (options.aliases !== undefined) followAliases(this.#client, options.aliases);
  }

  get certificate(): ServerCertificate | undefined {
    return this.#socket.certificate;
  }

  async open(): Promise<void> {
    const { credentials } = this.#options;
    await this.#startTls();
    if (credentials.kind === 'anonymous') await this.read('', ['1.1']);
    else if (credentials.kind === 'simple') await this.#bindSimple(credentials.dn, credentials.password);
    else if (credentials.kind === 'unauthenticated')
      await this.#try('bind to', `${this.uri} as ${credentials.dn} without a password`, () =>
        this.#client.bind(credentials.dn, ''),
      );
    else await this.#try('bind to', `${this.uri} with SASL EXTERNAL`, () => this.#client.bind('EXTERNAL'));
  }

  /** The connection, bound, for who speaks the protocol itself; this session is of no further use. */
  takeOver(): { readonly socket: ClientSocket; readonly timeoutMs: number } {
    return { socket: this.#socket, timeoutMs: this.#timeoutMs };
  }

  async *search({ base, onReferral, ...request }: SearchRequest): AsyncGenerator<Entry> {
    const pages = this.#pages(base, request);
    for (let emptyPages = 0; ;) {
      const page = await this.#try('search', base, async () => await pages.next(), NO_SUCH_OBJECT);
      if (page === undefined || page.done === true) return;
      emptyPages = page.value.searchEntries.length > 0 ? 0 : emptyPages + 1;
      if (emptyPages > MAX_EMPTY_PAGES)
        throw connectionError(
          tooMuch(`the server sent ${emptyPages} pages without an entry`),
          `Cannot search ${base}`,
        );
      if (page.value.searchReferences.length > 0) onReferral?.(page.value.searchReferences);
      for (const found of page.value.searchEntries) yield toEntry(found);
    }
  }

  async *#pages(
    base: string,
    request: Omit<SearchRequest, 'base' | 'onReferral'>,
  ): AsyncGenerator<SearchResult> {
    const { scope, filter, attributes, pageSize = DEFAULT_PAGE_SIZE, mustPage = false } = request;
    const options = { scope, filter: clientFilter(filter), attributes: [...attributes], ...AS_OCTETS };
    let mayAskAtOnce = pageSize === 0 || !mustPage;
    if (pageSize > 0)
      try {
        for await (const page of this.#client.searchPaginated(base, { ...options, paged: { pageSize } })) {
          mayAskAtOnce = false;
          yield page;
        }
        return;
      } catch (error) {
        if (!mayAskAtOnce || !mayBeOfPages(error)) throw error;
      }
    yield await this.#client.search(base, options);
  }

  async read(dn: string, attributes: readonly string[]): Promise<Entry | undefined> {
    const one = { scope: 'base' as const, filter: '(objectClass=*)' };
    const options = { ...one, attributes: [...attributes], ...AS_OCTETS };
    const what = dn === '' ? `the root DSE of ${this.uri}` : dn;
    const result = await this.#try('read', what, () => this.#client.search(dn, options), NO_SUCH_OBJECT);
    const found = result?.searchEntries[0];
    return found === undefined ? undefined : toEntry(found);
  }

  async add({ dn, attributes }: NewEntry): Promise<void> {
    await this.#try('add', dn, () => this.#client.add(dn, toClientAttributes(attributes)));
  }

  async modify(dn: string, edits: readonly Edit[], csn?: string): Promise<void> {
    const changes = edits.map(
      ({ operation, attribute, values }) =>
        new Change({
          operation,
          modification: new Attribute({ type: attribute, values: values.map(toOctets) }),
        }),
    );
    const controls = await this.#assertions(csn);
    await this.#try('modify', dn, () => this.#client.modify(dn, changes, controls));
  }

  async mayWrite(dn: string): Promise<WriteRight> {
    const modification = new Attribute({ type: 'description', values: [randomUUID()] });
    let right: WriteRight = 'untold';
    const attempt = () => this.#client.modify(dn, new Change({ operation: 'delete', modification }));
    await this.#try('try to write', dn, attempt, (code) => {
      right = RIGHTS.get(code) ?? 'untold';
      return code > 0;
    });
    return right;
  }

  async delete(dn: string, csn?: string): Promise<void> {
    const controls = await this.#assertions(csn);
    await this.#try('delete', dn, () => this.#client.del(dn, controls));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // On a connection that is gone the client would wait for its own unbind until the timeout.
    if (!this.#socket.isGone) await this.#client.unbind().catch(() => undefined);
    this.#socket.destroy(LOST);
  }

  async #assertions(csn: string | undefined): Promise<AssertionControl[]> {
    if (csn === undefined || !(await this.#offersAssertion())) return [];
    return [new AssertionControl('entryCSN', csn)];
  }

  /** Asked once: the root DSE says it for the whole server. */
  #offersAssertion(): Promise<boolean> {
    this.#canAssert ??= this.read('', ['supportedControl']).then(
      (root) => root?.attributes['supportedControl']?.includes(AssertionControl.oid) === true,
    );
    return this.#canAssert;
  }

  async #bindSimple(dn: string, password: Secret): Promise<void> {
    // RFC 4513 section 5.1.2: a DN without a password is an anonymous bind that "succeeds".
    if (password.reveal() === '')
      throw new KeystoneLdapError(
        'AUTH_FAILED',
        `Cannot bind to ${this.uri} as ${dn}: the password is empty.`,
      );
    const { onPolicy } = this.#options;
    const policy = onPolicy === undefined ? undefined : new PasswordPolicyControl();
    try {
      await this.#try('bind to', `${this.uri} as ${dn}`, () =>
        this.#client.bind(dn, password.reveal(), policy),
      );
    } finally {
      if (policy?.error !== undefined) onPolicy?.(policy.error);
    }
  }

  async #startTls(): Promise<void> {
    const { startTls } = this.#options;
    if (startTls === undefined || !/^ldap:/i.test(this.uri)) return;
    const refused = (code: number): boolean => {
      if (startTls !== 'try' || code <= 0) return false;
      this.#options.onRemark?.(`${this.uri} offers no StartTLS; the connection is not encrypted.`);
      return true;
    };
    // The client waits without end for a handshake that does not come.
    const timer = setTimeout(() => this.#socket.destroy(TIMED_OUT), this.#timeoutMs);
    try {
      const start = () => this.#client.startTLS(this.#socket.startTlsOptions());
      await this.#try('start TLS on', this.uri, start, refused);
    } finally {
      clearTimeout(timer);
    }
  }

  async #try<T>(verb: string, subject: string, action: () => Promise<T>): Promise<T>;
  async #try<T>(
    verb: string,
    subject: string,
    action: () => Promise<T>,
    expected: (resultCode: number) => boolean,
  ): Promise<T | undefined>;
  async #try<T>(
    verb: string,
    subject: string,
    action: () => Promise<T>,
    expected?: (resultCode: number) => boolean,
  ): Promise<T | undefined> {
    const what = `Cannot ${verb} ${subject}`;
    try {
      if (this.#socket.isGone) throw connectionError(LOST, what);
      const result = await action();
      this.#hasAnswered = true;
      return result;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (typeof code === 'number') this.#hasAnswered = true;
      if (typeof code === 'number' && expected?.(code) === true) return undefined;
      throw this.#failure(error, what);
    }
  }

  #failure(error: unknown, what: string): KeystoneLdapError {
    if (this.#options.signal?.aborted === true) return new KeystoneLdapError('CANCELLED', 'Interrupted.');
    const lost = this.#hasAnswered ? LOST : foreignAnswer(LOST.why);
    const fault = this.#socket.fault ?? (isConnectionEnd(error) ? lost : undefined);
    const failure = fault === undefined ? ldapFailure(error, what) : connectionError(fault, what, error);
    // After anything but an answer nobody knows which answer comes next.
    if (failure.resultCode === undefined) this.#socket.destroy(LOST);
    return failure;
  }
}

/** slapd looks at rights before it looks for the value; a replica or a database that is read-only says so even before. */
const RIGHTS: ReadonlyMap<number, WriteRight> = new Map([
  [16, 'yes'],
  [50, 'no'],
  [8, 'no'],
  [10, 'no'],
  [53, 'no'],
]);

/** A server may have other limits for pages, refuse them to this identity, or not know them. */
function mayBeOfPages(error: unknown): boolean {
  return error instanceof Error && 'code' in error && REFUSALS_OF_PAGES.has(Number(error.code));
}

const REFUSALS_OF_PAGES = new Set([2, 4, 11, 12, 53]);

const NO_SUCH_OBJECT = (code: number): boolean => code === 32;

function toEntry({ dn, ...rest }: { dn: string; [name: string]: unknown }): Entry {
  const attributes: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(rest)) {
    const values = [value].flat().map((one) => (Buffer.isBuffer(one) ? textOf(one) : String(one)));
    if (values.length > 0) attributes[name] = values;
  }
  return { dn, attributes };
}

/** An attribute without values is a protocol error, so empty ones are left out. */
function toClientAttributes(attributes: NewAttributes): Attribute[] {
  return Object.entries(attributes)
    .filter(([, values]) => values.length > 0)
    .map(([type, values]) => new Attribute({ type, values: values.map(toOctets) }));
}

function toOctets(value: string | Secret): Buffer {
  return octetsOf(revealed(value));
}

/** The client decodes what looks like text, and takes a byte order mark off; asked for by name, octets come as they are. */
class EveryAttribute extends Array<string> {
  override includes(): boolean {
    return true;
  }
}

const AS_OCTETS = { explicitBufferAttributes: new EveryAttribute() };
