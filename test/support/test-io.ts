import { Readable, Writable } from 'node:stream';
import type { Io } from '../../src/cli/io.ts';

/** The surroundings of a command, in memory. */
export interface TestIo {
  readonly io: Io;
  /** What has been written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** No terminal, no environment and nobody to ask, unless told. */
export function testIo(
  options: Partial<Pick<Io, 'env' | 'asker' | 'signal'>> & { readonly stdin?: string } = {},
): TestIo {
  const { stdin = '', env = {}, asker, signal = new AbortController().signal } = options;
  const [stdout, stderr] = [new Recorder(), new Recorder()];
  const io: Io = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr,
    env,
    asker,
    colour: false,
    live: false,
    signal,
  };
  return { io, stdout: () => stdout.text, stderr: () => stderr.text };
}

class Recorder extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
