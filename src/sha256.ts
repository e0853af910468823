import crypto from 'node:crypto';

/** In hex. Node 20.12 and later hash in one go, which is more than twice as fast for short texts. */
export function sha256(text: string): string {
  return HASH_AT_ONCE?.('sha256', text, 'hex') ?? crypto.createHash('sha256').update(text).digest('hex');
}

const HASH_AT_ONCE: typeof crypto.hash | undefined = crypto.hash;
