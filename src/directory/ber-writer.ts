const FIRST_SIZE = 64 * 1024;
/** Long form with four bytes, which BER allows for any length (X.690 section 8.1.3.5) and every LDAP server reads. */
const LONG_FORM = 0x84;

/**
 * Writes BER one element after the other, without knowing lengths beforehand. Many times faster than a tree of objects
 * that is measured and then written, which counts when entries go out by the ten thousand a second.
 */
export class BerWriter {
  #bytes = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Starts an element that holds others; `end` with the returned place closes it. */
  begin(tag: number): number {
    this.#reserve(6);
    this.#bytes[this.#length] = tag;
    this.#bytes[this.#length + 1] = LONG_FORM;
    this.#length += 6;
    return this.#length;
  }

  end(start: number): void {
    this.#bytes.writeUInt32BE(this.#length - start, start - 4);
  }

  /** A string, in UTF-8. */
  text(tag: number, value: string): void {
    this.#reserve(value.length * 3 + 6);
    const isShort = value.length * 3 < 128;
    const start = this.#length + (isShort ? 2 : 6);
    const written = this.#bytes.write(value, start, 'utf8');
    this.#bytes[this.#length] = tag;
    this.#bytes[this.#length + 1] = isShort ? written : LONG_FORM;
    if (!isShort) this.#bytes.writeUInt32BE(written, this.#length + 2);
    this.#length = start + written;
  }

  bytes(tag: number, value: Uint8Array): void {
    const start = this.begin(tag);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    this.end(start);
  }

  /** A whole number from 0, of up to 31 bits. */
  integer(tag: number, value: number): void {
    this.#reserve(6);
    this.#bytes[this.#length] = tag;
    this.#bytes[this.#length + 1] = 4;
    this.#bytes.writeInt32BE(value, this.#length + 2);
    this.#length += 6;
  }

  boolean(tag: number, value: boolean): void {
    this.#reserve(3);
    this.#bytes.set([tag, 1, value ? 0xff : 0], this.#length);
    this.#length += 3;
  }

  /** What was written since the last call. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
