import { randomInt } from 'node:crypto';
import { foldCase } from '../../directory/dn.ts';

const BLANK = 0x20;

/**
 * A hash of 64 bits over texts as caseIgnoreMatch compares them, the same for a string and for the UTF-8 of it. What is
 * ASCII is folded on the way, without a copy. The start is drawn, so that nobody can choose names that collide.
 */
export class FoldHash {
  readonly #seedA = randomInt(2 ** 31);
  readonly #seedB = randomInt(2 ** 31);
  a = 0;
  b = 0;

  /** Of a text with a number that tells what it is. */
  text(kind: number, value: string): void {
    this.#start(kind);
    for (let at = 0; at < value.length; at += 1) {
      const code = value.charCodeAt(at);
      if (code >= 0x80) {
        this.#folded(kind, value);
        return;
      }
      this.#character(code);
    }
    this.#finish();
  }

  bytes(kind: number, value: Buffer, start: number, end: number): void {
    this.#start(kind);
    for (let at = start; at < end; at += 1) {
      const code = value[at] ?? 0;
      if (code >= 0x80) {
        this.#folded(kind, value.toString('utf8', start, end));
        return;
      }
      this.#character(code);
    }
    this.#finish();
  }

  #blanks = 0;
  #isEmpty = true;

  #start(kind: number): void {
    this.a = this.#seedA ^ kind;
    this.b = this.#seedB + kind;
    this.#blanks = 0;
    this.#isEmpty = true;
  }

  #folded(kind: number, value: string): void {
    this.#start(kind);
    for (const byte of Buffer.from(foldCase(value))) this.#mix(byte);
    this.#finish();
  }

  /** Blanks at both ends do not count, and a run of them is one (RFC 4518 section 2.6.1). */
  #character(code: number): void {
    if (code === BLANK || (code >= 9 && code <= 13)) {
      this.#blanks += 1;
      return;
    }
    if (this.#blanks > 0 && !this.#isEmpty) this.#mix(BLANK);
    this.#blanks = 0;
    this.#isEmpty = false;
    this.#mix(code >= 0x41 && code <= 0x5a ? code + 0x20 : code);
  }

  #mix(byte: number): void {
    this.a = Math.imul(this.a ^ byte, 0x01000193);
    this.b = Math.imul((this.b << 5) + (this.b >>> 27) + byte, 0x85ebca6b);
  }

  #finish(): void {
    this.a = avalanche(this.a);
    this.b = avalanche(this.b ^ this.a);
  }
}

function avalanche(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}
