import type { BerReader } from './ber-reader.ts';

/** Where a value lies in the bytes that came from the server. */
export type OnValue = (bytes: Buffer, start: number, end: number) => void;

/** An entry of a search as it came: nothing of it is decoded before somebody asks. Good within the callback only. */
export class RawEntry {
  readonly #content: BerReader;
  readonly #attributesAt: number;
  readonly dnStart: number;
  readonly dnEnd: number;

  /** @param content the content of a SearchResultEntry (RFC 4511 section 4.5.2) */
  constructor(content: BerReader) {
    this.#content = content;
    content.next();
    this.dnStart = content.start;
    this.dnEnd = content.end;
    this.#attributesAt = content.at;
  }

  get bytes(): Buffer {
    return this.#content.bytes;
  }

  get dn(): string {
    return this.bytes.toString('utf8', this.dnStart, this.dnEnd);
  }

  /** Calls `onName` with the name of each attribute; each of its values goes to what that returns. */
  values(onName: (name: string) => OnValue | undefined): void {
    this.#content.at = this.#attributesAt;
    if (!this.#content.next()) return;
    const list = this.#content.inner();
    while (list.next()) {
      const attribute = list.inner();
      attribute.next();
      const onValue = onName(attribute.bytes.toString('latin1', attribute.start, attribute.end));
      if (onValue === undefined || !attribute.next()) continue;
      const values = attribute.inner();
      while (values.next()) onValue(values.bytes, values.start, values.end);
    }
  }
}
