import { foreignAnswer, tooMuch, type ConnectionFault } from './connection-fault.ts';

/** Response operations of RFC 4511 that the LDAP client can read; it is lost after any other. */
const RESPONSES = new Set([0x61, 0x64, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x73, 0x78]);

const NOT_LDAP = 'what answers there does not speak LDAP';
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const SEARCH_ENTRY = 0x64;
const SEARCH_REFERENCE = 0x73;
const CONSTRUCTED = 0x20;
const NOTHING = Buffer.alloc(0);

/** What one message may hold: an entry with all its values. */
export const MAX_MESSAGE_BYTES = 32 * 2 ** 20;
/** What the answers that are not complete yet may hold together; a search in pages has an answer for each. */
export const MAX_ANSWER_BYTES = 64 * 2 ** 20;
/** Values, names and what holds them, of the same; each costs memory, however short it is. */
export const MAX_ANSWER_ELEMENTS = 2_000_000;

/** Pages without an entry that may follow each other. */
export const MAX_EMPTY_PAGES = 1000;

export function unknownKind(operation: number): string {
  return `the server sent an LDAP message of unknown kind (0x${operation.toString(16)})`;
}

/**
 * Looks at the head of each LDAP message that a server sends. The LDAP client drops what it cannot read, without a
 * word and with all that came with it, so that the request would wait for its answer until the timeout; and it keeps
 * all of an answer until the end, so that a server that never stops would fill the memory.
 */
export class MessageCheck {
  /** The start of a message whose operation has not arrived yet. */
  #head = NOTHING;
  /** Bytes of a known message that are still to come. */
  #left = 0;
  readonly #elements = new ElementCount();
  /** What has come of answers of more than one message, by message id. */
  readonly #answers = new Map<number, { bytes: number; elements: number }>();
  #bytesKept = 0;
  #elementsKept = 0;

  /** Takes the next bytes; what is wrong with them. */
  faultIn(chunk: Buffer): ConnectionFault | undefined {
    for (let rest = chunk; ;) {
      const skipped = Math.min(this.#left, rest.length);
      this.#left -= skipped;
      this.#elements.take(rest, skipped);
      if (this.#elements.count + this.#elementsKept > MAX_ANSWER_ELEMENTS)
        return tooMuch(`the server sent an answer of more than ${MAX_ANSWER_ELEMENTS} values`);
      if (skipped === rest.length) return undefined;
      this.#head = Buffer.concat([this.#head, rest.subarray(skipped)]);
      const head = readHead(this.#head);
      if (head === undefined) return undefined;
      if ('fault' in head) return foreignAnswer(head.fault);
      const fault = this.#keep(head);
      if (fault !== undefined) return fault;
      this.#left = head.length;
      rest = this.#head;
      this.#head = NOTHING;
    }
  }

  /** Counts a message that starts; the last one of an answer frees what came before. */
  #keep({ length, id, operation }: MessageHead): ConnectionFault | undefined {
    if (length > MAX_MESSAGE_BYTES) return tooMuch(`the server announced a message of ${length} bytes`);
    if (this.#current !== undefined) {
      this.#current.elements += this.#elements.count;
      this.#elementsKept += this.#elements.count;
    }
    this.#elements.restart();
    const answer = this.#answers.get(id) ?? { bytes: 0, elements: 0 };
    if (operation === SEARCH_ENTRY || operation === SEARCH_REFERENCE) {
      answer.bytes += length;
      this.#bytesKept += length;
      this.#answers.set(id, answer);
      this.#current = answer;
    } else {
      this.#bytesKept -= answer.bytes;
      this.#elementsKept -= answer.elements;
      this.#answers.delete(id);
      this.#current = undefined;
    }
    return this.#bytesKept > MAX_ANSWER_BYTES
      ? tooMuch(`the server sent an answer of more than ${MAX_ANSWER_BYTES} bytes`)
      : undefined;
  }

  /** The answer that the message belongs to of which bytes are still to come. */
  #current: { bytes: number; elements: number } | undefined;
}

/** Counts the elements of one message while it arrives: what holds others is stepped into, all else is stepped over. */
class ElementCount {
  count = 0;
  #tag: number | undefined;
  #lengthBytes = 0;
  #length = 0;
  #content = 0;

  restart(): void {
    this.count = 0;
    this.#tag = undefined;
    this.#lengthBytes = 0;
    this.#content = 0;
  }

  take(bytes: Buffer, end: number): void {
    for (let at = 0; at < end;) {
      if (this.#content > 0) {
        const step = Math.min(this.#content, end - at);
        this.#content -= step;
        at += step;
        continue;
      }
      const byte = bytes[at] ?? 0;
      at += 1;
      if (this.#tag === undefined) {
        this.#tag = byte;
        this.#length = -1;
        continue;
      }
      if (this.#lengthBytes > 0) {
        this.#length = this.#length * 256 + byte;
        this.#lengthBytes -= 1;
      } else if (byte < 0x80) this.#length = byte;
      else {
        this.#length = 0;
        this.#lengthBytes = byte & 0x7f;
      }
      if (this.#lengthBytes > 0) continue;
      this.count += 1;
      if ((this.#tag & CONSTRUCTED) === 0) this.#content = this.#length;
      this.#tag = undefined;
    }
  }
}

interface MessageHead {
  /** Of the whole message, from its first byte. */
  readonly length: number;
  readonly id: number;
  readonly operation: number;
}

/** What the message that starts here is, or its fault; `undefined` where more bytes are needed to tell. */
function readHead(bytes: Buffer): MessageHead | { readonly fault: string } | undefined {
  if (bytes[0] !== SEQUENCE) return { fault: NOT_LDAP };
  const size = readLength(bytes);
  if (size === undefined) return undefined;
  const { start, length } = size;
  if (length === undefined) return { fault: NOT_LDAP };
  const [tag, idBytes] = bytes.subarray(start);
  if (tag === undefined || idBytes === undefined) return undefined;
  if (tag !== INTEGER || idBytes > 5 || length < idBytes + 3) return { fault: NOT_LDAP };
  const operation = bytes[start + 2 + idBytes];
  if (operation === undefined) return undefined;
  if (RESPONSES.has(operation)) {
    const id = idBytes === 0 ? 0 : bytes.readUIntBE(start + 2, idBytes);
    return { length: start + length, id, operation };
  }
  return { fault: unknownKind(operation) };
}

/** Where the content starts and how long it is; no length where it is of no form that LDAP uses. */
function readLength(bytes: Buffer): { readonly start: number; readonly length?: number } | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: 2, length: first };
  const count = first - 0x80;
  if (count === 0 || count > 4) return { start: 2 };
  return bytes.length < 2 + count ? undefined : { start: 2 + count, length: bytes.readUIntBE(2, count) };
}
