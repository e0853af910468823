import { Readable, Writable } from 'node:stream';
import type { Asker } from '../../src/cli/terminal/asker.ts';
import type { Io } from '../../src/cli/terminal/io.ts';

export interface TestIoOptions {
  /** The whole environment of the command; nothing of the test's own gets in unless given here, but the state folder. */
  readonly env?: Io['env'];
  /** What standard input holds. */
  readonly stdin?: string;
  /** Set for a test that is a terminal: the answers to the command's questions, in their order. */
  readonly answers?: readonly (string | boolean)[];
  /** Somebody to ask who does more than answer in order. */
  readonly asker?: Io['asker'];
  /** Ctrl-C comes from here instead of from `abort()`. */
  readonly signal?: AbortSignal;
}

/** The surroundings of a command under test, and what it made of them. */
export interface TestIo {
  readonly io: Io;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when stdout holds the text; for commands that stay. */
  readonly untilPrinted: (text: string) => Promise<void>;
  /** Presses Ctrl-C. */
  readonly abort: () => void;
  /** The questions asked so far. */
  readonly questions: readonly string[];
}

/** A fake {@link Io} in memory: `const { io, stdout } = testIo(); expect(await main(['init'], io)).toBe(2)`. */
export function testIo({ env = {}, stdin = '', answers, ...options }: TestIoOptions = {}): TestIo {
  const [stdout, stderr] = [new MemoryStream(), new MemoryStream()];
  const controller = new AbortController();
  const questions: string[] = [];
  const asker = answers === undefined ? options.asker : scriptedAsker(answers, questions);
  const io: Io = {
    stdin: Readable.from(stdin === '' ? [] : [stdin]),
    stdout,
    stderr,
    env: { KEYSTONE_LDAP_STATE_DIR: process.env['KEYSTONE_LDAP_STATE_DIR'], ...env },
    asker,
    colour: false,
    live: false,
    signal: options.signal ?? controller.signal,
  };
  return {
    io,
    stdout: () => stdout.text,
    stderr: () => stderr.text,
    untilPrinted: (text) => stdout.untilHolds(text),
    abort: () => controller.abort(),
    questions,
  };
}

class MemoryStream extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    this.emit('more');
    done();
  }

  untilHolds(text: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.text.includes(text)) return;
        this.off('more', look);
        resolve();
      };
      this.on('more', look);
      look();
    });
  }
}

/** Answers in order; a question without an answer fails the test. */
function scriptedAsker(answers: readonly (string | boolean)[], questions: string[]): Asker {
  const left = [...answers];
  const next = (question: string): Promise<string | boolean> => {
    questions.push(question);
    const answer = left.shift();
    return answer === undefined
      ? Promise.reject(new Error(`The test has no answer to: ${question}`))
      : Promise.resolve(answer);
  };
  return {
    input: async (message) => String(await next(message)),
    password: async (message) => String(await next(message)),
    choose: async (message) => String(await next(message)),
    confirm: async (message) => (await next(message)) === true,
  };
}
