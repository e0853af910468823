/** One token of an RFC 4512 definition; `text` of a quoted string has its escapes resolved. */
export interface Token {
  readonly kind: '(' | ')' | '$' | 'word' | 'quoted' | 'unclosed quote';
  readonly text: string;
  /** Characters from the start of the definition. */
  readonly offset: number;
}

const TOKEN = /[()$]|'[^']*'?|[^\s()$']+/g;

/** Cuts a definition into tokens; a quote that does not end takes all that follows. */
export function tokenize(definition: string): readonly Token[] {
  return Array.from(definition.matchAll(TOKEN), ({ 0: text, index: offset }) => {
    if (text === '(' || text === ')' || text === '$') return { kind: text, text, offset };
    if (!text.startsWith("'")) return { kind: 'word', text, offset };
    if (text.length < 2 || !text.endsWith("'")) return { kind: 'unclosed quote', text, offset };
    return { kind: 'quoted', text: unquote(text), offset };
  });
}

/** A qdstring as RFC 4512 section 4.1 writes it; a line break, which it cannot hold, becomes a blank. */
export function quote(text: string): string {
  const escaped = text.replaceAll('\\', '\\5C').replaceAll("'", '\\27');
  return `'${joinLines(escaped)}'`;
}

/** Other backslashes stay: slapd and many real files know no escapes. */
function unquote(text: string): string {
  return joinLines(text.slice(1, -1)).replace(/\\(27|5c)/gi, (_, hex: string) => (hex === '27' ? "'" : '\\'));
}

function joinLines(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, ' ');
}
