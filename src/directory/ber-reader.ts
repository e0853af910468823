/** Walks over the elements of a BER encoding in place; of lengths it reads the forms that LDAP uses (RFC 4511 section 5.1). */
export class BerReader {
  readonly bytes: Buffer;
  /** Where the next element starts. */
  at: number;
  readonly #end: number;
  /** Of the element that `next` has read: its tag, and where its content is. */
  tag = 0;
  start = 0;
  end = 0;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  /** Reads the head of the next element and steps over its content; `false` where not all of it is there. */
  next(): boolean {
    const { bytes, at } = this;
    if (at + 2 > this.#end) return false;
    let length = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (start + count > this.#end) return false;
      length = count === 0 || count > 4 ? Infinity : bytes.readUIntBE(start, count);
      start += count;
    }
    if (start + length > this.#end) return false;
    this.tag = bytes[at] ?? 0;
    this.start = start;
    this.end = start + length;
    this.at = this.end;
    return true;
  }

  /** The elements within the one that was read. */
  inner(): BerReader {
    return new BerReader(this.bytes, this.start, this.end);
  }

  text(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  integer(): number {
    return this.end > this.start ? this.bytes.readIntBE(this.start, Math.min(this.end - this.start, 6)) : 0;
  }

  slice(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }
}
