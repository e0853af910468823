/** A directive of slapd.conf(5) with its continuation lines. */
export interface Statement {
  /** The lines as they are, but for comments inside a definition, which are blanks. */
  readonly text: string;
  /** Where it starts, from 1. */
  readonly line: number;
}

/**
 * Cuts a file in slapd.conf form into directives. As in slapd, an indented line continues what is above it, a
 * comment too. Beyond what slapd takes, comments and empty lines may stand inside a definition that is still open:
 * such files exist, and their sense is plain.
 */
export function readStatements(file: string): readonly Statement[] {
  const statements: Statement[] = [];
  let above: 'statement' | 'comment' | 'nothing' = 'nothing';
  for (const [index, line] of file.split('\n').entries()) {
    const indented = /^[ \t]/.test(line);
    const content = contentOf(line);
    const inside = content === 'text' || above !== 'statement' ? 'nothing' : endOf(statements.at(-1));
    if (inside === 'quote' && indented) extend(statements, line);
    else if (inside !== 'nothing') extend(statements, ' '.repeat(line.length));
    else if (content !== 'text') above = indented ? above : content;
    else if (!indented || above === 'nothing') {
      statements.push({ text: line, line: index + 1 });
      above = 'statement';
    } else if (above === 'statement') extend(statements, line);
  }
  return statements;
}

function contentOf(line: string): 'text' | 'comment' | 'nothing' {
  const text = line.trimStart();
  if (text === '') return 'nothing';
  return text.startsWith('#') ? 'comment' : 'text';
}

/** What a statement leaves open at its end. */
function endOf(statement: Statement | undefined): 'quote' | 'parenthesis' | 'nothing' {
  let depth = 0;
  let quoted = false;
  for (const character of statement?.text ?? '') {
    if (character === "'") quoted = !quoted;
    else if (!quoted && character === '(') depth += 1;
    else if (!quoted && character === ')') depth -= 1;
  }
  if (quoted) return 'quote';
  return depth > 0 ? 'parenthesis' : 'nothing';
}

function extend(statements: Statement[], line: string): void {
  const last = statements.pop();
  if (last !== undefined) statements.push({ ...last, text: `${last.text}\n${line}` });
}
