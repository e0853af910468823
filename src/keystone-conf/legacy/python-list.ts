/** One string of a Python list literal; offsets are into the text that was parsed. */
export interface ListItem {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Where the comma after the item stands, if there is one. */
  readonly comma: number | undefined;
}

export type PythonList = { readonly items: readonly ListItem[] } | ListFault;

interface ListFault {
  readonly fault: string;
  readonly offset: number;
}

/**
 * Reads a list of plain strings, `['Role', 'Token']`, as it stands in a configuration file: over any number of
 * lines, with Python's comments and those that ConfigParser takes out before Python sees them.
 */
export function parsePythonList(text: string): PythonList {
  const [open, ...inner] = tokenize(text);
  const close = inner.pop();
  if (open?.sign !== '[') return { fault: 'A list starts with "[".', offset: open?.start ?? 0 };
  if (close?.sign !== ']') return { fault: 'The list does not end with "]".', offset: close?.start ?? 0 };
  const wrong = inner.find(({ value, sign }, at) => (at % 2 === 0 ? value === undefined : sign !== ','));
  if (wrong !== undefined)
    return { fault: wrong.value === undefined ? NO_NAME : NO_COMMA, offset: wrong.start };
  const items = inner
    .filter((_, at) => at % 2 === 0)
    .map(({ value = '', start, end }, at) => ({ value, start, end, comma: inner[2 * at + 1]?.start }));
  return { items };
}

const NO_NAME = 'Only names in quotes and commas may stand here.';
const NO_COMMA = 'There is no comma before this name.';

interface Token {
  readonly start: number;
  readonly end: number;
  /** The content of a string; other tokens have a `sign`. */
  readonly value: string | undefined;
  readonly sign: string;
}

const GAP = String.raw`[ \t\n\r\v\f]+|#[^\n]*|(?<=\n|^[^\n]*[ \t]);[^\n]*`;
const STRING = String.raw`[uUbBrR]{0,2}(?:'(?<single>[^'\\\n]*)'|"(?<double>[^"\\\n]*)")`;
const TOKEN = new RegExp(`(?<gap>${GAP})|${STRING}|.`, 'gs');

function tokenize(text: string): readonly Token[] {
  return [...text.matchAll(TOKEN)]
    .filter(({ groups }) => groups?.['gap'] === undefined)
    .map(({ 0: sign, index, groups }) => {
      const value = groups?.['single'] ?? groups?.['double'];
      return { start: index, end: index + sign.length, value, sign: value === undefined ? sign : '' };
    });
}
