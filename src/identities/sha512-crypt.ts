import { createHash } from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGEST_LENGTH = 64;

/**
 * The last field of a `$6$` string (Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6), 86 characters.
 * The salt has up to 16 characters of the crypt alphabet; there are 1,000 to 999,999,999 rounds.
 */
export function sha512Crypt(password: Buffer, salt: string, rounds: number): string {
  const saltBytes = Buffer.from(salt, 'ascii');
  let digest = firstDigest(password, saltBytes);
  const p = stretch(sha512Repeated(password, password.length), password.length);
  const s = stretch(sha512Repeated(saltBytes, 16 + (digest[0] ?? 0)), saltBytes.length);
  for (let round = 0; round < rounds; round += 1) {
    const hash = createHash('sha512').update(round % 2 === 0 ? digest : p);
    if (round % 3 !== 0) hash.update(s);
    if (round % 7 !== 0) hash.update(p);
    digest = hash.update(round % 2 === 0 ? p : digest).digest();
  }
  return encode(digest);
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
