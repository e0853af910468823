/** An ExtendedResponse (RFC 4511 section 4.12). */
export interface ExtendedResponse {
  readonly messageId: number;
  readonly resultCode: number;
  readonly value: Buffer | undefined;
}

const EXTENDED_RESPONSE = 0x78;
const RESPONSE_VALUE = 0x8b;

/** The first solicited ExtendedResponse among the LDAP messages in `bytes`; `undefined` where there is none. */
export function readExtendedResponse(bytes: Buffer): ExtendedResponse | undefined {
  for (const message of elements(bytes)) {
    const [id, operation] = [...elements(message.content)];
    if (id === undefined || operation?.tag !== EXTENDED_RESPONSE) continue;
    const messageId = integer(id.content);
    if (messageId === 0) continue; // an unsolicited notification
    const parts = [...elements(operation.content)];
    const value = parts.find(({ tag }) => tag === RESPONSE_VALUE)?.content;
    return { messageId, resultCode: integer(parts[0]?.content ?? Buffer.alloc(0)), value };
  }
  return undefined;
}

/** The INTEGER in `bytes`, big-endian and never negative in LDAP. */
export function integer(bytes: Buffer): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The complete BER elements that follow each other in `bytes`; LDAP uses definite lengths and one-byte tags only. */
export function* elements(bytes: Buffer): Generator<{ tag: number; content: Buffer }> {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const first = bytes.readUInt8(at + 1);
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    if (at + 2 + lengthBytes > bytes.length) return;
    const start = at + 2 + lengthBytes;
    const length = lengthBytes === 0 ? first : integer(bytes.subarray(at + 2, start));
    if (start + length > bytes.length) return;
    yield { tag: bytes.readUInt8(at), content: bytes.subarray(start, start + length) };
    at = start + length;
  }
}
