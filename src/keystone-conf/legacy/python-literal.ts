/** What Python 2.7 makes of a value that it evaluates as a literal: `True == 1`, and so is 1.0. */
export interface PythonLiteral {
  readonly isTrue: boolean;
}

/** Reads what `ast.literal_eval` takes; `undefined` where it raises an error. Line breaks count within brackets only. */
export function readPythonLiteral(text: string): PythonLiteral | undefined {
  const reader = new LiteralReader(text);
  const value = reader.readAll();
  return reader.isAtEnd ? value : undefined;
}

const OTHER: PythonLiteral = { isTrue: false };
const NAMES: Readonly<Record<string, PythonLiteral>> = { True: { isTrue: true }, False: OTHER, None: OTHER };
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

const BLANK = /(?:[ \t\f]|\\\n)+|#[^\n]*/y;
const BLANK_IN_BRACKETS = /[ \t\f\n\r]+|\\\n|#[^\n]*/y;
const NAME = /[A-Za-z_]\w*/y;
const STRING =
  /[uUbB]?[rR]?(?:'''(?:[^\\]|\\[^])*?'''|"""(?:[^\\]|\\[^])*?"""|'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*")/y;
const NUMBER =
  /-?[ \t]*(?:(?:0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:0[0-7]*|[1-9]\d*)(?![\d.eEjJ]))[lL]?|(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?[jJ]?|\d+(?:[eE][+-]?\d+[jJ]?|[jJ]))(?!\w)/y;

interface Items {
  count: number;
  last: PythonLiteral | undefined;
  hasComma: boolean;
}

/** Nested brackets end in a parser error in Python 2.7 too, about here. */
const DEEPEST = 90;

class LiteralReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return /^(?:\s|#[^\n]*)*$/.test(this.#text.slice(this.#at));
  }

  /** The one value of the text, or a tuple without parentheses. */
  readAll(): PythonLiteral | undefined {
    this.#skip();
    const items = this.#readItems(undefined);
    if (items === undefined || items.count === 0) return undefined;
    return items.hasComma ? OTHER : items.last;
  }

  /** A tuple, list or dictionary; a value in parentheses is itself. */
  #readBrackets(open: string, close: string): PythonLiteral | undefined {
    this.#depth += 1;
    this.#take(open);
    const items = this.#readItems(close);
    if (items === undefined || this.#text[this.#at] !== close) return undefined;
    // Behind the last bracket line breaks no longer count.
    this.#depth -= 1;
    this.#take(close);
    return close === ')' && !items.hasComma ? (items.last ?? OTHER) : OTHER;
  }

  #readItems(close: string | undefined): Items | undefined {
    const items: Items = { count: 0, last: undefined, hasComma: false };
    while (!this.#isClosing(close)) {
      items.last = close === '}' ? this.#readPair() : this.#readValue();
      if (items.last === undefined) return undefined;
      items.count += 1;
      if (!this.#take(',')) break;
      items.hasComma = true;
    }
    return items;
  }

  #readPair(): PythonLiteral | undefined {
    const key = this.#readValue();
    return key === undefined || !this.#take(':') ? undefined : this.#readValue();
  }

  #readValue(): PythonLiteral | undefined {
    const open = this.#text[this.#at] ?? '';
    const close = CLOSING[open];
    if (close !== undefined) return this.#depth < DEEPEST ? this.#readBrackets(open, close) : undefined;
    let strings = 0;
    while (this.#match(STRING) !== undefined) strings += 1;
    if (strings > 0) return OTHER;
    const number = this.#match(NUMBER);
    if (number !== undefined) return { isTrue: numberOf(number) === 1 };
    return NAMES[this.#match(NAME) ?? ''];
  }

  #isClosing(close: string | undefined): boolean {
    return close === undefined ? this.isAtEnd : this.#text[this.#at] === close;
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    this.#skip();
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) return undefined;
    this.#at += found.length;
    this.#skip();
    return found;
  }

  #skip(): void {
    const blank = this.#depth > 0 ? BLANK_IN_BRACKETS : BLANK;
    for (;;) {
      blank.lastIndex = this.#at;
      const [found] = blank.exec(this.#text) ?? [];
      if (found === undefined) return;
      this.#at += found.length;
    }
  }
}

/** An imaginary number equals no whole one. */
function numberOf(text: string): number {
  const digits = text.replaceAll(/[ \t]|[lL]$/g, '');
  if (/[jJ]$/.test(digits)) return Number.NaN;
  return Number(/^-?0\d+$/.test(digits) ? digits.replace(/^(-?)0/, '$10o') : digits);
}
