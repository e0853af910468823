import { equalDn, parseDn } from '../../directory/dn.ts';
import type { OnValue, RawEntry } from '../../directory/raw-entry.ts';
import type { DesiredEntry } from '../../identities/entries/desired-entry.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import type { Layout } from '../../releases/release.ts';
import type { Fingerprint } from './entry-table.ts';
import { FoldHash } from './fold-hash.ts';

/** Kinds of texts beside the attributes, which count from 1. */
const IN_RDN = 1000;
const NAME = 1001;
const ELSEWHERE = 1002;

const [COMMA, EQUALS] = [0x2c, 0x3d];
/** Bytes in front of the first comma after which a DN must be read in earnest: " + \ */
const SPECIAL = new Set([0x22, 0x2b, 0x5c]);

/**
 * Fingerprints of users as they are wanted and as the server sends them, equal where there is nothing to do. Content is
 * the sum over all values of the attributes that count, for values have no order.
 */
export class UserPrints implements Fingerprint {
  keyA = 0;
  keyB = 0;
  contentA = 0;
  contentB = 0;
  /** What the server must send for `observed`. */
  readonly attributes: readonly string[];
  readonly #hash = new FoldHash();
  readonly #tree: string;
  readonly #rdn: string;
  /** Attribute names, as they are spelled anywhere, to their numbers. */
  readonly #numbers = new Map<string, number>();
  readonly #onValue: readonly OnValue[];
  readonly #marker: readonly [number, number];
  /** Names under which entries are that are called otherwise in their DN. */
  readonly #namedElsewhere: Set<number> | undefined;
  #markers = 0;
  #names: number[] = [];
  #parent: Buffer | undefined;

  /** @param sample a user with all that one can have */
  constructor(layout: Layout, tree: string, sample: DesiredEntry) {
    const { rdn, nameAttribute, marker } = layoutOf(layout, 'user');
    this.#tree = tree;
    this.#rdn = rdn.toLowerCase();
    const names = ['objectClass', ...Object.keys(sample.exact), ...Object.keys(sample.among)];
    this.attributes = names;
    for (const [index, name] of names.entries()) this.#numbers.set(name.toLowerCase(), index);
    this.#hash.text(0, marker);
    this.#marker = [this.#hash.a, this.#hash.b];
    const nameNumber = this.#numbers.get((nameAttribute ?? rdn).toLowerCase());
    const searchesNames = nameAttribute !== undefined || layout.lookup !== 'dn';
    this.#namedElsewhere = searchesNames ? new Set() : undefined;
    this.#onValue = names.map((_, number) => this.#takerOf(number, searchesNames && number === nameNumber));
  }

  /** Turns to a wanted user. */
  desired({ exact, among }: DesiredEntry): void {
    [this.contentA, this.contentB] = this.#marker;
    for (const attribute in exact) this.#wanted(attribute, exact[attribute] ?? '');
    for (const attribute in among) for (const value of among[attribute] ?? []) this.#wanted(attribute, value);
    for (const attribute in among)
      if (attribute.toLowerCase() === this.#rdn) this.#hash.text(IN_RDN, among[attribute]?.[0] ?? '');
    this.#setKey();
  }

  /** Whether a user of this name has an entry that is called otherwise. */
  isNamedElsewhere(name: string): boolean {
    if (this.#namedElsewhere === undefined) return false;
    this.#hash.text(NAME, name);
    return this.#namedElsewhere.has(this.#number());
  }

  /** Turns to an entry of the directory. */
  observed(entry: RawEntry): void {
    this.contentA = 0;
    this.contentB = 0;
    this.#markers = 0;
    this.#names = [];
    entry.values((name) => this.#onValue[this.#numberOf(name)]);
    if (this.#markers > 0) this.#add(...this.#marker);
    const isUsual = this.#readDn(entry);
    for (const name of this.#names) if (!isUsual || name !== this.#nameInDn) this.#namedElsewhere?.add(name);
  }

  #nameInDn = 0;

  /** Whether the entry is where one of its name is looked for first. */
  #readDn(entry: RawEntry): boolean {
    const { bytes, dnStart, dnEnd } = entry;
    let equals = 0;
    let at = dnStart;
    for (; at < dnEnd && bytes[at] !== COMMA; at += 1) {
      if (SPECIAL.has(bytes[at] ?? 0)) return this.#readOddDn(entry.dn);
      if (equals === 0 && bytes[at] === EQUALS) equals = at;
    }
    const type = bytes.toString('latin1', dnStart, equals).toLowerCase();
    if (type !== this.#rdn || !this.#isTree(bytes, at + 1, dnEnd)) return this.#readOddDn(entry.dn);
    this.#hash.bytes(NAME, bytes, equals + 1, at);
    this.#nameInDn = this.#number();
    this.#hash.bytes(IN_RDN, bytes, equals + 1, at);
    this.#setKey();
    return true;
  }

  #readOddDn(dn: string): boolean {
    const [rdn = [], ...parent] = parseDn(dn);
    const [ava] = rdn;
    const isUsual = rdn.length === 1 && ava?.type.toLowerCase() === this.#rdn && equalDn(parent, this.#tree);
    if (isUsual) {
      this.#hash.text(NAME, ava.value);
      this.#nameInDn = this.#number();
      this.#hash.text(IN_RDN, ava.value);
    } else this.#hash.text(ELSEWHERE, dn);
    this.#setKey();
    return isUsual;
  }

  /** A server spells the DN of a tree the same way below each of its entries. */
  #isTree(bytes: Buffer, start: number, end: number): boolean {
    if (this.#parent?.compare(bytes, start, end) === 0) return true;
    if (!equalDn(bytes.toString('utf8', start, end), this.#tree)) return false;
    this.#parent = Buffer.from(bytes.subarray(start, end));
    return true;
  }

  #takerOf(number: number, isName: boolean): OnValue {
    if (number === 0)
      return (bytes, start, end) => {
        this.#hash.bytes(0, bytes, start, end);
        if (this.#hash.a === this.#marker[0] && this.#hash.b === this.#marker[1]) this.#markers += 1;
      };
    return (bytes, start, end) => {
      this.#hash.bytes(number, bytes, start, end);
      this.#add(this.#hash.a, this.#hash.b);
      if (!isName) return;
      this.#hash.bytes(NAME, bytes, start, end);
      this.#names.push(this.#number());
    };
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.get(name.toLowerCase()) ?? -1;
    this.#numbers.set(name, number);
    return number;
  }

  #wanted(attribute: string, value: string): void {
    this.#hash.text(this.#numberOf(attribute), value);
    this.#add(this.#hash.a, this.#hash.b);
  }

  #add(a: number, b: number): void {
    this.contentA = (this.contentA + a) | 0;
    this.contentB = (this.contentB + b) | 0;
  }

  #setKey(): void {
    this.keyA = this.#hash.a;
    this.keyB = this.#hash.b;
  }

  /** 53 bits, as many as a number holds. */
  #number(): number {
    return (this.#hash.a >>> 0) * 0x200000 + (this.#hash.b >>> 11);
  }
}
