import crypto from 'node:crypto';

/** A digest in one go, which Node 20.12 and later do several times as fast for short data. */
export function hashOf(
  algorithm: 'sha256' | 'sha512',
  data: string | Buffer,
  encoding: 'hex' | 'binary' = 'hex',
): string {
  return HASH?.(algorithm, data, encoding) ?? crypto.createHash(algorithm).update(data).digest(encoding);
}

const HASH: typeof crypto.hash | undefined = crypto.hash;
