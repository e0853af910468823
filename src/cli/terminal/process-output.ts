import { Writable } from 'node:stream';
import { codeOf, unwritable } from '../../file-faults.ts';

/** What a terminal or a pipe answers whose other end is gone. */
const READER_GONE = new Set(['EPIPE', 'EIO']);

type Target = NodeJS.WriteStream & { readonly fd: number };

/**
 * Standard output or error of the process. If its reader ends early, as `head` does, what comes after is dropped and the
 * work goes on; every other failure destroys the stream with a `FILE_UNWRITABLE`, which is its `errored`.
 */
export class ProcessOutput extends Writable {
  /** By which a child process inherits it. */
  readonly fd: number;
  readonly #target: Target;
  readonly #name: string;
  #isGone = false;

  constructor(target: Target, name: string) {
    super({ decodeStrings: false });
    this.fd = target.fd;
    this.#target = target;
    this.#name = name;
    // Each write learns of its failure itself.
    target.on('error', () => undefined);
    this.on('error', () => undefined);
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: (error?: Error) => void): void {
    if (this.#isGone) {
      done();
      return;
    }
    let isWaiting = false;
    const hasRoom = this.#target.write(chunk, encoding, (error) => {
      if (error != null) this.#fail(error);
      if (isWaiting) done();
    });
    // At once, so that what is written to both outputs keeps its order on a terminal.
    if (hasRoom) done();
    else isWaiting = true;
  }

  #fail(error: Error): void {
    this.#isGone = true;
    if (!READER_GONE.has(codeOf(error) ?? '')) this.destroy(unwritable(`write to ${this.#name}`, error));
  }
}
