import type { Writable } from 'node:stream';

const SHOW_AFTER_MS = 1000;
const REDRAW_MS = 100;
const REPORT_MS = 10_000;
const BAR_WIDTH = 20;

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

  update(verb: string, done: number, total: number | undefined): void {
    const now = Date.now();
    const wait = this.#live ? REDRAW_MS : REPORT_MS;
    if (now - this.#started < (this.#live ? SHOW_AFTER_MS : REPORT_MS) || now - this.#shown < wait) return;
    this.#shown = now;
    this.#drawn = true;
    const seconds = (now - this.#started) / 1000;
    const text = `${verb} ${progressText(done, total, seconds)}`;
    const bar = total === undefined ? '' : ` ${barOf(done / Math.max(total, 1))}`;
    this.#stderr.write(this.#live ? `\r\u001b[K${text}${bar}` : `${text}\n`);
  }

  end(): void {
    if (this.#live && this.#drawn) this.#stderr.write('\r\u001b[K');
  }
}

function progressText(done: number, total: number | undefined, seconds: number): string {
  const rate = `${Math.round(done / seconds)}/s`;
  if (total === undefined) return `${done}, ${rate}`;
  const left = Math.ceil(((total - done) * seconds) / Math.max(done, 1));
  return `${done}/${total}, ${rate}, ${left} s left`;
}

function barOf(share: number): string {
  const full = Math.round(Math.min(share, 1) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]`;
}
