import { createHash } from 'node:crypto';
import { hashOf } from '../../hash-of.ts';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGEST_LENGTH = 64;

/**
 * The last field of a `$6$` string (Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6), 86 characters.
 * The salt has up to 16 characters of the crypt alphabet; there are 1,000 to 999,999,999 rounds.
 */
export function sha512Crypt(password: Buffer, salt: string, rounds: number): string {
  const saltBytes = Buffer.from(salt, 'ascii');
  const first = firstDigest(password, saltBytes);
  const p = stretch(sha512Repeated(password, password.length), password.length);
  const s = stretch(sha512Repeated(saltBytes, 16 + (first[0] ?? 0)), saltBytes.length);
  const inputs = Array.from({ length: ROUNDS_THAT_DIFFER }, (_, round) => roundInput(round, p, s));
  // Bytes as a string: Node makes one many times faster than a buffer.
  let digest = first.toString('latin1');
  for (let done = 0; done < rounds;)
    for (const { bytes, digestAt } of inputs.slice(0, rounds - done)) {
      bytes.write(digest, digestAt, 'latin1');
      digest = hashOf('sha512', bytes, 'binary');
      done += 1;
    }
  return encode(Buffer.from(digest, 'latin1'));
}

/** Step 21 asks for the remainders of 2, 3 and 7. */
const ROUNDS_THAT_DIFFER = 42;

/** What is hashed in a round, with a gap for the digest of the round before. */
function roundInput(round: number, p: Buffer, s: Buffer) {
  const gap = Buffer.alloc(DIGEST_LENGTH);
  const isEven = round % 2 === 0;
  const between = [...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p])];
  const bytes = Buffer.concat(isEven ? [gap, ...between, p] : [p, ...between, gap]);
  return { bytes, digestAt: isEven ? 0 : bytes.length - DIGEST_LENGTH };
}

/** As many random characters of the alphabet as the scheme uses. */
export function saltFrom(random: Buffer): string {
  return Array.from(random.subarray(0, 16), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

/** Steps 1 to 12. */
function firstDigest(password: Buffer, salt: Buffer): Buffer {
  const inner = sha512(password, salt, password);
  const bits: Buffer[] = [];
  for (let length = password.length; length > 0; length = Math.floor(length / 2))
    bits.push(length % 2 === 1 ? inner : password);
  return sha512(password, salt, stretch(inner, password.length), ...bits);
}

/** Step 22: each three bytes become four characters, of which the last byte needs two. */
function encode(digest: Buffer): string {
  const groups = Array.from({ length: 21 }, (_, group) => {
    const bytes = [group, group + 21, group + 42];
    const [high = 0, middle = 0, low = 0] = [0, 1, 2].map((at) => digest[bytes[(at + group) % 3] ?? 0]);
    return characters((high << 16) | (middle << 8) | low, 4);
  });
  return groups.join('') + characters(digest[DIGEST_LENGTH - 1] ?? 0, 2);
}

function characters(bits: number, count: number): string {
  return Array.from({ length: count }, (_, index) => ALPHABET.charAt((bits >>> (6 * index)) & 63)).join('');
}

/** A digest repeated up to a length. */
function stretch(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

function sha512Repeated(bytes: Buffer, count: number): Buffer {
  const hash = createHash('sha512');
  for (let left = count; left > 0; left -= 1) hash.update(bytes);
  return hash.digest();
}

function sha512(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
