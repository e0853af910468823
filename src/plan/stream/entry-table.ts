const FIRST_SLOTS = 4096;
const FULL = 0.8;
const GROWTH = 1.6;
const WORDS = 4;

/** What is known of an entry: a hash of what names it, and one of its content. */
export interface Fingerprint {
  keyA: number;
  keyB: number;
  contentA: number;
  contentB: number;
}

export type Claim = 'absent' | 'same' | 'different' | 'claimed before';

/**
 * The entries of a whole tree in 17 bytes each, so that those of a million users fit where their texts would not.
 * Two keys of 64 bits are the same by chance once in ten million trees of a million entries.
 */
export class EntryTable {
  #slots = FIRST_SLOTS;
  #words = new Int32Array(FIRST_SLOTS * WORDS);
  /** 0 free, 1 seen in the directory, 2 wanted. */
  #states = new Uint8Array(FIRST_SLOTS);
  #used = 0;

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** Takes down an entry that the directory has. */
  observe(print: Fingerprint): void {
    this.#put(print, 1);
  }

  /** Whether it has an entry of this name. */
  has({ keyA, keyB }: Pick<Fingerprint, 'keyA' | 'keyB'>): boolean {
    return this.#states[this.#find(keyA, keyB)] !== 0;
  }

  /** Says how a wanted entry stands to those of the directory, and marks it, so that it is wanted only once. */
  claim(print: Fingerprint): Claim {
    const slot = this.#find(print.keyA, print.keyB);
    const state = this.#states[slot] ?? 0;
    if (state === 2) return 'claimed before';
    if (state === 0) {
      this.#put(print, 2);
      return 'absent';
    }
    this.#states[slot] = 2;
    const at = slot * WORDS;
    const isSame = this.#words[at + 2] === print.contentA && this.#words[at + 3] === print.contentB;
    return isSame ? 'same' : 'different';
  }

  #put({ keyA, keyB, contentA, contentB }: Fingerprint, state: number): void {
    if (this.#used > this.#slots * FULL) this.#grow();
    const slot = this.#find(keyA, keyB);
    if (this.#states[slot] === 0) this.#used += 1;
    this.#states[slot] = state;
    this.#words.set([keyA, keyB, contentA, contentB], slot * WORDS);
  }

  #find(keyA: number, keyB: number): number {
    const words = this.#words;
    for (let slot = (keyA >>> 0) % this.#slots; ; slot = slot + 1 === this.#slots ? 0 : slot + 1) {
      if (this.#states[slot] === 0) return slot;
      if (words[slot * WORDS] === keyA && words[slot * WORDS + 1] === keyB) return slot;
    }
  }

  #grow(): void {
    const [words, states, slots] = [this.#words, this.#states, this.#slots];
    this.#slots = Math.ceil(slots * GROWTH);
    this.#words = new Int32Array(this.#slots * WORDS);
    this.#states = new Uint8Array(this.#slots);
    for (let slot = 0; slot < slots; slot += 1) {
      if (states[slot] === 0) continue;
      const at = slot * WORDS;
      const to = this.#find(words[at] ?? 0, words[at + 1] ?? 0);
      this.#words.set(words.subarray(at, at + WORDS), to * WORDS);
      this.#states[to] = states[slot] ?? 0;
    }
  }
}
