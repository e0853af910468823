import { AsyncLocalStorage } from 'node:async_hooks';
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { KeystoneLdapError } from './errors.ts';
import { unreadable } from './file-faults.ts';

/** How long what is read here and below may take; see {@link withPatience}. */
export interface Patience {
  /** Ends every wait. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the next bytes of a pipe. */
  readonly timeoutMs?: (() => number | undefined) | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const patience = new AsyncLocalStorage<Patience>();

/** Runs a task, all of whose reading ends at this signal and after this time. */
export function withPatience<T>(limits: Patience, task: () => Promise<T>): Promise<T> {
  return patience.run(limits, task);
}

const MEBIBYTE = 1 << 20;

/** How much is read of one thing: what is larger is not what it is taken for, or is to be given as a stream. */
export const LIMITS = {
  /** A file that is read whole. */
  whole: 16 * MEBIBYTE,
  /** A plan, which we wrote ourselves. */
  plan: 256 * MEBIBYTE,
  /** A file with a password. */
  secret: MEBIBYTE / 16,
  /** A record of CSV or LDIF, or of a journal. */
  record: 32 * MEBIBYTE,
} as const;

/** `16 MiB` */
export function sizeText(bytes: number): string {
  return bytes < MEBIBYTE ? `${Math.ceil(bytes / 1024)} KiB` : `${+(bytes / MEBIBYTE).toFixed(1)} MiB`;
}

/** All bytes, at most so many. @throws `FILE_UNREADABLE` */
export async function readWhole(
  chunks: AsyncIterable<Uint8Array>,
  subject: string,
  most: number,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > most) throw tooLarge(subject, 'more', most);
  }
  return Buffer.concat(parts, length);
}

function tooLarge(subject: string, size: string, most: number): KeystoneLdapError {
  return new KeystoneLdapError(
    'FILE_UNREADABLE',
    `Cannot read ${subject}: it has ${size}, and the limit is ${sizeText(most)}.`,
    {
      hint:
        most === LIMITS.whole
          ? 'Users can be more in a CSV or LDIF file, which is read as a stream.'
          : undefined,
    },
  );
}

/**
 * The bytes of a file or a pipe, piece by piece. Devices are refused, unopened: most never end, and a tape would move.
 * @throws what the system says; `FILE_UNREADABLE`, `TIMEOUT`, `CANCELLED`
 */
export async function* readPath(path: string, most = Infinity): AsyncGenerator<Buffer> {
  const kind = requireReadable(path, await stat(path));
  if (kind === 'pipe') {
    yield* readPipe(path);
    return;
  }
  await using file = await open(path, FLAGS);
  const status = await file.stat();
  if (requireReadable(path, status) === 'pipe') throw unreadable(path, 'it has been replaced meanwhile');
  if (status.size > most) throw tooLarge(path, sizeText(status.size), most);
  for await (const chunk of file.createReadStream({ autoClose: false })) yield chunk as Buffer;
}

/** A pipe that nobody writes would block its reader in a way that no signal ends. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

async function* readPipe(path: string): AsyncGenerator<Buffer> {
  const fd = openSync(path, FLAGS);
  if (!fstatSync(fd).isFIFO()) {
    closeSync(fd);
    throw unreadable(path, 'it has been replaced meanwhile');
  }
  yield* readStream(new Socket({ fd, readable: true, writable: false }), path);
}

function requireReadable(path: string, status: Stats): 'file' | 'pipe' {
  if (status.isFile()) return 'file';
  if (status.isFIFO()) return 'pipe';
  const kind = status.isDirectory() ? 'directory' : status.isSocket() ? 'socket' : 'device';
  throw unreadable(path, `it is a ${kind}`);
}

/** Standard input or a pipe, piece by piece; who types is waited for. @throws `TIMEOUT`, `CANCELLED` */
export async function* readStream(
  stream: Readable & { readonly isTTY?: boolean },
  subject: string,
): AsyncGenerator<Buffer> {
  const { signal, timeoutMs } = patience.getStore() ?? {};
  const longest = stream.isTTY === true ? undefined : (timeoutMs?.() ?? DEFAULT_TIMEOUT_MS);
  const chunks = (stream as AsyncIterable<Buffer | string>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(chunks.next(), { signal, longest, subject });
      if (next.done === true) return;
      yield Buffer.from(next.value);
    }
  } finally {
    stream.destroy();
  }
}

interface Wait {
  readonly signal: AbortSignal | undefined;
  readonly longest: number | undefined;
  readonly subject: string;
}

function within<T>(promise: Promise<T>, { signal, longest, subject }: Wait): Promise<T> {
  return new Promise((resolve, reject) => {
    const interrupt = (): void => {
      finish();
      reject(new KeystoneLdapError('CANCELLED', 'Interrupted.'));
    };
    const expire = (): void => {
      finish();
      const seconds = (longest ?? 0) / 1000;
      reject(
        new KeystoneLdapError(
          'TIMEOUT',
          `Cannot read ${subject}: nothing came from it within ${seconds} s.`,
          {
            hint: '--timeout sets the longest wait.',
          },
        ),
      );
    };
    const timer = longest === undefined ? undefined : setTimeout(expire, longest);
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupt);
    };
    if (signal?.aborted === true) interrupt();
    else signal?.addEventListener('abort', interrupt, { once: true });
    promise.then(resolve, reject).finally(finish);
  });
}
