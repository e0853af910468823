import type { Writable } from 'node:stream';

const SHOW_AFTER_MS = 1000;
const REDRAW_MS = 100;
const REPORT_MS = 10_000;

/**
 * Says how far long work is: a line that is rewritten on a terminal, a line every ten seconds elsewhere, nothing for
 * what is done within a second.
 */
export class ProgressLine {
  readonly #stderr: Writable;
  readonly #live: boolean;
  readonly #started: number = Date.now();
  #shown = 0;
  #drawn = false;

  constructor(stderr: Writable, live: boolean) {
    this.#stderr = stderr;
    this.#live = live;
  }

  update(verb: string, done: number, total: number): void {
    const now = Date.now();
    const wait = this.#live ? REDRAW_MS : REPORT_MS;
    if (now - this.#started < (this.#live ? SHOW_AFTER_MS : REPORT_MS) || now - this.#shown < wait) return;
    this.#shown = now;
    this.#drawn = true;
    const seconds = (now - this.#started) / 1000;
    const left = Math.ceil(((total - done) * seconds) / Math.max(done, 1));
    const text = `${verb} ${done}/${total}, ${Math.round(done / seconds)}/s, ${left} s left`;
    this.#stderr.write(this.#live ? `\r\u001b[K${text}` : `${text}\n`);
  }

  end(): void {
    if (this.#live && this.#drawn) this.#stderr.write('\r\u001b[K');
  }
}
