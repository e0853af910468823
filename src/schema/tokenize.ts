/** One token of an RFC 4512 definition; `text` of a quoted string has its escapes resolved. */
export interface Token {
  /** A `length` is the `{64}` after a syntax. */
  readonly kind: '(' | ')' | '$' | 'word' | 'length' | 'quoted' | 'unclosed quote';
  readonly text: string;
  /** Characters from the start of the definition. */
  readonly offset: number;
}

/** slapd's words end at blanks, signs and braces; only a blank, a tab and a line break are blanks to it. */
const TOKEN = /[()$]|'[^']*'?|\{\d*\}|\{?[^ \t\n()$'{]+|\{/g;

/** Cuts a definition into tokens; a quote that does not end takes all that follows. */
export function tokenize(definition: string): readonly Token[] {
  return Array.from(definition.matchAll(TOKEN), ({ 0: text, index: offset }) => {
    if (text === '(' || text === ')' || text === '$') return { kind: text, text, offset };
    if (/^\{\d*\}$/.test(text)) return { kind: 'length', text, offset };
    if (!text.startsWith("'")) return { kind: 'word', text, offset };
    if (text.length < 2 || !text.endsWith("'")) return { kind: 'unclosed quote', text, offset };
    return { kind: 'quoted', text: unquote(text.slice(1, -1)), offset };
  });
}

/**
 * A qdstring that slapd and readers of RFC 4512 section 4.1 understand alike. slapd knows no escapes, so a backslash
 * stays as it is unless it would be read as one; a line break, which a qdstring cannot hold, becomes a blank.
 */
export function quote(text: string): string {
  const escaped = text.replace(/\\(?=27|5c)/gi, '\\5C').replaceAll("'", '\\27');
  return `'${escaped.replace(/\s*[\r\n]\s*/g, ' ')}'`;
}

/** Other backslashes stay: slapd and many real files know no escapes. */
function unquote(text: string): string {
  return text.replace(/\\(27|5c)/gi, (_, hex: string) => (hex === '27' ? "'" : '\\'));
}
