/** A directive of slapd.conf(5) with its continuation lines. */
export interface Statement {
  /** One line, as slapd joins it: the first character of an indented line becomes a blank. */
  readonly text: string;
  /** Where it starts, from 1. */
  readonly line: number;
  /** Which line a character of the text is on, and in which column. */
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
}

/**
 * Cuts a file in slapd.conf form into directives. As in slapd, an indented line continues what is above it, a
 * comment too, and so does any line after one that ends with a backslash. Beyond what slapd takes, comments and empty
 * lines may stand inside a definition that is still open, and blanks on lines of their own: such files exist, and
 * their sense is plain.
 */
export function readStatements(file: string): readonly Statement[] {
  const reader = new StatementReader();
  for (const [index, line] of file.split('\n').entries())
    reader.read(line.endsWith('\r') ? line.slice(0, -1) : line, index + 1);
  return reader.end();
}

class StatementReader {
  readonly #statements: Statement[] = [];
  #open: OpenStatement | undefined;
  #above: 'statement' | 'comment' | 'nothing' = 'nothing';
  /** The line above ends with a backslash. */
  #joins = false;

  read(line: string, number: number): void {
    const joined = this.#joins;
    this.#joins = /(?:^|[^\\])\\$/.test(line);
    const text = this.#joins ? line.slice(0, -1) : line;
    if (joined) this.#continue(text, number);
    else if (isText(line)) this.#readText(line, text, number);
    else this.#readGap(line, text, number);
  }

  #readText(line: string, text: string, number: number): void {
    if (INDENTED.test(line) && this.#above !== 'nothing') {
      this.#continue(continuation(text), number);
      return;
    }
    this.end();
    this.#open = new OpenStatement(text, number);
    this.#above = 'statement';
  }

  /** A comment or nothing: inside an open definition it is passed over. */
  #readGap(line: string, text: string, number: number): void {
    const open = this.#above === 'statement' ? this.#open?.leavesOpen() : 'nothing';
    if (open === 'quote' && INDENTED.test(line)) this.#continue(continuation(text), number);
    else if (open === 'quote' || open === 'parenthesis') this.#joins = false;
    else if (!INDENTED.test(line)) this.#above = isEmpty(line) ? 'nothing' : 'comment';
  }

  #continue(text: string, number: number): void {
    if (this.#above === 'statement') this.#open?.extend(text, number);
  }

  end(): readonly Statement[] {
    if (this.#open !== undefined) this.#statements.push(this.#open.close());
    this.#open = undefined;
    return this.#statements;
  }
}

/** What C's isspace takes. */
const INDENTED = /^[ \t\v\f\r]/;

function continuation(line: string): string {
  return ` ${line.slice(1)}`;
}

function isEmpty(line: string): boolean {
  return /^[ \t\v\f\r]*$/.test(line);
}

/** Neither a comment nor empty. */
function isText(line: string): boolean {
  return !/^[ \t\v\f\r]*(?:#|$)/.test(line);
}

/** A statement whose end is not reached; each character is looked at once. */
class OpenStatement {
  readonly #pieces: string[] = [];
  readonly #starts: { readonly offset: number; readonly line: number }[] = [];
  #length = 0;
  #depth = 0;
  #quoted = false;
  #ended = false;

  constructor(text: string, line: number) {
    this.extend(text, line);
  }

  extend(text: string, line: number): void {
    this.#pieces.push(text);
    this.#starts.push({ offset: this.#length, line });
    this.#length += text.length;
    for (let at = 0; at < text.length && !this.#ended; at += 1) this.#look(text.charAt(at));
  }

  /** What follows the closing parenthesis opens nothing. */
  #look(character: string): void {
    if (this.#depth > 0 && character === "'") this.#quoted = !this.#quoted;
    else if (!this.#quoted && character === '(') this.#depth += 1;
    else if (!this.#quoted && character === ')') this.#depth -= 1;
    this.#ended = this.#depth === 0 && character === ')';
  }

  leavesOpen(): 'quote' | 'parenthesis' | 'nothing' {
    if (this.#quoted) return 'quote';
    return this.#depth > 0 ? 'parenthesis' : 'nothing';
  }

  close(): Statement {
    const starts = this.#starts;
    return {
      text: this.#pieces.join(''),
      line: starts[0]?.line ?? 1,
      placeOf: (offset) => {
        const { offset: start, line } = starts[lastAtMost(starts, offset)] ?? { offset: 0, line: 1 };
        return { line, column: offset - start + 1 };
      },
    };
  }
}

/** By halving: a file may be one statement of very many lines. */
function lastAtMost(starts: readonly { readonly offset: number }[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
