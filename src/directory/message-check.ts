/** Response operations of RFC 4511 that the LDAP client can read; it is lost after any other. */
const RESPONSES = new Set([0x61, 0x64, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x73, 0x78]);

const NOT_LDAP = 'what answers there does not speak LDAP';
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const NOTHING = Buffer.alloc(0);

/**
 * Looks at the head of each LDAP message that a server sends. The LDAP client drops what it cannot read, without a
 * word and with all that came with it, so that the request would wait for its answer until the timeout.
 */
export class MessageCheck {
  /** The start of a message whose operation has not arrived yet. */
  #head = NOTHING;
  /** Bytes of a known message that are still to come. */
  #left = 0;

  /** Takes the next bytes; what is wrong with them, in words. */
  faultIn(chunk: Buffer): string | undefined {
    for (let rest = chunk; ;) {
      const skipped = Math.min(this.#left, rest.length);
      this.#left -= skipped;
      if (skipped === rest.length) return undefined;
      this.#head = Buffer.concat([this.#head, rest.subarray(skipped)]);
      const head = readHead(this.#head);
      if (typeof head !== 'number') return head?.fault;
      this.#left = head;
      rest = this.#head;
      this.#head = NOTHING;
    }
  }
}

/** The length of the message that starts here, or its fault; `undefined` where more bytes are needed to tell. */
function readHead(bytes: Buffer): number | { readonly fault: string } | undefined {
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
  if (RESPONSES.has(operation)) return start + length;
  return { fault: `the server sent an LDAP message of unknown kind (0x${operation.toString(16)})` };
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
