/** The complete BER elements that follow each other in `bytes`; LDAP uses definite lengths and one-byte tags only. */
export function* berElements(bytes: Buffer): Generator<{ tag: number; content: Buffer }> {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const first = bytes.readUInt8(at + 1);
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    const start = at + 2 + lengthBytes;
    if (start > bytes.length) return;
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    if (start + length > bytes.length) return;
    yield { tag: bytes.readUInt8(at), content: bytes.subarray(start, start + length) };
    at = start + length;
  }
}
